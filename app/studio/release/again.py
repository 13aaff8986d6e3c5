"""A section of a release, generated once more from its about.json and the project."""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import numpy as np
from numpy.typing import NDArray

from app.document.checking import stays_inside
from app.document.errors import UserError
from app.document.model import LONGEST_CLIP_SECONDS
from app.document.names import clean_name
from app.document.store import ProjectFolder, load_project
from app.studio.checkpoints import checkpoint_of
from app.studio.generation.generate import SamplingParameters, one_thread
from app.studio.generation.kept_guide import KeptGuide, guide_again, kept_guide
from app.studio.generation.priming import album_prime
from app.studio.release.about import About, AboutClip, AboutSection, samples_of, sha256_of_file, sha256_of_sound
from resources.files import is_there
from resources.progress import Cancelled, Report, never, no_report
from samplernn.audio.reading import Encoding, read_sound, write_sound
from samplernn.generation.clip_sidecar import ClipSidecar

if TYPE_CHECKING:
    from samplernn.generation.generate import GenerationRequest
    from samplernn.generation.priming import AlbumPrime, Prime
    from samplernn.guides.guide import Guide

_NAME = "again"
_AS_EXPORTED = "Take the file as it was exported."


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

    It comes out to the last bit by the same generator as then; see `samplernn.engines.choice`. What is told may come
    from a stranger: nothing that lies outside of the project is read for it, and nothing is written there.

    Args:
        folder: of the project.
        song, section: their numbers, from 1.

    Raises:
        UserError: there is no such project or section, its checkpoint is gone or another one, or it cannot be made
            again.
        SoundError: something that it was made from cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from samplernn.generation.generate import generate_to_files

    part = _part(about, song, section)
    known = about.clips.get(part.clip)
    if known is None:
        raise UserError(f"Nothing is told of the clip {_named(part)}.", "It was missing when the album was exported.")
    load_project(folder)  # which looks through it
    request = _request(ProjectFolder(folder), about, part.clip, known, report, cancelled)
    with tempfile.TemporaryDirectory(prefix="deepcuts-") as place, one_thread():
        (path,) = generate_to_files(request, Path(place), [_NAME], report, cancelled)
        is_same = sha256_of_sound(path, cancelled) == known.sha256 if known.sha256 else None
        sound, rate = read_sound(path, cancelled)
    wanted = samples_of(part, rate)
    if wanted.start >= len(sound):
        raise UserError(f"The section lies behind the end of the clip {_named(part)}.", _AS_EXPORTED)
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


def _named(part: AboutSection) -> str:
    return clean_name(part.clip)


def _request(
    place: ProjectFolder, about: About, id: str, clip: AboutClip, report: Report, cancelled: Cancelled
) -> GenerationRequest:
    from samplernn.engines.choice import EngineName
    from samplernn.generation.generate import GenerationRequest

    if clip.not_again:
        raise UserError(f"The clip {clean_name(id)} cannot be generated again.", clean_name(clip.not_again))
    checkpoint = checkpoint_of(place.path, clip.run, clip.epoch)
    wanted = {one.sha256 for one in about.checkpoints if (one.run, one.epoch) == (clip.run, clip.epoch)}
    if sha256_of_file(checkpoint, cancelled) not in wanted:
        raise UserError(
            f"The checkpoint of epoch {clip.epoch} is another one than at the export.", "Use a copy of that project."
        )
    noted = _noted(place, id, clip)
    try:
        seconds, escape = _number(noted.get("asked_seconds", clip.seconds)), bool(noted.get("escape", False))
        if not 0.0 < seconds <= LONGEST_CLIP_SECONDS:  # its guide would be as long
            raise ValueError("no clip is so long")
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
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise UserError(f"What is told of the clip {clean_name(id)} is damaged.", _AS_EXPORTED) from error


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("no number")
    return number


def _noted(place: ProjectFolder, id: str, clip: AboutClip) -> dict[str, Any]:
    """What the clip was made from: as the project says, which knows where files are, else as the release says.

    Raises:
        UserError: the release names files outside of the project.
    """
    try:
        sidecar = ClipSidecar.read_in_full(place.clips / f"{id}.json")
        if sidecar.again is not None and (sidecar.seed, sidecar.run, sidecar.epoch) == (
            clip.seed,
            clip.run,
            clip.epoch,
        ):
            return dict(sidecar.again)
    except (OSError, ValueError):
        pass
    noted = clip.again or {}
    for name, key in (("prime", "path"), ("guide", "recording")):
        part = noted.get(name)
        file = part.get(key) if isinstance(part, dict) else None
        if file and not (isinstance(file, str) and stays_inside(file)):
            raise UserError(
                f"What the clip {clean_name(id)} was made from does not lie in the project.",
                "It can be generated again only where that file is.",
            )
    return noted


def _prime(place: ProjectFolder, clip: AboutClip, noted: dict[str, Any] | None) -> Prime | AlbumPrime | None:
    from samplernn.generation.priming import Prime

    if noted is not None:
        end = noted["end"]
        return Prime(_path(place, noted["path"]), _number(noted["gain"]), None if end is None else _number(end))
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

    return replace(guide, recording=str(_path(place, guide.recording))) if guide.recording else guide


def _path(place: ProjectFolder, noted: str) -> Path:
    """Where a file is that was noted: among the clips of the project where it was among those of one that is gone, as a
    project may be moved.
    """
    path = place.path / noted
    is_moved = path.parent.name == place.clips.name and not is_there(path)
    return place.clips / path.name if is_moved else path
