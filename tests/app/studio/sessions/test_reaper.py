"""Reaper projects: read by a parser that is not ours, what was written is our mix within a tenth of a decibel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rpp
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.model import SONG_RATE, Lane, Marker, Section, Song
from app.document.names import clean_name
from app.studio.audio.mix import Mixer
from app.studio.sessions.reaper import WAVES, project_rpp
from app.studio.sessions.session import Head, session_of
from app.studio.sessions.waves import write_waves
from resources.progress import never, no_report
from tests.app.studio.sessions.songs import CLIPS, SOUNDS, Piece, decibels, mixed, songs

REAPERS = {
    "0": lambda share: share,
    "1": lambda share: 1 - (1 - share) ** 2,
    "2": lambda share: share**2,
    "5": lambda share: 3 * share**2 - 2 * share**3,
}


def written(song: Song, folder: Path) -> Path:
    session = session_of(song, Head("Ash", "Band", "Album", 120.0), CLIPS, SOUNDS)
    (folder / WAVES).mkdir()
    assert len(list(write_waves(session, SOUNDS, folder / WAVES, no_report, never))) == len(session.waves)
    path = folder / "01 Ash.rpp"
    path.write_text(project_rpp(session, "Made with Deep Cuts"), encoding="utf-8")
    return path


def line(element: rpp.Element, name: str) -> list[str]:
    return element.find(name)[1:]


def remixed(path: Path, frames: int) -> np.ndarray:
    """By what stands in the project alone."""
    with path.open(encoding="utf-8") as file:
        project = rpp.load(file)
    assert line(project, "PANLAW") == ["1"]
    tracks = project.findall("TRACK")
    soloed = any(line(track, "MUTESOLO")[1] != "0" for track in tracks)
    pieces = []
    for track in tracks:
        muted, solo, _ = line(track, "MUTESOLO")
        heard = muted == "0" and (solo != "0" or not soloed)
        volume, pan = map(float, line(track, "VOLPAN")[:2])
        for item in track.findall("ITEM"):
            sound, rate = soundfile.read(path.parent / line(item.find("SOURCE"), "FILE")[0])
            assert rate == SONG_RATE
            at, length, offset = (round(float(line(item, name)[0]) * rate) for name in ("POSITION", "LENGTH", "SOFFS"))
            trim, balance, gain, law = map(float, line(item, "VOLPAN"))
            assert law == 1
            assert 0.0 in (pan, balance)
            rise, fall = line(item, "FADEIN"), line(item, "FADEOUT")
            pieces.append(
                Piece(
                    sound[offset : offset + length],
                    at,
                    volume * trim * gain,
                    pan + balance,
                    round(float(rise[1]) * rate),
                    round(float(fall[1]) * rate),
                    (rise[0], fall[0]),
                    heard,
                )
            )
    return mixed(pieces, frames, REAPERS)


@settings(max_examples=40, deadline=None)
@given(song=songs())
def test_every_song_is_read_by_another_parser(song: Song, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = written(song, tmp_path_factory.mktemp("rpp"))
    theirs, ours = remixed(path, song.frames), Mixer(song, SOUNDS).mix(0, song.frames)
    for side in range(2):
        if decibels(ours[:, side]) > -60:
            assert abs(decibels(theirs[:, side]) - decibels(ours[:, side])) < 1.0


def test_a_song_as_people_make_them_mixes_within_a_tenth_of_a_decibel(tmp_path: Path) -> None:
    parts = (
        Section(id="p1", clip="c1", start=0, offset=0, length=9_000, fade_in=400, gain_db=-3.0),
        Section(id="p2", clip="c2", start=8_600, offset=500, length=9_000, fade_out=700, fade_out_curve="slow"),
    )
    others = (
        Section(id="p3", clip="c3", start=1_000, offset=0, length=11_000, pan=-0.4, fade_in=300),
        Section(id="p4", clip="c4", start=12_000, offset=0, length=6_000, pan=0.8),
    )
    lanes = Lane(id="l1", sections=parts, pan=0.5, gain_db=-2.0), Lane(id="l2", sections=others, gain_db=1.0)
    song = Song(id="s1", lanes=lanes)
    theirs, ours = remixed(written(song, tmp_path), song.frames), Mixer(song, SOUNDS).mix(0, song.frames)
    for side in range(2):
        assert abs(decibels(theirs[:, side]) - decibels(ours[:, side])) < 0.1


@given(name=st.text(max_size=30).map(clean_name))
def test_any_name_is_read_as_it_was_written(name: str) -> None:
    song = Song(id="s1", lanes=(Lane(id="l1"),), markers=(Marker(id="m1", frame=4_410, name=name),))
    session = session_of(song, Head(name, "Band", "Album", 120.0), CLIPS, SOUNDS)
    project = rpp.loads(project_rpp(session, name))
    marker = line(project, "MARKER")
    assert float(marker[1]) == pytest.approx(0.1)
    if not all(mark in name for mark in "\"'`"):
        assert marker[2] == " ".join(name.split())
        assert line(project, "TITLE") == [" ".join(name.split())]
