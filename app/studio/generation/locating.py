"""Puts back the sound of a clip whose file was lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.errors import UserError
from app.document.model import Clip
from resources.progress import Cancelled, Report, never, no_report
from samplernn.audio.reading import Encoding, mono_blocks, open_sound, write_blocks


def locate_clip(
    folder: Path, clip: Clip, path: Path, *, report: Report = no_report, cancelled: Cancelled = never
) -> None:
    """Puts the sound of the file `path` where the project in `folder` keeps that of `clip`.

    The file fits where it has the rate and, sample by sample, the length of the clip; its name does not matter.

    Raises:
        UserError: it does not fit; nothing is changed.
        SoundError: it cannot be read, or the project cannot be written to; nothing is changed.
        concurrent.futures.CancelledError: once `cancelled()`; nothing is changed.
    """
    with open_sound(path) as stream:
        rate = stream.info.rate
        samples = 0
        for block in stream.blocks(cancelled):
            samples += len(block)
            report(min(0.5 * samples / max(clip.samples, 1), 0.5), f"Looking at “{path.name}”")
    if (rate, samples) != (clip.rate, clip.samples):
        raise UserError(
            f"“{path.name}” is not this clip: it lasts {samples / rate:.2f} s at {rate / 1000:g} kHz, "
            f"and the clip {clip.seconds:.2f} s at {clip.rate / 1000:g} kHz.",
            f"Look for “{Path(clip.file).name}”, or a copy of it.",
        )

    def told() -> Iterator[NDArray[np.float32]]:
        done = 0
        with open_sound(path) as stream:
            for block in mono_blocks(stream.blocks(cancelled), rate, rate):
                yield block[:, None]
                done += len(block)
                report(0.5 + 0.5 * done / samples, "Putting it into the project")

    write_blocks(folder / clip.file, told(), rate, 1, format=Encoding("flac", subtype="PCM_24"), cancelled=cancelled)
