"""DAWproject: valid by the published schema, and what was written, mixed again, is our mix."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile
import xmlschema
from hypothesis import given, settings

from app.document.model import SONG_RATE, Song
from app.studio.audio.mix import Mixer
from app.studio.sessions.dawproject import write_dawproject
from app.studio.sessions.session import Head, session_of
from app.studio.sessions.waves import write_waves
from resources.progress import never, no_report
from tests.app.studio.sessions.songs import CLIPS, OURS, SOUNDS, Piece, decibels, mixed, songs

_SCHEMAS = Path(__file__).parent / "dawproject"
PROJECT = xmlschema.XMLSchema(str(_SCHEMAS / "Project.xsd"))
METADATA = xmlschema.XMLSchema(str(_SCHEMAS / "MetaData.xsd"))


def written(song: Song, folder: Path, bpm: float = 133.7) -> Path:
    session = session_of(song, Head("Ash <1> & “2”", "Band", "Album", bpm), CLIPS, SOUNDS)
    (folder / "waves").mkdir()
    path = folder / "01 Ash.dawproject"
    write_dawproject(path, session, write_waves(session, SOUNDS, folder / "waves", no_report, never), "Made", never)
    assert not list((folder / "waves").iterdir())
    return path


def remixed(path: Path, frames: int) -> np.ndarray:
    """By what stands in the archive alone."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        root = ElementTree.fromstring(archive.read("project.xml"))
        files = {
            name: soundfile.read(io.BytesIO(archive.read(name))) for name in archive.namelist() if "audio/" in name
        }
    beat = 60 / float(root.find("Transport/Tempo").attrib["value"])
    channels = {track.attrib["id"]: track.find("Channel") for track in root.iterfind("Structure/Track")}
    soloed = any(channel.attrib["solo"] == "true" for channel in channels.values())
    pieces = []
    for lanes in root.iterfind("Arrangement/Lanes/Lanes"):
        channel = channels[lanes.attrib["track"]]
        muted = channel.find("Mute").attrib["value"] == "true" or (soloed and channel.attrib["solo"] != "true")
        volume, pan = (float(channel.find(name).attrib["value"]) for name in ("Volume", "Pan"))
        for clip in lanes.iterfind("Clips/Clip"):
            told = clip.attrib
            fade_in = float(told["fadeInTime"])
            back = max(-fade_in, 0.0)
            start = float(told["time"]) * beat - back
            length = float(told["duration"]) * beat + back
            offset = float(told["playStart"]) - back
            sound, rate = files[clip.find(".//File").attrib["path"]]
            assert rate == SONG_RATE
            at, first, last = (round(value * rate) for value in (start, offset, offset + length))
            points = {each.find("Target").attrib["expression"]: each for each in clip.iterfind("Lanes/Points")}
            values = {name: float(each.find("RealPoint").attrib["value"]) for name, each in points.items()}
            balances = 2 * pan - 1, 2 * values.get("pan", 0.5) - 1
            assert 0.0 in balances
            curves = tuple(word.split(": ")[1] for word in told["comment"].split("; "))
            pieces.append(
                Piece(
                    sound[first:last],
                    at,
                    volume * values.get("gain", 1.0),
                    sum(balances),
                    round(abs(fade_in) * rate),
                    round(float(told["fadeOutTime"]) * rate),
                    curves,
                    not muted,
                )
            )
    return mixed(pieces, frames, OURS)


@settings(max_examples=40, deadline=None)
@given(song=songs())
def test_what_is_written_is_valid_and_mixes_as_ours(song: Song, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = written(song, tmp_path_factory.mktemp("daw"))
    with zipfile.ZipFile(path) as archive:
        PROJECT.validate(ElementTree.fromstring(archive.read("project.xml")))
        METADATA.validate(ElementTree.fromstring(archive.read("metadata.xml")))
    ours, theirs = Mixer(song, SOUNDS).mix(0, song.frames), remixed(path, song.frames)
    for side in range(2):
        if decibels(ours[:, side]) > -60:
            assert abs(decibels(theirs[:, side]) - decibels(ours[:, side])) < 0.1
    # but for the 4 ms in which a gain goes over into the next
    joins = {part.start for lane in song.lanes for part in lane.sections}
    near = np.zeros(song.frames, bool)
    for join in joins:
        near[max(join - 100, 0) : join + 100] = True
    assert np.abs(theirs - ours)[~near].max(initial=0) < 1e-4


def test_names_tempo_and_markers_are_in_it(tmp_path: Path) -> None:
    from msgspec.structs import replace

    from app.document.model import Lane, Marker, Section

    part = Section(id="p1", clip="c1", start=4410, offset=100, length=2_500, gain_db=-6.0)
    song = Song(
        id="s1", lanes=(Lane(id="l1", sections=(part,)),), markers=(Marker(id="m1", frame=44_100, name="Loud & “<x>”"),)
    )
    path = written(replace(song), tmp_path, bpm=120.0)
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("project.xml"))
        about = ElementTree.fromstring(archive.read("metadata.xml"))
        assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist() if "audio/" in info.filename)
    marker = root.find("Arrangement/Markers/Marker")
    assert (marker.attrib["name"], float(marker.attrib["time"])) == ("Loud & “<x>”", 2.0)
    assert root.find("Transport/Tempo").attrib["value"] == "120.0"
    assert root.find("Structure/Track").attrib["name"] == "A"
    assert [about.find(tag).text for tag in ("Title", "Artist", "Album")] == ["Ash <1> & “2”", "Band", "Album"]
    clip = root.find("Arrangement/Lanes/Lanes/Clips/Clip")
    assert float(clip.attrib["time"]) == pytest.approx(0.2)
    assert clip.attrib["name"] == "e3 · 1"
    assert clip.find("Lanes/Points/Target").attrib["expression"] == "gain"
