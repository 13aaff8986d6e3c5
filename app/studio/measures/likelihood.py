"""The exact likelihood that the model gives to a clip: bits per sample of each of its sections.

An autoregressive network tells how probable each sample is after all before it, and so how likely a whole stretch is:
the mean of -log2 p. Both ends of it sound worse: what hardly surprises is a drone or silence, what surprises most is
noise (Goel et al., "It's raw! Audio generation with state-space models", 2022, leave out both).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.model import Clip
from app.document.store import ProjectFolder
from app.studio.checkpoints import checkpoint_of
from app.studio.measures.kept import keep_bits, kept_bits, with_bits
from app.studio.measures.measured import ClipMeasures
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.reading import read_mono


def clip_with_bits(
    folder: Path, clip: Clip, measures: ClipMeasures, report: Report = no_report, cancelled: Cancelled = never
) -> ClipMeasures:
    """The measures of a clip of the project `folder` with the bits of each section, worked out where they are not kept.

    It takes a fifth of the clip's length or so on one core.

    Raises:
        UserError: the checkpoint that made the clip is gone.
        SoundError: the clip, or the checkpoint, cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    path, cache = folder / clip.file, ProjectFolder(folder).cache
    bits = kept_bits(path, cache)
    if bits is None or len(bits) != len(measures.sections):
        checkpoint = checkpoint_of(folder, clip.run, clip.epoch)
        spans = [(section.start_seconds, section.end_seconds) for section in measures.sections]
        bits = bits_of_stretches(path, checkpoint, spans, report, cancelled)
        keep_bits(path, cache, bits)
    return with_bits(measures, bits)


def bits_of_stretches(
    sound: Path,
    checkpoint: Path,
    stretches: Sequence[tuple[float, float]],
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> NDArray[np.float32]:
    """Bits per sample that the model of a checkpoint needs for stretches of a sound file, float32 [stretches].

    A network that is conditioned on a guide hears that of the sound itself.

    Args:
        stretches: from and to which second; each is scored as if nothing came before it.

    Raises:
        SoundError: the sound, or the checkpoint, cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from samplernn.checkpoint import load_checkpoint
    from samplernn.training.evaluation import Evaluation

    model, metadata = load_checkpoint(checkpoint)
    samples = read_mono(sound, metadata.rate, cancelled)
    spans = [(round(start * metadata.rate), min(round(end * metadata.rate), len(samples))) for start, end in stretches]
    evaluation = Evaluation(samples, spans, model, metadata.rate)
    bits = np.zeros(len(spans), np.float32)
    for done, found in evaluation.bits_of_spans():
        stop_if(cancelled)
        report(done, "Asking the model")
        if found is not None:
            bits = found
    return bits
