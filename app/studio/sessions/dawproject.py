"""DAWproject: a song for Bitwig Studio, Studio One, Cubase and whatever else reads that format.

A ZIP archive of `project.xml`, `metadata.xml` and the wave files; the schema is that of
https://github.com/bitwig/dawproject. The arrangement is in beats, what is inside clips in seconds. A section's own
gain and pan are expressions of its clip, a lane's those of its channel. A fade has a length there, but no curve: that
stands in the comment of the clip. A crossfade is a fade in of negative length, which begins before the clip does.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from importlib.metadata import version
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

from app.document.model import BEATS_PER_BAR, SONG_RATE
from app.studio.sessions.session import Item, Session, Track
from resources.files import replacing
from resources.progress import Cancelled, stop_if

SUFFIX = ".dawproject"
AUDIO = "audio"
"""The folder of the wave files in the archive."""
_SLOWEST, _FASTEST = "20", "666"
_LOUDEST = "16"
"""Linear: 24 dB."""
_CHUNK = 1 << 20


def write_dawproject(path: Path, session: Session, waves: Iterable[Path], comment: str, cancelled: Cancelled) -> None:
    """Writes the archive; each wave file is taken into it, and removed, as it comes.

    Args:
        comment: what the file says of how it was made.

    Raises:
        OSError: the disk does not take it.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    with replacing(path) as fresh, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.xml", project_xml(session))
        archive.writestr("metadata.xml", _metadata_xml(session, comment))
        for wave in waves:
            _take(archive, wave, cancelled)
            wave.unlink()


def _take(archive: zipfile.ZipFile, wave: Path, cancelled: Cancelled) -> None:
    """A wave file as it is: packing saves little of sound, and takes long."""
    info = zipfile.ZipInfo.from_file(wave, f"{AUDIO}/{wave.name}", strict_timestamps=False)
    with wave.open("rb") as source, archive.open(info, "w", force_zip64=info.file_size >= 1 << 31) as target:
        while chunk := source.read(_CHUNK):
            stop_if(cancelled)
            target.write(chunk)


def project_xml(session: Session) -> bytes:
    """The arrangement as `project.xml`."""
    return _encoded(_ProjectXml(session).whole())


def _metadata_xml(session: Session, comment: str) -> bytes:
    root = ElementTree.Element("MetaData")
    for tag, text in (
        ("Title", session.title), ("Artist", session.artist), ("Album", session.album), ("Comment", comment)
    ):  # fmt: skip
        ElementTree.SubElement(root, tag).text = _text(text)
    return _encoded(root)


