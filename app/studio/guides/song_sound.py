"""What part of a song sounds like, as something to play along to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.document.errors import UserError
from app.document.model import SONG_RATE
from app.document.song_part import SongPart
from app.document.store import ProjectFolder
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.mix import Mixer
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.reading import at_rate
from samplernn.guides.framing import Floats

_PIECE = 1 << 17


def sound_of_part(
    place: ProjectFolder,
    part: SongPart,
    seconds: float,
    rate: int,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> Floats:
    """Its first seconds, mixed as the song is and made mono, [n] at this rate.

    Clips are taken without their finish: that changes neither mono sound nor what lies below 7.6 kHz, where guides end.

    Raises:
        UserError: nothing of it can be heard, as the files of its clips are gone or damaged.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    sounds = ClipSounds(place.path, part.clips)
    mixer = Mixer(part.song, sounds)
    end = part.start + min(part.frames, round(seconds * SONG_RATE))
    sections = (section for lane in part.song.lanes for section in lane.sections)
    wanted = {section.clip for section in sections if section.start < end and part.start < section.end}
    sounds.prepare(sorted(wanted), report, cancelled)

    def pieces() -> Iterator[Floats]:
        for start in range(part.start, end, _PIECE):
            stop_if(cancelled)
            yield mixer.mix(start, min(_PIECE, end - start)).mean(axis=1)

    mixed = np.concatenate([np.zeros(0, np.float32), *at_rate(pieces(), SONG_RATE, rate)])
    if sounds.problems and not mixed.any():
        raise UserError(next(iter(sounds.problems.values())), "Choose something else to play along to.")
    return mixed
