"""A section of a release, generated once more from its about.json and the project."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import numpy as np
from numpy.typing import NDArray

from app.document.errors import UserError
from app.document.store import ProjectFolder
from app.studio.checkpoints import checkpoint_of
from app.studio.generation.generate import SamplingParameters, one_thread
from app.studio.generation.kept_guide import KeptGuide, guide_again, kept_guide
from app.studio.generation.priming import album_prime
from app.studio.release.about import About, AboutClip, AboutSection, samples_of, sha256_of_file, sha256_of_sound
from resources.progress import Cancelled, Report, never, no_report
from samplernn.audio.reading import Encoding, read_sound, write_sound
from samplernn.generation.clip_sidecar import ClipSidecar

if TYPE_CHECKING:
    from samplernn.generation.generate import GenerationRequest
    from samplernn.generation.priming import AlbumPrime, Prime
    from samplernn.guides.guide import Guide

_NAME = "again"


@dataclass(frozen=True, eq=False)
class SectionAgain:
    """A section that was generated once more.

    Attributes:
        clip: the id of its clip.
        sound: float32 [samples], mono, as the model made it: without gain, fades and finish.
        rate: in Hz.
        is_same: whether all of the clip came out as it was at the export, to the last bit; None where the export could
            not read it.
    """

    clip: str
    sound: NDArray[np.float32]
    rate: int
    is_same: bool | None


def section_again(
    folder: Path,
    about: About,
    song: int,
    section: int,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> SectionAgain:
    """Generates the clip of a section anew and cuts the section out of it.

    It comes out to the last bit by the same generator as then; see `samplernn.engines.choice`.

    Args:
        folder: of the project.
        song, section: their numbers, from 1.

    Raises:
        UserError: there is no such section, its checkpoint is gone or another one, or it cannot be made again.
        SoundError: something that it was made from cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from samplernn.generation.generate import generate_to_files

    part = _part(about, song, section)
    known = about.clips.get(part.clip)
    if known is None:
        raise UserError(f"Nothing is told of the clip {part.clip}.", "It was missing when the album was exported.")
    request = _request(ProjectFolder(folder), about, part.clip, known, report, cancelled)
    with tempfile.TemporaryDirectory(prefix="deepcuts-") as place, one_thread():
        (path,) = generate_to_files(request, Path(place), [_NAME], report, cancelled)
        is_same = sha256_of_sound(path, cancelled) == known.sha256 if known.sha256 else None
        sound, rate = read_sound(path, cancelled)
    wanted = samples_of(part, rate)
    return SectionAgain(part.clip, sound[wanted.start : wanted.stop, 0], rate, is_same)


def write_section(again: SectionAgain, out: Path) -> None:
    """Writes it as a WAV file of 24 bits, whole or not at all.

    Raises:
        SoundError: it cannot be written.
    """
    write_sound(out, again.sound, again.rate, format=Encoding("wav", "PCM_24"))


def _part(about: About, song: int, section: int) -> AboutSection:
    if not 1 <= song <= len(about.songs):
        raise UserError(f"There is no song {song}.", f"The release has {len(about.songs)}.")
    parts = about.songs[song - 1].sections
    if not 1 <= section <= len(parts):
        raise UserError(f"Song {song} has no section {section}.", f"It has {len(parts)}.")
    return parts[section - 1]


def _request(
    place: ProjectFolder, about: About, id: str, clip: AboutClip, report: Report, cancelled: Cancelled
) -> GenerationRequest:
    from samplernn.engines.choice import EngineName
    from samplernn.generation.generate import GenerationRequest

    if clip.not_again:
        raise UserError(f"The clip {id} cannot be generated again.", clip.not_again)
    checkpoint = checkpoint_of(place.path, clip.run, clip.epoch)
    wanted = {one.sha256 for one in about.checkpoints if (one.run, one.epoch) == (clip.run, clip.epoch)}
    if sha256_of_file(checkpoint, cancelled) not in wanted:
        raise UserError(
            f"The checkpoint of epoch {clip.epoch} is another one than at the export.", "Use a copy of that project."
        )
    noted = _noted(place, id, clip)
    try:
        seconds, escape = float(noted.get("asked_seconds", clip.seconds)), bool(noted.get("escape", False))
        guides: tuple[Guide, ...] = ()
        if clip.guide:
            guides = guide_again(place, _found(place, kept_guide(noted["guide"])), seconds, report, cancelled)
        engine = noted.get("engine")
        return GenerationRequest(
            checkpoint,
            seconds,
            [clip.seed],
            SamplingParameters(clip.temperatures or clip.temperature, clip.top_k, clip.top_p, escape),
            _prime(place, clip, noted.get("prime")),
            engine=cast(EngineName, engine) if engine in get_args(EngineName) else "auto",
            guides=guides,
            among=_among(noted.get("among")) if guides else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"What is told of the clip {id} is damaged.", "Take the file as it was exported.") from error


def _noted(place: ProjectFolder, id: str, clip: AboutClip) -> dict[str, Any]:
    """What the clip was made from: as the project says, which knows where files are, else as the release says."""
    try:
        sidecar = ClipSidecar.read_in_full(place.clips / f"{id}.json")
    except (OSError, ValueError):
        return clip.again or {}
    same = (sidecar.seed, sidecar.run, sidecar.epoch) == (clip.seed, clip.run, clip.epoch)
    return dict(sidecar.again if same and sidecar.again is not None else clip.again or {})


def _prime(place: ProjectFolder, clip: AboutClip, noted: dict[str, Any] | None) -> Prime | AlbumPrime | None:
    from samplernn.generation.priming import Prime

    if noted is not None:
        path, end = Path(noted["path"]), noted["end"]
        return Prime(place.path / path, float(noted["gain"]), None if end is None else float(end))
    if not clip.prime:
        return None
    album = album_prime(place)
    if album is None:
        raise UserError("The music that the clip begins amid is gone from the project.", "Let it prepare the album.")
    return album


def _among(noted: list[int] | None) -> tuple[int, int] | None:
    if noted is None:
        return None
    place, clips = noted
    return int(place), int(clips)


def _found(place: ProjectFolder, guide: KeptGuide) -> KeptGuide:
    """With the absolute path of its recording."""
    from msgspec.structs import replace

    return replace(guide, recording=str(place.path / guide.recording)) if guide.recording else guide