def _encoded(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    text: str = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


class _ProjectXml:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._ids = count()

    def whole(self) -> ElementTree.Element:
        session = self._session
        root = ElementTree.Element("Project", version="1.0")
        ElementTree.SubElement(root, "Application", name="Deep Cuts", version=version("deepcuts"))
        transport = ElementTree.SubElement(root, "Transport")
        self._parameter(transport, "Tempo", session.bpm, "bpm", (_SLOWEST, _FASTEST))
        beats = str(BEATS_PER_BAR)
        ElementTree.SubElement(transport, "TimeSignature", numerator=beats, denominator="4", id=self._id())
        structure = ElementTree.SubElement(root, "Structure")
        master = self._id()
        ids = [self._track(structure, track, master) for track in session.tracks]
        self._master(structure, master)
        arrangement = ElementTree.SubElement(root, "Arrangement", id=self._id())
        lanes = ElementTree.SubElement(arrangement, "Lanes", timeUnit="beats", id=self._id())
        for track, id in zip(session.tracks, ids, strict=True):
            lane = ElementTree.SubElement(lanes, "Lanes", track=id, id=self._id())
            clips = ElementTree.SubElement(lane, "Clips", id=self._id())
            end = 0
            for item in track.items:
                self._clip(clips, item, max(end - item.start, 0))
                end = item.end
        if session.markers:
            markers = ElementTree.SubElement(arrangement, "Markers", timeUnit="beats", id=self._id())
            for marker in session.markers:
                ElementTree.SubElement(markers, "Marker", time=self._beats(marker.frame), name=_text(marker.name))
        ElementTree.SubElement(root, "Scenes")
        return root

    def _id(self) -> str:
        return f"id{next(self._ids)}"

    def _beats(self, frames: int) -> str:
        return repr(frames / SONG_RATE * self._session.bpm / 60)

    def _track(self, structure: ElementTree.Element, track: Track, master: str) -> str:
        id = self._id()
        made = ElementTree.SubElement(
            structure, "Track", contentType="audio", loaded="true", id=id, name=_text(track.name)
        )
        channel = ElementTree.SubElement(
            made,
            "Channel",
            role="regular",
            audioChannels="2",
            destination=master,
            solo=_bool(track.solo),
            id=self._id(),
        )
        self._levels(channel, track.gain, track.balance, track.mute)
        return id

    def _master(self, structure: ElementTree.Element, id: str) -> None:
        made = ElementTree.SubElement(structure, "Track", loaded="true", id=self._id(), name="Master")
        channel = ElementTree.SubElement(made, "Channel", role="master", audioChannels="2", solo="false", id=id)
        self._levels(channel, 1.0, 0.0, False)

    def _levels(self, channel: ElementTree.Element, gain: float, balance: float, mute: bool) -> None:
        ElementTree.SubElement(channel, "Mute", value=_bool(mute), id=self._id(), name="Mute")
        self._parameter(channel, "Pan", _normalised(balance), "normalized", ("0", "1"))
        self._parameter(channel, "Volume", gain, "linear", ("0", _LOUDEST))

    def _parameter(
        self, parent: ElementTree.Element, name: str, value: float, unit: str, bounds: tuple[str, str]
    ) -> None:
        ElementTree.SubElement(
            parent, name, min=bounds[0], max=bounds[1], unit=unit, value=repr(value), id=self._id(), name=name
        )

    def _clip(self, clips: ElementTree.Element, item: Item, over: int) -> None:
        """A section; where it is faded over from the one before, it begins where that ends, and reaches back."""
        wave = next(wave for wave in self._session.waves if wave.file == item.wave)
        clip = ElementTree.SubElement(
            clips,
            "Clip",
            time=self._beats(item.start + over),
            duration=self._beats(item.length - over),
            contentTimeUnit="seconds",
            playStart=_seconds(item.offset + over),
            playStop=_seconds(item.offset + item.length),
            fadeTimeUnit="seconds",
            fadeInTime=_seconds(-over if over else item.fade_in.frames),
            fadeOutTime=_seconds(item.fade_out.frames),
            name=_text(item.name),
            comment=f"fade in: {item.fade_in.curve}; fade out: {item.fade_out.curve}",
        )
        plain = item.gain == 1.0 and item.balance == 0.0
        content = clip if plain else ElementTree.SubElement(clip, "Lanes", timeUnit="seconds", id=self._id())
        audio = ElementTree.SubElement(
            content,
            "Audio",
            timeUnit="seconds",
            duration=_seconds(wave.frames),
            sampleRate=str(SONG_RATE),
            channels="2",
            algorithm="raw",
            id=self._id(),
        )
        ElementTree.SubElement(audio, "File", path=f"{AUDIO}/{wave.file}")
        if item.gain != 1.0:
            self._expression(content, "gain", item.gain, "linear")
        if item.balance:
            self._expression(content, "pan", _normalised(item.balance), "normalized")

    def _expression(self, content: ElementTree.Element, name: str, value: float, unit: str) -> None:
        points = ElementTree.SubElement(content, "Points", timeUnit="seconds", unit=unit, id=self._id())
        ElementTree.SubElement(points, "Target", expression=name)
        ElementTree.SubElement(points, "RealPoint", time="0.0", value=repr(value), interpolation="hold")


def _seconds(frames: int) -> str:
    return repr(frames / SONG_RATE)


def _normalised(balance: float) -> float:
    return (balance + 1) / 2


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _text(text: str) -> str:
    """Without what XML has no way to write."""
    return "".join(
        sign for sign in text if sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff"
    )
