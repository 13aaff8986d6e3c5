"""One long file with a cue sheet becomes the songs that the sheet tells of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.flac import FLAC

from app.document.model import Project
from app.studio.analysis.peaks import peaks_of
from app.studio.importing.album import import_album
from app.studio.importing.cue_sheets import cuts_of, parse_cue_sheet
from app.studio.training.train import prepare
from samplernn.audio.media_fragment import file_of
from samplernn.audio.reading import read_sound, write_sound
from samplernn.presets import PRESETS
from tests.app.studio.importing.album_files import refusals, sound

RATE = 8_000
TITLES = ("Ordinal", "Hollow", "Cold Room")
SHEET = """REM DATE 1998
PERFORMER "Tin Hearts"
TITLE "Slow Rust"
FILE "{name}" WAVE
  TRACK 01 AUDIO
    TITLE "Ordinal"
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Hollow"
    PERFORMER "Low Kites"
    INDEX 00 00:03:70
    INDEX 01 00:04:15
  TRACK 03 AUDIO
    TITLE "Cold Room"
    INDEX 01 00:08:00
"""
STARTS = (0.0, 4.2, 8.0)


@pytest.fixture
def wave() -> np.ndarray:
    return np.random.default_rng(1).uniform(-0.5, 0.5, 12 * RATE).astype(np.float32)


@pytest.fixture
def album(music: Path, wave: np.ndarray) -> Path:
    write_sound(music / "Slow Rust.flac", wave, RATE)
    return music


def told(folder: Path, project: Path) -> list[str]:
    return [track.title for track in import_album([folder], project).album.tracks]


def test_three_tracks_with_their_titles_and_performers(album: Path, project: Path, wave: np.ndarray) -> None:
    (album / "Slow Rust.cue").write_text(SHEET.format(name="Slow Rust.flac"))
    imported = import_album([album], project)
    assert imported.refused == ()
    assert (imported.album.title, imported.album.artist, imported.album.year) == ("Slow Rust", "Tin Hearts", "1998")
    tracks = imported.album.tracks
    assert [(track.number, track.title, track.artist) for track in tracks] == [
        (1, "Ordinal", "Tin Hearts"),
        (2, "Hollow", "Low Kites"),
        (3, "Cold Room", "Tin Hearts"),
    ]
    for track, start, end in zip(tracks, STARTS, (*STARTS[1:], 12.0), strict=True):
        assert track.seconds == pytest.approx(end - start, abs=0.001)
        heard, _ = read_sound(Path(track.path))
        part = wave[round(start * RATE) : round(end * RATE)]
        assert heard[:, 0] == pytest.approx(part, abs=1e-4)
        assert peaks_of(Path(track.path), project / "cache").samples == len(part)
        assert file_of(Path(track.path)) == album / "Slow Rust.flac"


def test_the_model_hears_the_album_once(album: Path, project: Path) -> None:
    (album / "Slow Rust.cue").write_text(SHEET.format(name="Slow Rust.flac"))
    taken = import_album([album], project).album
    report = prepare(Project(album=taken), project, PRESETS["sketch"])
    assert len(report.tracks) == 3
    assert prepare(Project(album=taken), project, PRESETS["sketch"]).reused
    assert sum(track.seconds for track in report.tracks) == pytest.approx(12.0, abs=0.01)


@pytest.mark.parametrize("name", ["Slow Rust.wav", "C:\\rips\\slow rust.FLAC", "/home/me/CDImage.wav", "../../x.ape"])
def test_a_sheet_that_names_the_file_wrongly_is_understood(album: Path, project: Path, name: str) -> None:
    (album / "Slow Rust.cue").write_text(SHEET.format(name=name))
    assert told(album, project) == [*TITLES]


def test_a_sheet_that_names_no_file_in_a_folder_of_several_is_left_alone(album: Path, project: Path) -> None:
    (album / "other.cue").write_text(SHEET.format(name="gone.wav"))
    sound(album / "another.wav")
    assert told(album, project) == ["Another", "Slow Rust"]


@pytest.mark.parametrize("page", ["cp1251", "utf-8-sig", "utf-16", "koi8-r"])
def test_sheets_in_any_code_page(album: Path, project: Path, page: str) -> None:
    text = (
        SHEET.format(name="Slow Rust.flac")
        .replace("Ordinal", "Медленная ржавчина")
        .replace("Hollow", "Холодная комната")
    )
    (album / "Slow Rust.cue").write_bytes(text.encode(page))
    assert told(album, project) == ["Медленная ржавчина", "Холодная комната", "Cold Room"]


def test_beside_files_that_are_cut_already_the_long_one_is_left_out(album: Path, project: Path) -> None:
    (album / "Slow Rust.cue").write_text(SHEET.format(name="Slow Rust.flac"))
    for number, title in enumerate(TITLES, 1):
        sound(album / f"{number:02} {title}.wav")
    imported = import_album([album], project)
    assert [track.title for track in imported.album.tracks] == [*TITLES]
    assert "left out" in refusals(imported)["Slow Rust.flac"]


def test_a_sheet_of_files_that_are_cut_already_cuts_nothing(music: Path, project: Path) -> None:
    lines = []
    for number, title in enumerate(TITLES, 1):
        sound(music / f"{number:02} {title}.wav")
        lines += [f'FILE "{number:02} {title}.wav" WAVE', f"  TRACK {number:02} AUDIO", "    INDEX 01 00:00:00"]
    (music / "x.cue").write_text("\n".join(lines))
    imported = import_album([music], project)
    assert [track.title for track in imported.album.tracks] == [*TITLES]
    assert imported.refused == ()


def test_a_sheet_within_the_file(album: Path, project: Path) -> None:
    file = FLAC(album / "Slow Rust.flac")
    file["cuesheet"] = SHEET.format(name="CDImage.flac")
    file.save()
    assert told(album, project) == [*TITLES]


@pytest.mark.parametrize("name", ["x" * 300 + ".flac", "夜" * 120 + ".wav"])
def test_a_sheet_that_names_what_can_be_no_file_costs_nothing(album: Path, project: Path, name: str) -> None:
    sound(album / "other.wav")
    (album / "a.cue").write_text(SHEET.format(name=name), encoding="utf-8")
    imported = import_album([album], project)
    assert sorted(track.title for track in imported.album.tracks) == ["Other", "Slow Rust"]
    alone = import_album([album / "a.cue"], project)
    assert alone.album.tracks == ()
    assert "names no sound file" in refusals(alone)["a.cue"]


def test_a_long_name_leaves_no_room_for_the_stretch_and_is_cut_all_the_same(
    music: Path, project: Path, wave: np.ndarray
) -> None:
    name = "夜" * 82
    write_sound(music / f"{name}.flac", wave, RATE)
    (music / "a.cue").write_text(SHEET.format(name=f"{name}.flac"), encoding="utf-8")
    imported = import_album([music], project)
    assert imported.refused == ()
    assert [track.title for track in imported.album.tracks] == [*TITLES]
    assert prepare(Project(album=imported.album), project, PRESETS["sketch"]).seconds == pytest.approx(12.0, abs=0.01)
    for track, start, end in zip(imported.album.tracks, STARTS, (*STARTS[1:], 12.0), strict=True):
        assert len(read_sound(Path(track.path))[0]) == pytest.approx((end - start) * RATE, abs=2)


def test_a_sheet_dropped_alone_brings_its_file(album: Path, project: Path) -> None:
    (album / "Slow Rust.cue").write_text(SHEET.format(name="Slow Rust.flac"))
    assert told(album / "Slow Rust.cue", project) == [*TITLES]
    (album / "Slow Rust.flac").unlink()
    imported = import_album([album / "Slow Rust.cue"], project)
    assert imported.album.tracks == ()
    assert "names no sound file" in refusals(imported)["Slow Rust.cue"]


def test_a_track_beyond_the_end_of_the_file_is_refused(album: Path, project: Path) -> None:
    (album / "Slow Rust.cue").write_text(SHEET.format(name="Slow Rust.flac").replace("00:08:00", "99:08:00"))
    imported = import_album([album], project)
    assert [track.title for track in imported.album.tracks] == ["Ordinal", "Hollow"]
    (why,) = [one.why for one in imported.refused]
    assert "ends before this track begins" in why


def test_songs_without_titles_and_what_is_no_music(music: Path) -> None:
    sheet = parse_cue_sheet(
        "FILE x.wav WAVE\nTRACK 1 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 00 00:01:00\nTRACK 03 AUDIO\n"
        "INDEX 01 00:01:00\nTRACK 04 AUDIO\nINDEX 01 00:02:37\nTRACK 05 AUDIO",
        music / "x.cue",
    )
    assert [(track.number, track.start) for track in sheet.files[0].tracks] == [(2, 1.0), (4, 2 + 37 / 75)]


@given(st.text(max_size=400) | st.lists(st.sampled_from(SHEET.split()), max_size=40).map("\n".join))
def test_any_text_is_a_sheet_of_songs_in_order(text: str) -> None:
    folder = Path("/album")
    sheet = parse_cue_sheet(text, folder / "x.cue")
    for file in sheet.files:
        assert "/" not in file.name
        starts = [track.start for track in file.tracks]
        assert starts == sorted(set(starts))
    cuts, _ = cuts_of([folder / "x.wav"], [sheet])
    for cut in cuts:
        for _, path in cut.fragments():
            assert file_of(path) == folder / "x.wav"


def test_from_elsewhere(shared: Path, project: Path) -> None:
    tracks = import_album([shared / "cases" / "20-cue-sheet"], project).album.tracks
    assert [(track.title, round(track.seconds)) for track in tracks] == [
        ("Ordinal", 8),
        ("Hollow", 8),
        ("Cold Room", 8),
    ]


@pytest.mark.parametrize(
    "line", ["TITLE x{}y", "{}TITLE x{}", "FILE x{}y", "REM DATE{}1998{}y", "INDEX{}01{}0", "T{}x{}y"]
)
def test_a_line_of_blanks_without_end_is_a_line(line: str, music: Path) -> None:
    endless = line.replace("{}", " " * 500_000)
    sheet = parse_cue_sheet(f'PERFORMER "Tin Hearts"\nREM DATE 1998\n{endless}', music / "x.cue")
    assert (sheet.performer, sheet.year) == ("Tin Hearts", "1998")
