"""What songs copy is told before an export, with its place in the song, from what was measured and kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from app.document.edits.made import add_clips
from app.document.edits.sections import place_clip, split_sections
from app.document.edits.songs import add_song
from app.document.model import SONG_RATE, Clip, Project
from app.document.store import load_project
from app.studio.measures.album import AlbumReference
from app.studio.measures.kept import kept_measures, measures_of_clip
from app.studio.release.check import Check
from app.studio.release.checks import before_export
from samplernn.audio.reading import write_sound
from samplernn.data.dataset import Dataset
from tests.app.studio.measures.songs import RATE, song

BEFORE, COPIED = 4, 8
"""Seconds of the clip that are its own, then seconds of the album."""
START = 10
"""Second of the song at which the clip begins."""


@pytest.fixture
def made(prepared: Path, dataset: Dataset, tmp_path: Path) -> tuple[Project, Path]:
    """A song of one clip, which begins with music of its own and goes on with the second track."""
    folder = Path(shutil.copytree(prepared, tmp_path / prepared.name))
    start = dataset.train[1].start + 10 * RATE
    sound = np.concatenate([song(70, BEFORE), dataset.sound[start : start + COPIED * RATE], song(71, 4)])
    (folder / "clips").mkdir()
    write_sound(folder / "clips/c0001.flac", sound, RATE)
    clip = Clip(
        id="c0001", run="r1", epoch=1, file="clips/c0001.flac", rate=RATE, samples=len(sound), seed=0, temperature=1.0
    )
    project = add_song(add_clips(load_project(folder), [clip]))
    return place_clip(project, project.songs[0].lanes[0].id, "c0001", START * SONG_RATE), folder


def told(project: Project, folder: Path) -> list[Check]:
    return [check for check in before_export(project, folder) if "copies" in check.text]


def test_a_copy_is_told_once_it_has_been_measured(made: tuple[Project, Path], album: AlbumReference) -> None:
    project, folder = made
    assert told(project, folder) == [], "nobody has measured the clip yet, so there is no telling"
    assert kept_measures(folder, project.clips) == {}
    measures = measures_of_clip(folder, project.clips[0], album)
    kept = kept_measures(folder, project.clips)["c0001"]
    assert [one.copied for one in kept.sections] == [one.copied for one in measures.sections]
    (check,) = told(project, folder)
    assert (check.level, check.place, check.song) == ("look", "arrange", "s1")
    assert check.text.startswith("song 1 copies “Song 2” for ")
    assert float(check.text.split(" for ")[1].split()[0]) == pytest.approx(COPIED, abs=1.5)
    assert check.frame == pytest.approx((START + BEFORE) * SONG_RATE, abs=SONG_RATE)
    assert check.text.endswith(f"at 0:{round(check.frame / SONG_RATE)}")


def test_only_what_is_heard_of_it_counts(made: tuple[Project, Path], album: AlbumReference) -> None:
    project, folder = made
    measures_of_clip(folder, project.clips[0], album)
    (whole,) = told(project, folder)
    halves = split_sections(project, ["x1"], (START + BEFORE + COPIED // 2) * SONG_RATE)
    assert [check.text for check in told(halves, folder)] == [whole.text], "a copy that was split is one copy"
    (lane, *others) = project.songs[0].lanes
    muted = replace(project.songs[0], lanes=(replace(lane, mute=True), *others))
    assert told(replace(project, songs=(muted,)), folder) == []
    (part,) = lane.sections
    short = replace(lane, sections=(replace(part, length=(BEFORE - 1) * SONG_RATE),))
    own = replace(project, songs=(replace(project.songs[0], lanes=(short, *others)),))
    assert [(check.level, check.place) for check in told(own, folder)] == [("ok", "")]


def test_what_was_measured_beside_another_album_is_not_believed(
    made: tuple[Project, Path], album: AlbumReference
) -> None:
    project, folder = made
    measures_of_clip(folder, project.clips[0], album)
    shutil.rmtree(folder / "dataset")
    assert told(project, folder) == []
    (folder / "clips/c0001.flac").unlink()
    assert kept_measures(folder, project.clips) == {}
