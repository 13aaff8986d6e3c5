"""Keeping what was heard live: a recording becomes a clip like any other."""

from __future__ import annotations

from pathlib import Path

from app.document.errors import UserError
from app.document.model import Clip, Project
from app.document.store import ProjectFolder
from app.studio.generation.clip_files import new_clips, read_clip
from app.studio.generation.live import LiveRecording
from samplernn.audio.writing import Encoding, write_sound
from samplernn.checkpoint_paths import checkpoint_name
from samplernn.generation.clip_sidecar import GUIDE_SUFFIX, ClipSidecar
from samplernn.guides.guide_file import write_guide


def keep_recording(project: Project, folder: Path, recording: LiveRecording) -> Clip:
    """Writes a recording as a FLAC file (24 bit, mono), with a sidecar that tells how it was made.

    Raises:
        UserError, SoundError: it cannot be written; no file is left behind.
    """
    place = ProjectFolder(folder)
    try:
        with new_clips(project, place, 1) as (name,):
            sound = place.clips / f"{name}.flac"
            write_sound(sound, recording.sound, recording.rate, format=Encoding(subtype="PCM_24"))
            if recording.guide.last is not None:
                write_guide(sound.with_suffix(GUIDE_SUFFIX), recording.guide.last)
            _sidecar(name, recording).write(sound.with_suffix(".json"))
            clip = read_clip(place, name)
    except OSError as error:
        raise UserError.from_os_error("What was heard could not be kept", error) from error
    if clip is None:
        raise UserError("What was heard could not be kept.", "Try it again.")
    return clip


def _sidecar(name: str, recording: LiveRecording) -> ClipSidecar:
    points, guide = recording.temperatures, recording.guide
    return ClipSidecar(
        id=name,
        run=recording.run,
        epoch=recording.epoch,
        rate=recording.rate,
        seconds=len(recording.sound) / recording.rate,
        seed=recording.seed,
        temperature=points[0][1],
        temperatures=points if len(points) > 1 else (),
        escapes=recording.escapes,
        live=recording.begin / recording.rate,
        guide=guide.name,
        follow=guide.follow,
        bpm=guide.bpm,
        first_bar=guide.first_bar,
        checkpoint=checkpoint_name(recording.epoch),
    )
