"""What is said before an export: of titles, codes, rights, lengths, the cover, and how songs sound; and where to go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from app.document.edits.made import add_clips
from app.document.edits.release import confirm_rights, set_each_song, set_isrc, set_loudness
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song, set_lane_gain, title_song
from app.document.model import SONG_RATE, Clip, Cover, Project
from app.document.store import ProjectFolder
from app.studio.analysis.song_summary import kept_summary
from app.studio.audio.clip_sound import ClipSounds
from app.studio.release.check import Check
from app.studio.release.checks import before_export
from samplernn.audio.reading import write_sound


@pytest.fixture
def made(small_project: Callable[..., Project], tmp_path: Path) -> tuple[Project, Path]:
    folder = tmp_path / "Small.deepcuts"
    return small_project(folder, songs=2), folder


def listen(project: Project, folder: Path) -> None:
    """Measures the songs, as the Export screen does."""
    sounds = ClipSounds(folder, project.clips)
    for song in project.songs:
        kept_summary(song, sounds, {}, ProjectFolder(folder).cache / "songs")


def said(project: Project, folder: Path, word: str) -> list[Check]:
    return [check for check in before_export(project, folder) if word in check.text]


def test_titles_that_are_there_twice(made: tuple[Project, Path]) -> None:
    project, folder = made
    assert said(project, folder, "same title") == []
    (check,) = said(title_song(title_song(project, "s1", "Ash"), "s2", "ASH"), folder, "same title")
    assert (check.level, check.text, check.place) == ("look", "songs 1, 2 have the same title", "titles")


def test_codes_that_are_there_twice_and_rights(made: tuple[Project, Path]) -> None:
    project, folder = made
    twice = set_isrc(set_isrc(project, "s1", "QMABC2600001"), "s2", "QMABC2600001")
    assert [check.place for check in said(twice, folder, "same ISRC")] == ["details"]
    assert [check.level for check in said(project, folder, "you may use the recordings")] == ["look"]
    sure = confirm_rights(project, True)
    assert said(sure, folder, "you may use the recordings") == []
    assert [check.level for check in said(sure, folder, "the rights")] == ["ok"]


@pytest.mark.parametrize(
    ("seconds", "word"), [(29.0, "shorter than 30 s"), (31.0, "just over 30 s"), (601.0, "longer than ten minutes")]
)
def test_lengths_that_shops_stumble_over(tmp_path: Path, seconds: float, word: str) -> None:
    clip = Clip(id="c1", run="r", epoch=1, file="c1.flac", rate=1000, samples=700_000, seed=0, temperature=1.0)
    project = add_song(add_clips(Project(), [clip]))
    project = place_clip(project, project.songs[0].lanes[0].id, "c1", 0, length=round(seconds * SONG_RATE))
    (check,) = said(project, tmp_path, word)
    assert (check.place, check.song) == ("arrange", "s1")
    usual = place_clip(add_song(project), project.songs[0].lanes[1].id, "c1", 0, length=200 * SONG_RATE)
    assert "song 1 is" not in str(said(usual, tmp_path, word)) or seconds > 600


def test_a_small_cover_and_one_that_says_what_the_album_does_not(made: tuple[Project, Path]) -> None:
    project, folder = made
    (folder / "album").mkdir()
    Image.new("RGB", (600, 500)).save(folder / "album" / "cover.png")
    project = replace(project, album=replace(project.album, cover="album/cover.png"))
    (check,) = said(project, folder, "500 pixels")
    assert check.place == "artwork"
    Image.new("RGB", (3000, 3000)).save(folder / "album" / "cover.png")
    assert said(project, folder, "pixels wide") == []
    lettering = replace(project.release.lettering, on=True)
    nameless = replace(project, release=replace(project.release, title="", lettering=lettering))
    (check,) = said(nameless, folder, "the cover says")
    assert check.text == "the cover says “Früher”, and the album has no title"
    assert said(replace(project, release=replace(project.release, lettering=lettering)), folder, "cover says") == []
    typed = Cover(id="a1", file="artwork/a1.jpg", method="self")
    chosen = replace(project, covers=(typed,), release=replace(project.release, cover="a1"))
    assert [check.level for check in said(chosen, folder, "3000 × 3000")] == ["ok"]


def test_songs_that_are_far_quieter_than_the_others(made: tuple[Project, Path]) -> None:
    project, folder = made
    for lane in project.songs[1].lanes:
        project = set_lane_gain(project, lane.id, -15.0)
    assert said(project, folder, "LU quieter") == [], "nobody has listened yet"
    listen(project, folder)
    found = said(project, folder, "LU quieter than the others")
    assert [(each.song, each.place) for each in found] == [("s2", "arrange")]
    assert said(set_each_song(project, True), folder, "LU quieter") == []


def test_what_clips_as_made_and_only_then(made: tuple[Project, Path]) -> None:
    project, folder = made
    for lane in project.songs[0].lanes:
        project = set_lane_gain(project, lane.id, 15.0)
    listen(project, folder)
    assert said(project, folder, "is cut off as made") == []
    (check,) = said(set_loudness(project, None), folder, "is cut off as made")
    assert (check.song, check.place) == ("s1", "arrange")
    assert "dB over full scale" in check.text


def test_silence_amid_a_song_is_told_with_its_place(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 16_000 * 9).astype(np.float32)
    noise[:16_000] = 0.0
    noise[16_000 * 4 : 16_000 * 7] = 0.0
    folder = tmp_path / "p"
    (folder / "clips").mkdir(parents=True)
    write_sound(folder / "clips/c1.flac", noise, 16_000)
    clip = Clip(
        id="c1", run="r", epoch=1, file="clips/c1.flac", rate=16_000, samples=len(noise), seed=0, temperature=1.0
    )
    project = add_song(add_clips(Project(), [clip]))
    project = place_clip(project, project.songs[0].lanes[0].id, "c1", 0)
    listen(project, folder)
    (check,) = said(project, folder, "is silent for")
    assert check.song == "s1"
    assert float(check.text.split("silent for ")[1].split()[0]) == pytest.approx(3.0, abs=0.3)
    assert check.frame == pytest.approx(4 * SONG_RATE, abs=0.3 * SONG_RATE)


def test_a_disk_without_room_sends_to_another(made: tuple[Project, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    project, folder = made
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("usage", (), {"free": 5})())
    (check,) = said(project, folder, "needed")
    assert (check.level, check.place) == ("bad", "place")
