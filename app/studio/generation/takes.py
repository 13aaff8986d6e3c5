"""Keeping what was heard live: a take becomes a clip like any other."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from app.document.errors import UserError
from app.document.model import Clip, Project
from app.document.store import ProjectFolder
from app.studio.generation.clip_files import new_clips, read_clip
from app.studio.generation.live import Take
from resources.files import write_whole
from samplernn.audio.writing import write_sound
from samplernn.checkpoint_paths import checkpoint_name


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
            write_whole(sound.with_suffix(".json"), json.dumps(_facts(name, take), indent=1))
            clip = read_clip(place, name)
    except OSError as error:
        raise UserError.from_os_error("What was heard could not be kept", error) from error
    if clip is None:
        raise UserError("What was heard could not be kept.", "Try it again.")
    return clip


def _facts(name: str, take: Take) -> dict[str, Any]:
    points, escapes = take.temperatures, take.escapes
    return {
        "id": name,
        "seed": take.seed,
        "temperature": points[0][1],
        **({"temperatures": points} if len(points) > 1 else {}),
        **({"escapes": [{"at": e.seconds, "from": e.kind, "by": e.help} for e in escapes]} if escapes else {}),
        "live": take.begin / take.rate,
        "checkpoint": checkpoint_name(take.epoch),
        "run": take.run,
        "epoch": take.epoch,
        "seconds": len(take.sound) / take.rate,
        "rate": take.rate,
        "made": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
