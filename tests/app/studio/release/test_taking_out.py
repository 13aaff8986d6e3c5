"""Clips, sections and songs as sound files for other programs: they sound as arranged, and loops carry their tempo."""

from __future__ import annotations

import shutil
import struct
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile
from msgspec.structs import replace

from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song
from app.document.edits.tempo import set_tempo
from app.document.errors import UserError
from app.document.model import SONG_RATE, Project, Tempo
from app.document.song_part import sections_alone, whole_song
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.mix import DECLICK, Mixer
from app.studio.release.riff import chunks_of
from app.studio.release.taking_out import beats_of, clip_alone, take_out
from tests.app.shell.calling import environment
from tests.full_disk import with_full_disk


@pytest.fixture
def made(small_project: Callable[[Path], Project], tmp_path: Path) -> tuple[Project, Path]:
    folder = tmp_path / "Small.deepcuts"
    return small_project(folder), folder


def steps(sound: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(sound.astype(np.float64) * 2**23), -(2**23), 2**23 - 1) / 2**23


def chunk(path: Path, name: str) -> bytes | None:
    with path.open("rb") as file:
        return dict(chunks_of(file)).get(name)


def test_a_song_comes_out_as_it_is_arranged(made: tuple[Project, Path]) -> None:
    project, folder = made
    path = take_out(project, folder, whole_song(project, "s1"))
    assert path.name == "Sång 1-2 - «Ash».wav"
    assert soundfile.info(path).subtype == "PCM_24"
    mixed = Mixer(project.songs[0], ClipSounds(folder, project.clips)).mix(0, project.songs[0].frames)
    assert np.array_equal(soundfile.read(path)[0], steps(mixed))
    assert chunk(path, "acid") is None
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_section_comes_out_alone(made: tuple[Project, Path]) -> None:
    project, folder = made
    part = sections_alone(project, [project.songs[0].lanes[1].sections[0].id])
    sound = soundfile.read(take_out(project, folder, part))[0]
    alone = Mixer(part.song, ClipSounds(folder, project.clips)).mix(part.start, part.frames)
    assert np.array_equal(sound, steps(alone))
    assert np.abs(sound[:, 1]).max() > 2 * np.abs(sound[:, 0]).max(), "its lane is panned to the right"


def test_a_clip_comes_out_as_loud_as_it_is(made: tuple[Project, Path]) -> None:
    project, folder = made
    sound = soundfile.read(take_out(project, folder, clip_alone(project.clips[0])))[0]
    clip = ClipSounds(folder, project.clips)["c0001"]
    inside = slice(DECLICK, len(clip) - DECLICK)
    np.testing.assert_allclose(sound[inside, 0], clip[inside], atol=1e-6)
    assert np.array_equal(sound[:, 0], sound[:, 1])


def test_one_that_is_there_is_taken_and_another_state_is_another_file(made: tuple[Project, Path]) -> None:
    project, folder = made
    first = take_out(project, folder, whole_song(project, "s1"))
    when = first.stat().st_mtime_ns
    assert take_out(project, folder, whole_song(project, "s1")) == first
    assert first.stat().st_mtime_ns == when
    lanes = project.songs[0].lanes
    quieter = replace(project.songs[0], lanes=(replace(lanes[0], gain_db=-6.0), *lanes[1:]))
    changed = replace(project, songs=(quieter, *project.songs[1:]))
    assert take_out(changed, folder, whole_song(changed, "s1")) != first
    assert first.exists()


@pytest.mark.parametrize(("bpm", "beats", "seconds"), [(120.0, 4, 2.0), (97.4, 3, 3 * 60 / 97.4), (120.0, 0, 1.77)])
def test_a_loop_carries_its_tempo(made: tuple[Project, Path], bpm: float, beats: int, seconds: float) -> None:
    project, folder = made
    project = add_song(set_tempo(project, "c0001", Tempo(bpm=bpm)))
    lane = project.songs[-1].lanes[0].id
    project = place_clip(project, lane, "c0001", 5 * SONG_RATE, length=round(seconds * SONG_RATE))
    part = sections_alone(project, [project.songs[-1].lanes[0].sections[0].id])
    assert beats_of(part) == beats
    path = take_out(project, folder, part)
    assert float(str(mutagen.File(path).tags["TBPM"])) == pytest.approx(bpm)
    found = chunk(path, "acid")
    if beats:
        assert found is not None
        assert struct.unpack("<IHHfIHHf", found)[4] == beats
        assert struct.unpack("<IHHfIHHf", found)[7] == pytest.approx(bpm)
    else:
        assert found is None


def test_cancelled_or_refused_it_leaves_nothing(made: tuple[Project, Path]) -> None:
    project, folder = made
    with pytest.raises(CancelledError):
        take_out(project, folder, whole_song(project, "s1"), lambda: True)
    assert not list(folder.glob("taken-out/*/*"))
    (folder / "taken-out").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        take_out(project, folder, whole_song(project, "s1"))
    with pytest.raises(UserError, match="not a folder"):
        take_out(project, folder / "taken-out", whole_song(project, "s1"))


def test_what_was_silent_while_a_clip_was_away_is_made_again(made: tuple[Project, Path]) -> None:
    """A drive that comes back, a file that was locked."""
    project, folder = made
    clip, away = folder / "clips/c0001.flac", folder / "away.flac"
    clip.rename(away)
    shutil.rmtree(folder / "cache", ignore_errors=True)
    with pytest.raises(UserError, match="missing"):
        take_out(project, folder, clip_alone(project.clips[0]))
    half = soundfile.read(take_out(project, folder, whole_song(project, "s1")))[0]
    away.rename(clip)
    whole = soundfile.read(take_out(project, folder, whole_song(project, "s1")))[0]
    assert np.abs(whole - half).max() > 0.01
    assert len(list(folder.glob("taken-out/*/*.wav"))) == 2


def test_a_project_that_was_removed_is_not_begun_anew(made: tuple[Project, Path]) -> None:
    project, folder = made
    part = whole_song(project, "s1")
    shutil.rmtree(folder)
    with pytest.raises(UserError):
        take_out(project, folder, part)
    assert not folder.exists()


_BOTH = """
import sys
from pathlib import Path
import numpy as np
from app.document.song_part import whole_song
from app.document.store import load_project
from app.studio.release.again import SectionAgain, write_section
from app.studio.release.taking_out import take_out
from resources.errors import PlainError
folder = Path(sys.argv[1])
project = load_project(folder)
sound = np.random.default_rng(0).normal(0, 0.1, 200_000).astype(np.float32)
for work in (
    lambda: take_out(project, folder, whole_song(project, "s1")),
    lambda: write_section(SectionAgain("c1", sound, 16_000, None), folder.parent / "again.wav"),
):
    try:
        work()
    except PlainError as error:
        print(error)
"""


def test_a_full_disk_is_told_and_leaves_nothing_half(made: tuple[Project, Path], tmp_path: Path) -> None:
    folder = made[1]
    disk = tmp_path / "disk"
    disk.mkdir()
    folder.rename(disk / folder.name)
    command = [sys.executable, "-c", _BOTH, disk / folder.name]
    done = with_full_disk(disk, command, kilobytes=100, environment=environment(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("disk is full") == 2, done.stdout
    files = {path.relative_to(disk).as_posix() for path in disk.rglob("*") if path.is_file()}
    assert not [name for name in files if name.endswith((".wav", ".part"))]
