"""about.json tells what every section was drawn from, and from it each is drawn again to the last bit."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from msgspec.structs import replace

from app.document.edits.made import add_clips
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song, title_song
from app.document.errors import UserError
from app.document.guide_choice import GuideChoice
from app.document.model import SONG_RATE, Project
from app.document.pattern import Pattern, PatternEvent
from app.studio.generation.continuing import Continuation, continue_clip
from app.studio.generation.generate import ClipRequest, SamplingParameters, generate_clips
from app.studio.release.about import About, about_release, read_about, write_about
from app.studio.release.again import SectionAgain, section_again, write_section
from resources.errors import PlainError
from samplernn.errors import SoundError

BEAT = Pattern(name="beat", seconds=0.5, events=(PatternEvent(at=0.0, stroke="low"),), bpm=120.0)


@pytest.fixture(scope="module")
def song_once(learnt_once: tuple[Project, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """One song of clips made in every way that there is."""
    project, source = learnt_once
    folder = shutil.copytree(source, tmp_path_factory.mktemp("again") / source.name)
    track = Path(project.album.tracks[0].path)
    how = {"run": "r1", "epoch": 2, "count": 2, "seconds": 1.5}
    curve = ((0.0, 0.9), (1.0, 1.1))
    requests = (
        ClipRequest(**how, seed=5),
        ClipRequest(**how, seed=7, in_silence=True, parameters=SamplingParameters(curve, top_k=9, escape=True)),
        ClipRequest(**how, seed=9, guide=GuideChoice("pattern", pattern=BEAT, follow=0.8)),
        ClipRequest(**how, seed=11, guide=GuideChoice("recording", track)),
        ClipRequest(**how, seed=13, prime=track),
    )
    for request in requests:
        project = add_clips(project, generate_clips(project, folder, request))
    more = continue_clip(project, folder, Continuation(project.clips[0], SONG_RATE, 1, 1.0, 3))
    project = title_song(add_song(add_clips(project, more)), "s1", "Tones")
    lane = project.songs[0].lanes[0].id
    for place, clip in enumerate(project.clips):
        project = place_clip(project, lane, clip.id, place * SONG_RATE, offset=3000 + place, length=30_001)
    return project, folder


@pytest.fixture
def song(song_once: tuple[Project, Path], tmp_path: Path) -> tuple[Project, Path]:
    """A copy of it to change."""
    project, source = song_once
    return project, Path(shutil.copytree(source, tmp_path / source.name))


def told(song: tuple[Project, Path], release: Path) -> About:
    project, folder = song
    release.mkdir(exist_ok=True)
    write_about(about_release(project, folder, project.songs), release)
    return read_about(release)


def test_every_section_comes_out_again_to_the_last_bit(song: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = song
    about = told(song, tmp_path / "release")
    sections = about.songs[0].sections
    assert len(sections) == len(project.clips) == 11
    for part in sections:
        again = section_again(folder, about, 1, part.number)
        assert again.is_same is True
        whole, rate = soundfile.read(folder / f"clips/{part.clip}.flac", dtype="float32")
        first, last = part.offset * rate // SONG_RATE, -(-(part.offset + part.length) * rate // SONG_RATE)
        assert np.array_equal(again.sound, whole[first:last])
    write_section(again, tmp_path / "again.wav")
    assert soundfile.info(tmp_path / "again.wav").subtype == "PCM_24"
    assert np.array_equal(soundfile.read(tmp_path / "again.wav", dtype="float32")[0], again.sound)


def test_it_needs_the_release_and_the_checkpoint_and_not_the_clip(song: tuple[Project, Path], tmp_path: Path) -> None:
    _, folder = song
    about = told(song, tmp_path / "release")
    for file in (*folder.glob("clips/c0001.*"), *folder.glob("clips/c0005.*")):
        file.unlink()
    assert section_again(folder, about, 1, 1).is_same is True
    assert section_again(folder, about, 1, 5).is_same is True


def test_it_tells_of_album_model_and_checkpoint(song: tuple[Project, Path], tmp_path: Path) -> None:
    _, folder = song
    about = told(song, tmp_path / "release")
    assert about.learnt_from["title"] == "Tones"
    (checkpoint,) = about.checkpoints
    weights = (folder / checkpoint.file).read_bytes()
    assert checkpoint.sha256 == hashlib.sha256(weights).hexdigest()
    guided = about.clips["c0005"]
    assert (guided.seed, guided.guide, guided.follow) == (9, "beat", 0.8)
    text = (tmp_path / "release" / "about.json").read_text("utf-8")
    assert str(tmp_path) not in text, "it tells where the artist keeps files"
    assert json.loads(text)["credits"][0]["area"] == "Vocals"


def test_what_cannot_be_made_again_says_why(song: tuple[Project, Path], tmp_path: Path) -> None:
    _, folder = song
    about = told(song, tmp_path / "release")
    for wrong, number in (("no song 3", (3, 1)), ("no section 40", (1, 40))):
        with pytest.raises(UserError, match=wrong):
            section_again(folder, about, *number)
    sidecar = folder / "clips" / "c0005.json"
    facts = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({name: value for name, value in facts.items() if name != "again"}))
    older = told(song, tmp_path / "release")
    with pytest.raises(UserError, match="older Deep Cuts"):
        section_again(folder, older, 1, 5)
    sidecar.write_text(json.dumps({**facts, "live": 3.0}))
    with pytest.raises(UserError, match="live sound"):
        section_again(folder, told(song, tmp_path / "release"), 1, 5)
    checkpoint = folder / about.checkpoints[0].file
    checkpoint.write_bytes(checkpoint.read_bytes()[:-4] + bytes(4))
    with pytest.raises(UserError, match="another one than at the export"):
        section_again(folder, about, 1, 1)
    checkpoint.unlink()
    with pytest.raises(UserError, match="no checkpoint"):
        section_again(folder, about, 1, 1)


def test_a_project_that_was_moved_knows_its_clips_again(song: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = song
    about = told(song, tmp_path / "release")
    sidecar = (folder / project.clips[-1].file).with_suffix(".json")  # it goes on from the first clip
    facts = json.loads(sidecar.read_text())
    facts["again"]["prime"]["path"] = str(tmp_path / "gone" / "clips" / "c0001.flac")
    sidecar.write_text(json.dumps(facts))
    assert section_again(folder, about, 1, 11).is_same is True
    facts["again"]["prime"]["path"] = str(tmp_path / "gone" / "music" / "c0001.flac")
    sidecar.write_text(json.dumps(facts))
    with pytest.raises(SoundError, match="is not there"):
        section_again(folder, about, 1, 11)


@pytest.mark.parametrize(
    "odd",
    [
        {"asked_seconds": 1e300},
        {"asked_seconds": float("nan")},
        {"asked_seconds": 10**400},
        {"guide": {"source": "album", "seed": 1, "form": {"bpm": 1e-9}}},
        {"guide": {"source": "album", "seed": 1, "form": {"bpm": 1e12}}},
        {"guide": {"source": "album", "seed": 1, "form": {"parts": ["A"] * 100_000}}},
        {"guide": {"source": "album", "seed": 1, "form": {"parts": ["refrain"]}}},
    ],
    ids=["for ever", "no time", "longer than numbers go", "slow", "fast", "without end", "another word"],
)
def test_what_would_make_it_without_end_is_called_damaged(
    song: tuple[Project, Path], tmp_path: Path, odd: dict[str, object]
) -> None:
    _, folder = song
    about = told(song, tmp_path / "release")
    sidecar = folder / "clips" / "c0005.json"  # along to a pattern
    facts = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**facts, "again": {**facts["again"], **odd}}))
    with pytest.raises(UserError, match="damaged"):
        section_again(folder, about, 1, 5)


def test_another_seed_is_not_called_the_same(song: tuple[Project, Path], tmp_path: Path) -> None:
    _, folder = song
    about = told(song, tmp_path / "release")
    clips = {**about.clips, "c0001": replace(about.clips["c0001"], seed=6)}
    assert section_again(folder, replace(about, clips=clips), 1, 1).is_same is False


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"version": 2}', "\x00"])
def test_what_is_no_about_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "about.json").write_text(text)
    with pytest.raises(UserError, match="does not tell of a release"):
        read_about(tmp_path)
    with pytest.raises(UserError, match="cannot be read"):
        read_about(tmp_path / "none.json")


def test_one_that_names_files_outside_the_project_is_refused(song: tuple[Project, Path], tmp_path: Path) -> None:
    about = told(song, tmp_path / "release")
    clips = {**about.clips, "c0001": replace(about.clips["c0001"], run="../../elsewhere")}
    write_about(replace(about, clips=clips), tmp_path / "release")
    with pytest.raises(UserError, match="does not tell of a release"):
        read_about(tmp_path / "release")


def from_a_stranger(song: tuple[Project, Path], release: Path, clip: str, again: dict[str, Any]) -> About:
    """What is told of a clip that the project itself knows nothing of any more."""
    about = told(song, release)
    known = about.clips[clip]
    assert known.again is not None
    (song[1] / "clips" / f"{clip}.json").unlink()
    return replace(about, clips={**about.clips, clip: replace(known, again={**known.again, **again})})


@pytest.mark.parametrize("path", ["/etc/hostname", "../track.flac", "clips/../../x.flac", "C:\\x.flac", 3, ["clips"]])
def test_nothing_outside_the_project_is_read(song: tuple[Project, Path], tmp_path: Path, path: object) -> None:
    _, folder = song
    about = from_a_stranger(song, tmp_path / "release", "c0009", {"prime": {"path": path, "end": None, "gain": 1.0}})
    with pytest.raises(UserError, match="does not lie in the project"):
        section_again(folder, about, 1, 9)
    guide = {"source": "recording", "seed": 1, "recording": path}
    about = from_a_stranger(song, tmp_path / "release", "c0007", {"guide": guide})
    with pytest.raises(UserError, match="does not lie in the project"):
        section_again(folder, about, 1, 7)


_CLIP = {"id": "c1", "run": "r1", "epoch": 1, "file": "clips/c0001.flac", "rate": 8000, "samples": 9, "seed": 0}
_PART = {"kind": "song", "name": "", "song": {"id": "s1"}, "clips": [], "start": 0, "frames": 9}


@pytest.mark.parametrize(
    "guide",
    [
        None,
        [],
        {"source": "tape", "seed": 1},
        {"source": "album", "seed": -1},
        {"source": "album", "seed": 1, "follow": 1e300},
        {"source": "album", "seed": 1, "form": {"parts": ["A"], "bpm": 0.0}},
        {"source": "album", "seed": 1, "form": {"parts": ["Z"]}},
        {"source": "album", "seed": 1, "form": {"parts": ["A"] * 100_000}},
        {"source": "song", "seed": 1, "part": {**_PART, "start": -(10**12)}},
        {"source": "song", "seed": 1, "part": {**_PART, "clips": [{**_CLIP, "temperature": 1, "id": "../../x"}]}},
        {"source": "song", "seed": 1, "part": {**_PART, "clips": [{**_CLIP, "temperature": 1, "file": "/dev/zero"}]}},
    ],
)
def test_a_guide_that_none_can_be_is_refused(song: tuple[Project, Path], tmp_path: Path, guide: object) -> None:
    about = from_a_stranger(song, tmp_path / "release", "c0005", {"guide": guide})
    with pytest.raises(UserError, match="damaged"):
        section_again(song[1], about, 1, 5)
    assert not list(tmp_path.glob("x*"))


@pytest.mark.parametrize("again", [
    {"asked_seconds": "nan"}, {"asked_seconds": 10**400}, {"asked_seconds": 1e300}, {"asked_seconds": []},
    {"prime": {"path": "clips/c0001.flac", "end": "nan", "gain": 1.0}}, {"prime": 7}, {"prime": {}},
])  # fmt: skip
def test_numbers_that_are_none_are_refused(song: tuple[Project, Path], tmp_path: Path, again: dict[str, Any]) -> None:
    about = from_a_stranger(song, tmp_path / "release", "c0009", again)
    with pytest.raises(PlainError):
        section_again(song[1], about, 1, 9)


def test_places_that_are_none_are_refused(song: tuple[Project, Path], tmp_path: Path) -> None:
    about = told(song, tmp_path / "release")
    (first, *_) = about.songs[0].sections
    behind = replace(about.songs[0], sections=(replace(first, offset=SONG_RATE * 3600),))
    with pytest.raises(UserError, match="behind the end"):
        section_again(song[1], replace(about, songs=(behind,)), 1, 1)
    for wrong in ({"offset": -1}, {"length": 0}, {"length": 10**15}):
        parts = (replace(first, **wrong),)
        write_about(replace(about, songs=(replace(about.songs[0], sections=parts),)), tmp_path / "release")
        with pytest.raises(UserError, match="does not tell of a release"):
            read_about(tmp_path / "release")
    with pytest.raises(UserError, match="is not there"):
        section_again(tmp_path / "none.deepcuts", about, 1, 1)


def test_words_of_a_stranger_are_shown_in_letters_that_can_be_seen(song: tuple[Project, Path], tmp_path: Path) -> None:
    about = told(song, tmp_path / "release")
    evil = "\x1b[31m\u202egnp\x00\n"
    clips = {**about.clips, "c0001": replace(about.clips["c0001"], not_again=evil + "x" * 100_000)}
    with pytest.raises(UserError) as refused:
        section_again(song[1], replace(about, clips=clips), 1, 1)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 500


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes lie in folders there")
def test_a_pipe_is_not_waited_for_and_a_giant_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "about.json")
    with pytest.raises(UserError, match="does not tell of a release"):
        read_about(tmp_path)
    (tmp_path / "giant.json").touch()
    os.truncate(tmp_path / "giant.json", 1 << 33)
    (tmp_path / "deep.json").write_text('{"version": 1, "learnt_from": ' + "[" * 1_000_000)
    for name in ("giant.json", "deep.json"):
        with pytest.raises(UserError, match="does not tell of a release"):
            read_about(tmp_path / name)
    with pytest.raises(UserError):
        read_about(tmp_path / ("x" * 300))


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    again = SectionAgain("c0001", np.zeros(100, np.float32), 16_000, None)
    (tmp_path / "file").touch()
    with pytest.raises(PlainError):
        write_section(again, tmp_path / "file" / "again.wav")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
