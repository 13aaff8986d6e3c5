"""about.json: what a release was learnt from and drawn by, section by section, for programs that want to check it or to
make it again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from app.document.checking import stays_inside
from app.document.errors import UserError
from app.document.model import LONGEST_SONG, SONG_RATE, Clip, Epoch, Frames, Project, Run, Song
from app.document.song_part import in_order
from app.document.store import ProjectFolder
from app.studio.release.credits import Credit, credits_of
from resources.files import LARGEST_JSON, read_whole, write_whole
from resources.progress import Cancelled, never, stop_if
from samplernn.audio.reading import open_sound
from samplernn.checkpoint_paths import checkpoint_path
from samplernn.errors import SoundError
from samplernn.generation.clip_sidecar import ClipSidecar

ABOUT = "about.json"
_LARGEST = 8 * LARGEST_JSON
"""Bytes; it holds what lies beside hundreds of clips."""
_HASHED_AT_ONCE = 1 << 20


class AboutTrack(Struct, frozen=True, kw_only=True):
    """A recording that the model has heard."""

    title: str
    artist: str
    seconds: float
    fingerprint: str
    """Names what is in the file."""


class AboutCheckpoint(Struct, frozen=True, kw_only=True):
    """A state of a model."""

    run: str
    epoch: int
    preset: str
    file: str
    """In the folder of the project."""
    sha256: str
    """Of its weights; "" where they are no longer there."""


class AboutClip(Struct, frozen=True, kw_only=True):
    """How a clip was drawn: as its sidecar has it, see docs/file-formats.md."""

    run: str
    epoch: Epoch
    rate: int
    seconds: float
    seed: int
    temperature: float
    temperatures: tuple[tuple[float, float], ...] = ()
    top_k: int = 0
    top_p: float = 1.0
    prime: str = ""
    guide: str = ""
    follow: float | None = None
    live: float | None = None
    again: dict[str, Any] | None = None
    sha256: str = ""
    """Of its samples as float32, little-endian; "" where they cannot be read."""
    not_again: str = ""
    """Why it cannot be made again; "" where it can."""


class AboutSection(Struct, frozen=True, kw_only=True):
    """A stretch of a clip in a song; frames are counted at 44 100 Hz."""

    number: int
    """In the order of the starts, of those that start together the upper lane's first; from 1."""
    lane: int
    clip: str
    start: Frames
    """Frame of the song."""
    offset: Frames
    """Frame of the clip."""
    length: Annotated[int, Meta(ge=1, le=LONGEST_SONG)]
    gain_db: float
    pan: float


class AboutSong(Struct, frozen=True, kw_only=True):
    """A song of the release."""

    number: int
    title: str
    isrc: str
    sections: tuple[AboutSection, ...]


class About(Struct, frozen=True, kw_only=True):
    """All of it."""

    version: Literal[1] = 1
    made: str
    made_with: str
    title: str
    artist: str
    learnt_from: dict[str, Any]
    checkpoints: tuple[AboutCheckpoint, ...]
    clips: dict[Annotated[str, Meta(max_length=64)], AboutClip]
    songs: tuple[AboutSong, ...]
    credits: tuple[Credit, ...] = ()


