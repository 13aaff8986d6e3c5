"""Keeping what was heard live: a take becomes a clip like any other."""

from __future__ import annotations

from pathlib import Path

from app.document.errors import UserError
from app.document.model import Clip, Project
from app.document.store import ProjectFolder
from app.studio.generation.clip_files import new_clips, read_clip
from app.studio.generation.live import Take
from samplernn.audio.writing import write_sound
from samplernn.checkpoint_paths import checkpoint_name
from samplernn.generation.clip_sidecar import ClipSidecar


def keep_take(project: Project, folder: Path, take: Take) -> Clip:
    """Writes a take as a FLAC file (24 bit, mono), with a sidecar that tells how it was made.

    Raises:
        UserError, SoundError: it cannot be written; no file is left behind.
    """
    place = ProjectFolder(folder)
    try:
        with new_clips(project, place, 1) as (name,):
            sound = place.clips / f"{name}.flac"
            write_sound(sound, take.sound, take.rate, subtype="PCM_24")
            _sidecar(name, take).write(sound.with_suffix(".json"))
            clip = read_clip(place, name)
    except OSError as error:
        raise UserError.from_os_error("What was heard could not be kept", error) from error
    if clip is None:
        raise UserError("What was heard could not be kept.", "Try it again.")
    return clip


def _sidecar(name: str, take: Take) -> ClipSidecar:
    points = take.temperatures
    return ClipSidecar(
        id=name,
        run=take.run,
        epoch=take.epoch,
        rate=take.rate,
        seconds=len(take.sound) / take.rate,
        seed=take.seed,
        temperature=points[0][1],
        temperatures=points if len(points) > 1 else (),
        escapes=take.escapes,
        live=take.begin / take.rate,
        checkpoint=checkpoint_name(take.epoch),
    )
