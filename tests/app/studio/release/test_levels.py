"""How loud songs come out: as made, with and without the limiter, and with a gain for the album or for each song."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile
from msgspec.structs import replace
from PIL import Image
from pyloudnorm import Meter

from app.document.edits.release import set_each_song, set_facts, set_formats, set_isrc, set_limiter, set_loudness
from app.document.edits.songs import set_lane_gain
from app.document.model import FORMAT_TITLES, SONG_RATE, Project
from app.document.release_facts import ReleaseFacts
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.mix import Mixer
from app.studio.release.export import COVER_SIDE, export_release
from app.studio.release.files import FORMATS
from app.studio.release.record import notes_of, problems_of
from app.studio.release.riff import info_of
from app.studio.release.tags import facts_read_back


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, small_project: Callable[[Path], Project]) -> tuple[Project, Path]:
    """With a cover of its own as large as releases want it: drawing one takes longer than all else in an export."""
    folder = tmp_path_factory.mktemp("p") / "Small.deepcuts"
    project = set_formats(small_project(folder, seconds=3.0), ["flac24"])
    (folder / "album").mkdir()
    Image.new("RGB", (COVER_SIDE, COVER_SIDE), "teal").save(folder / "album" / "cover.jpg")
    return replace(project, album=replace(project.album, cover="album/cover.jpg")), folder


def louder(project: Project, gain_db: float) -> Project:
    for lane in project.songs[0].lanes:
        project = set_lane_gain(project, lane.id, gain_db)
    return project


def songs_of(release: Path) -> list[np.ndarray]:
    return [soundfile.read(path, dtype="float32")[0] for path in sorted(release.glob("*.flac"))]


def loudness(sound: np.ndarray) -> float:
    return float(Meter(SONG_RATE, filter_class="DeMan").integrated_loudness(sound))


def test_as_made_is_as_made_to_the_last_bit(made: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = made
    project = set_loudness(project, None)
    release = export_release(project, folder, tmp_path)
    sounds = ClipSounds(folder, project.clips)
    for song, sound in zip(project.songs, songs_of(release), strict=True):
        mixed = Mixer(song, sounds).mix(0, song.frames)
        steps = np.clip(np.rint(mixed.astype(np.float64) * 2**23), -(2**23), 2**23 - 1) / 2**23
        assert np.array_equal(sound[: song.frames], steps.astype(np.float32))
    facts = json.loads((release / "release.json").read_text())
    assert (facts["limited"], facts["gain_db"], facts["notes"]) == (False, 0.0, [])
    page = (release / "how it was made.html").read_text("utf-8")
    assert "As it was made: no gain, and no limiter" in page


def test_what_is_cut_off_as_made_is_told(made: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = made
    release = export_release(louder(set_loudness(project, None), 18.0), folder, tmp_path)
    assert any("cut off" in told and "Sång 1" in told for told in problems_of(release))
    assert np.abs(songs_of(release)[0]).max() >= 1 - 2**-22
    assert not json.loads((release / "release.json").read_text())["limited"]


def test_the_limiter_is_told_and_can_be_forbidden(made: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = made
    wanted = set_loudness(louder(project, 12.0), -8.0)
    limited = export_release(wanted, folder, tmp_path)
    assert any("limiter held peaks back" in note for note in notes_of(limited))
    free = export_release(set_limiter(wanted, False), folder, tmp_path)
    facts = json.loads((free / "release.json").read_text())
    assert not facts["limited"]
    assert any("Without the limiter" in note for note in facts["notes"])
    assert facts["problems"] == []
    for plain, original in zip(songs_of(free), wanted.songs, strict=True):
        mixed = Mixer(original, ClipSounds(folder, wanted.clips)).mix(0, original.frames)
        gain = np.float32(10 ** (facts["gain_db"] / 20))
        np.testing.assert_allclose(plain[: original.frames], mixed * gain, rtol=2e-3, atol=2e-4)


def test_each_song_comes_to_the_loudness_or_keeps_its_distance(made: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = made
    uneven = louder(set_loudness(project, -20.0), -9.0)
    album = [loudness(song) for song in songs_of(export_release(uneven, folder, tmp_path))]
    assert abs(album[0] - album[1]) > 4
    release = export_release(set_each_song(uneven, True), folder, tmp_path)
    each = [loudness(song) for song in songs_of(release)]
    assert each == pytest.approx([-20, -20], abs=0.2)
    gains = json.loads((release / "release.json").read_text())["gain_db"]
    assert len(gains) == 2
    assert abs(gains[0] - gains[1]) > 4
    assert "A gain for each song" in (release / "how it was made.html").read_text("utf-8")


def test_facts_are_in_the_tags_of_every_format(made: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = made
    facts = ReleaseFacts(
        genre="Black Metal", date="2026-11-30", upc="036000291452", composer="Ærø", label="Rust & Sons", rights=True
    )
    project = set_isrc(set_facts(set_formats(project, FORMAT_TITLES), facts), "s1", "QM-ABC-26-00001")
    short = replace(project, songs=project.songs[:1])
    release = export_release(short, folder, tmp_path)
    expected = {
        "DATE": "2026-11-30", "GENRE": "Black Metal", "COMPOSER": "Ærø", "LABEL": "Rust & Sons",
        "BARCODE": "036000291452", "ISRC": "QMABC2600001",
    }  # fmt: skip
    for form in FORMAT_TITLES:
        (path,) = (release / FORMAT_TITLES[form]).glob(f"*.{FORMATS[form].suffix}")
        assert facts_read_back(path) == expected
    for folder_name in ("WAV", "WAV 24"):
        (path,) = (release / folder_name).glob("*.wav")
        info = info_of(path)
        assert info["INAM"].startswith("Sång 1")
        assert (info["IGNR"], info["ICRD"], info["IMUS"], info["ITRK"]) == ("Black Metal", "2026-11-30", "Ærø", "1")
        assert mutagen.File(path).tags["TSRC"] == "QMABC2600001"
    told = json.loads((release / "release.json").read_text())
    assert (told["upc"], told["label"]) == ("036000291452", "Rust & Sons")