def about_release(project: Project, folder: Path, songs: Sequence[Song], cancelled: Cancelled = never) -> About:
    """What is known of these songs, which bear the titles of the release.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    used = {part.clip for song in songs for part in in_order(song)}
    clips = [clip for clip in project.clips if clip.id in used]
    album = project.album
    heard = [track for track in album.tracks if track.on]
    return About(
        made=date.today().isoformat(),
        made_with=f"Deep Cuts {version('deepcuts')}",
        title=project.release.title,
        artist=project.release.artist,
        learnt_from={
            "title": album.title,
            "artist": album.artist,
            "year": album.year,
            "tracks": [
                AboutTrack(title=one.title, artist=one.artist, seconds=one.seconds, fingerprint=one.fingerprint)
                for one in heard
            ],
        },
        checkpoints=tuple(_checkpoints(project, folder, clips, cancelled)),
        clips={clip.id: _clip(ProjectFolder(folder), clip, cancelled) for clip in clips},
        songs=tuple(_song(number, song) for number, song in enumerate(songs, start=1)),
        credits=credits_of(project, songs),
    )


def write_about(about: About, release: Path) -> None:
    """Writes it into the folder of a release.

    Raises:
        OSError: it cannot be written.
    """
    write_whole(release / ABOUT, msgspec.json.format(msgspec.json.encode(about), indent=1))


def read_about(path: Path) -> About:
    """What was written, from the file or from the folder of its release.

    Raises:
        UserError: it is not there, or none of ours.
    """
    try:
        path = path / ABOUT if path.is_dir() else path
        about = msgspec.json.decode(read_whole(path, _LARGEST), type=About)
        if not all(stays_inside(name) for id, clip in about.clips.items() for name in (id, clip.run)):
            raise ValueError("it names files outside of the project")
        return about
    except OSError as error:
        raise UserError.from_os_error(f"“{path}” cannot be read", error) from error
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"“{path.name}” does not tell of a release.", f"Choose the {ABOUT} beside its songs."
        ) from error


def sha256_of_file(path: Path, cancelled: Cancelled = never) -> str:
    """Of its bytes; "" where it cannot be read.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_HASHED_AT_ONCE):
                stop_if(cancelled)
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def sha256_of_sound(path: Path, cancelled: Cancelled = never) -> str:
    """Of its samples as float32, little-endian, so that it is the same however they are packed; "" where it cannot be
    read.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    digest = hashlib.sha256()
    try:
        with open_sound(path, cancelled) as stream:
            for block in stream.blocks(cancelled):
                digest.update(block.astype("<f4").tobytes())
    except SoundError:
        return ""
    return digest.hexdigest()


def _checkpoints(
    project: Project, folder: Path, clips: Iterable[Clip], cancelled: Cancelled
) -> Iterable[AboutCheckpoint]:
    presets: dict[str, Run] = {run.id: run for run in project.runs}
    for run, epoch in sorted({(clip.run, clip.epoch) for clip in clips}):
        path = checkpoint_path(ProjectFolder(folder).runs / run, epoch)
        yield AboutCheckpoint(
            run=run,
            epoch=epoch,
            preset=presets[run].preset if run in presets else "",
            file=path.relative_to(folder).as_posix(),
            sha256=sha256_of_file(path, cancelled),
        )


def _clip(place: ProjectFolder, clip: Clip, cancelled: Cancelled) -> AboutClip:
    path = place.path / clip.file
    known = AboutClip(
        run=clip.run, epoch=clip.epoch, rate=clip.rate, seconds=clip.seconds, seed=clip.seed,
        temperature=clip.temperature, guide=clip.guide, sha256=sha256_of_sound(path, cancelled),
    )  # fmt: skip
    try:
        sidecar = ClipSidecar.read_in_full(path.with_suffix(".json"))
    except (OSError, ValueError):
        return msgspec.structs.replace(known, not_again="The file beside the clip, which tells how, is gone.")
    return msgspec.structs.replace(
        known,
        seconds=sidecar.seconds,
        temperatures=tuple(sidecar.temperatures),
        top_k=sidecar.top_k,
        top_p=sidecar.top_p,
        prime=sidecar.prime,
        follow=sidecar.follow,
        live=sidecar.live,
        again=_without_paths(dict(sidecar.again), place.path) if sidecar.again is not None else None,
        not_again=_not_again(sidecar),
    )


def _not_again(sidecar: ClipSidecar) -> str:
    if sidecar.live is not None:
        return "It was kept from live sound, which was played by hand."
    if sidecar.again is None and (sidecar.guide or sidecar.prime not in ("", "album") or sidecar.escapes):
        return "It was made by an older Deep Cuts, which did not note all that it was made from."
    if sidecar.guide and "guide" not in (sidecar.again or {}):
        return "What it plays along to was made for this once."
    return ""


def _without_paths(again: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The same with no path but those within the project: a release tells nobody where its artist keeps files."""
    for name, key in (("prime", "path"), ("guide", "recording")):
        part = again.get(name)
        if isinstance(part, dict) and isinstance(part.get(key), str) and part[key]:
            again[name] = {**part, key: _within(Path(part[key]), folder)}
    return again


def _within(path: Path, folder: Path) -> str:
    inside = path.is_relative_to(folder.absolute())
    return path.relative_to(folder.absolute()).as_posix() if inside else path.name


def _song(number: int, song: Song) -> AboutSong:
    lanes = {part.id: place for place, lane in enumerate(song.lanes, start=1) for part in lane.sections}
    return AboutSong(
        number=number,
        title=song.title,
        isrc=song.isrc,
        sections=tuple(
            AboutSection(
                number=place, lane=lanes[part.id], clip=part.clip, start=part.start, offset=part.offset,
                length=part.length, gain_db=part.gain_db, pan=part.pan,
            )
            for place, part in enumerate(in_order(song), start=1)
        ),
    )  # fmt: skip


def samples_of(section: AboutSection, rate: int) -> range:
    """Which samples of its clip, at the clip's own rate, a section has."""
    return range(section.offset * rate // SONG_RATE, -(-(section.offset + section.length) * rate // SONG_RATE))
