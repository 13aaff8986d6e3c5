"""`deepcuts generate`: clips are made, kept in the project, and go on from a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.document.edits.made import add_clips
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song, title_song
from app.document.errors import UserError
from app.document.guide_choice import NO_GUIDE, GuideChoice
from app.document.guide_form import DRAWN_FORM, GuideForm
from app.document.model import Project
from app.document.song_part import part_named
from app.document.store import load_project, save_project
from app.shell.choices import guide_choice, guide_form, heeding
from samplernn.audio.reading import write_sound
from samplernn.guides.guide_file import read_guide
from tests.app.conftest import make_clip
from tests.app.shell.calling import deepcuts, refused


def test_clips_are_generated_and_kept(tmp_path: Path, learnt: Path) -> None:
    result = deepcuts(
        tmp_path, "generate", learnt, "--count", "2", "--seconds", "0.5", "--checkpoint", "best", "--json"
    )
    assert result.returncode == 0, result.stderr
    clips = json.loads(result.stdout)
    assert len(clips) == 2
    for clip in clips:
        sound = json.loads(deepcuts(tmp_path, "info", learnt / clip["file"], "--json").stdout)
        assert (sound["kind"], sound["rate"], sound["seconds"]) == ("sound", 16_000, 0.5)
    known = {clip.id for clip in load_project(learnt).clips}
    assert {clip["id"] for clip in clips} <= known


def test_clips_go_on_from_a_prime(tmp_path: Path, learnt: Path) -> None:
    track = load_project(learnt).album.tracks[0].path
    options = ["--count", "1", "--seconds", "0.2", "--json", "--prime"]
    made = deepcuts(tmp_path, "generate", learnt, *options, track)
    assert made.returncode == 0, made.stderr
    (clip,) = json.loads(made.stdout)
    sidecar = json.loads((learnt / clip["file"]).with_suffix(".json").read_text())
    assert sidecar["prime"] == Path(track).name
    refused = deepcuts(tmp_path, "generate", learnt, *options, tmp_path / "gone.wav")
    assert refused.returncode == 2
    assert "gone.wav" in refused.stderr


def test_a_checkpoint_that_is_not_there_is_refused(tmp_path: Path, learnt: Path) -> None:
    for wanted in ("99", "newest", "9" * 5_000):
        line = refused(deepcuts(tmp_path, "generate", learnt, "--count", 1, "--seconds", 1, "--checkpoint", wanted))
        assert "last, best or 1 to 1" in line


def test_clips_play_a_section_again(tmp_path: Path, learnt: Path) -> None:
    clip = make_clip(learnt, 90, 1, 2.0)
    with_song = place_clip(add_song(add_clips(load_project(learnt), [clip])), "l1", clip.id, 0)
    save_project(learnt, title_song(with_song, "s1", "Slow Rust"))
    options = ["generate", learnt, "--count", "1", "--seconds", "1", "--guide"]
    made = deepcuts(tmp_path, *options, "Song 1, section 1", "--json")
    assert made.returncode == 0, made.stderr
    assert [each["guide"] for each in json.loads(made.stdout)] == ["Slow Rust, section 1"]
    line = refused(deepcuts(tmp_path, *options, "Song 1, section 2"))
    assert "neither a file nor a song of the project" in line


def test_what_a_guide_is_called(made_project: tuple[Path, Project], tmp_path: Path) -> None:
    project = made_project[1]
    assert guide_choice("none", 0.5, project) == NO_GUIDE
    assert guide_choice("album", 0.5, project) == GuideChoice("album", follow=0.5)
    assert guide_choice("dream", 0.5, project) == GuideChoice("dream", follow=0.5)
    section = guide_choice("hollow engine, section 2", 0.5, project)
    assert section == GuideChoice("song", follow=0.5, part=part_named(project, "Song 1, section 2"))
    assert guide_choice(str(tmp_path), 1.0, project) == GuideChoice("recording", tmp_path)
    for named in ("kick.mid", "Kick.MIDI", "beat.json"):
        assert guide_choice(named, 0.5, project) == GuideChoice("pattern", follow=0.5, pattern=Path(named))
    for named in ("gone.wav", "folder/Song 1"):  # paths, though nothing is there: it is said when they are read
        assert guide_choice(named, 1.0, project) == GuideChoice("recording", Path(named))
    for text, value in (("Song 3", project), ("Song 1, section 6", project), ("Song 1", None)):
        with pytest.raises(UserError, match="neither a file nor a song"):
            guide_choice(text, 1.0, value)


def test_a_form_and_a_tempo_are_chosen(tmp_path: Path, learnt: Path) -> None:
    form = guide_form("intro ABA end", 96.0)
    assert form == GuideForm(("intro", "A", "B", "A", "end"), 96.0)
    assert guide_form(None, None) == DRAWN_FORM
    for bpm in (float("nan"), 0.0, 1e9):
        with pytest.raises(UserError, match="is no tempo"):
            guide_form("A", bpm)
    assert guide_choice("album", 0.5, None, form) == GuideChoice("album", follow=0.5, form=form)
    assert guide_choice("dream", 1.0, None, form).form == form
    for named in ("none", "kick.mid", "loop.wav"):
        with pytest.raises(UserError, match="cut from bars"):
            guide_choice(named, 1.0, None, form)
    options = ["generate", learnt, "--count", "1", "--seconds", "1", "--bpm", "120", "--form"]
    line = refused(deepcuts(tmp_path, *options, "intro chorus"))
    assert "“chorus” is no part of a form" in line


def test_a_file_comes_before_a_song_of_its_name(
    made_project: tuple[Path, Project], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Song 1").write_bytes(b"")
    assert guide_choice("Song 1", 1.0, made_project[1]) == GuideChoice("recording", Path("Song 1"))


def test_a_guide_that_cannot_be_played_to_is_refused_in_one_line(tmp_path: Path, learnt: Path) -> None:
    silent = tmp_path / "silent.wav"
    write_sound(silent, np.zeros(32_000, np.float32), 16_000)
    before = load_project(learnt).clips
    for guide, says in ((silent, "is silent"), (tmp_path, "is a folder"), (tmp_path / "gone.wav", "is not there")):
        line = refused(deepcuts(tmp_path, "generate", learnt, "--count", 1, "--seconds", 1, "--guide", guide))
        assert says in line
    assert load_project(learnt).clips == before


def test_how_a_guide_is_followed_is_told_by_words(tmp_path: Path, learnt: Path) -> None:
    choice = heeding(GuideChoice("album", follow=0.5), "notes", "coarse", in_a_row=True)
    assert choice == GuideChoice("album", follow=0.5, heed="notes", fineness="coarse", in_a_row=True)
    for heed, fineness, wrong in (("drums", "fine", "drums"), ("both", "finer", "finer")):
        with pytest.raises(UserError, match=f"“{wrong}” is not how a guide is followed"):
            heeding(GuideChoice("album"), heed, fineness)
    line = refused(deepcuts(tmp_path, "generate", learnt, "--count", 1, "--seconds", 1, "--heed", "drums"))
    assert "Choose from both, strokes, notes" in line


def test_a_clip_goes_on_along_its_guide(tmp_path: Path, learnt: Path) -> None:
    loop = tmp_path / "loop.wav"
    time = np.arange(32_000) / 16_000
    write_sound(loop, (np.sin(400 * time) * np.exp(-9 * (time % 0.5))).astype(np.float32), 16_000)
    options = ["--count", "1", "--seconds", "0.5", "--json"]
    made = deepcuts(tmp_path, "generate", learnt, *options, "--guide", loop, "--heed", "strokes", "--follow", "0.8")
    assert made.returncode == 0, made.stderr
    (clip,) = json.loads(made.stdout)
    assert (clip["guide"], clip["manner"]) == ("loop.wav", "strokes only")
    on = deepcuts(tmp_path, "generate", learnt, *options, "--prime", learnt / clip["file"])
    assert on.returncode == 0, on.stderr
    (after,) = json.loads(on.stdout)
    facts = json.loads((learnt / after["file"]).with_suffix(".json").read_text())
    assert (facts["guide"], facts["follow"], facts["manner"]) == ("loop.wav", 0.8, "strokes only")
    assert read_guide((learnt / after["file"]).with_suffix(".guide")).begin == 0.5
    free = deepcuts(tmp_path, "generate", learnt, *options, "--prime", learnt / clip["file"], "--guide", "none")
    assert json.loads(free.stdout)[0].get("guide", "") == ""
    guide = (learnt / clip["file"]).with_suffix(".guide")
    along = deepcuts(tmp_path, "generate", learnt, *options, "--guide", guide)
    assert json.loads(along.stdout)[0]["guide"] == "loop.wav"
    guide.write_bytes(b"{}")
    assert "is no guide" in refused(deepcuts(tmp_path, "generate", learnt, *options[:4], "--guide", guide))
