"""New sound from a checkpoint: several clips at once, each from its own seed."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resources.files import replacing, write_whole
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.writing import sound_file
from samplernn.checkpoint import CheckpointMetadata, load_checkpoint
from samplernn.device import pick_device
from samplernn.engines.choice import EngineName
from samplernn.errors import SoundError
from samplernn.generation.priming import AlbumPrime, Prime, begin
from samplernn.generation.sampling import DEFAULT_PARAMETERS, SamplingParameters
from samplernn.generation.stream import Stream

_SHORTEST, _LONGEST = 1e-3, 3600.0
"""Seconds; the shortest clip is a sample at the lowest rate."""
_SEEDS = 2**62
"""Torch takes no more than twice that."""


def generate(
    checkpoint: Path,
    *,
    seconds: float,
    seeds: Sequence[int],
    parameters: SamplingParameters | Sequence[SamplingParameters] = DEFAULT_PARAMETERS,
    prime: Prime | AlbumPrime | None = None,
    device: str = "auto",
    engine: EngineName = "auto",
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> NDArray[np.float32]:
    """Clips [len(seeds), seconds * rate], in -1..1, at the rate of the checkpoint.

    `parameters` is one for all clips, or one for each. With a `prime`, which runs through the whole network first, the
    clips go on where it ends; without one they begin in silence.

    Raises:
        SoundError: a checkpoint that cannot be used, or settings out of range.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    stream, metadata = _stream(checkpoint, seconds, seeds, parameters, prime, device, engine, cancelled)
    samples = round(seconds * metadata.rate)
    sound = np.empty((len(seeds), samples), dtype=np.float32)
    done = 0
    for block in _reported(stream, metadata, samples, report, cancelled):
        sound[:, done : done + block.shape[1]] = block
        done += block.shape[1]
    return sound


def generate_to_files(
    checkpoint: Path,
    folder: Path,
    names: Sequence[str],
    *,
    seconds: float,
    seeds: Sequence[int],
    parameters: SamplingParameters | Sequence[SamplingParameters] = DEFAULT_PARAMETERS,
    prime: Prime | AlbumPrime | None = None,
    device: str = "auto",
    engine: EngineName = "auto",
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> list[Path]:
    """One FLAC file (24 bit, mono) and one JSON file for each of `names`, written as the sound is made.

    The JSON holds id, checkpoint, epoch, seed, temperature (the first of an envelope), seconds, rate, made, the name of
    the prime, what else was asked of the clip, and its degenerations. Where anything goes wrong or the
    work is cancelled, no file is left.

    Raises:
        SoundError: as for `generate`, names that cannot be file names, or a file that cannot be written.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    if len(names) != len(seeds) or len(set(names)) != len(names):
        raise SoundError("Every clip needs one seed and a name of its own.")
    if any(not name or Path(name).name != name or "\\" in name for name in names):
        raise SoundError("A clip cannot have that name.", "Use letters, digits and dashes.")
    stream, metadata = _stream(checkpoint, seconds, seeds, parameters, prime, device, engine, cancelled)
    paths = [folder / f"{name}.flac" for name in names]
    samples = round(seconds * metadata.rate)
    try:
        with ExitStack() as stack:
            files = []
            for path in paths:
                fresh = stack.enter_context(replacing(path))
                files.append(stack.enter_context(sound_file(fresh, metadata.rate, 1, "FLAC", "PCM_24")))
            for block in _reported(stream, metadata, samples, report, cancelled):
                for file, sound in zip(files, block, strict=True):
                    file.write(sound)
        shared = {
            "checkpoint": checkpoint.stem, "run": metadata.run, "epoch": metadata.epoch,
            "seconds": samples / metadata.rate, "rate": metadata.rate, "made": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            **({} if prime is None else {"prime": prime.name}),
        }  # fmt: skip
        for clip, (name, path, seed) in enumerate(zip(names, paths, seeds, strict=True)):
            facts = {"id": name, "seed": seed, **_steered(stream, clip), **shared}
            write_whole(path.with_suffix(".json"), json.dumps(facts, indent=1))
    except OSError as error:
        for path in paths:
            path.unlink(missing_ok=True)
            path.with_suffix(".json").unlink(missing_ok=True)
        raise SoundError.from_os_error("The clips could not be written", error) from error
    return paths


def _stream(
    checkpoint: Path,
    seconds: float,
    seeds: Sequence[int],
    parameters: SamplingParameters | Sequence[SamplingParameters],
    prime: Prime | AlbumPrime | None,
    device: str,
    engine: EngineName,
    cancelled: Cancelled,
) -> tuple[Stream, CheckpointMetadata]:
    if not _SHORTEST <= seconds <= _LONGEST:
        raise SoundError("A clip is at least a thousandth of a second and at most an hour long.")
    if not seeds or min(seeds) < 0 or max(seeds) >= _SEEDS:
        raise SoundError("Every clip needs a seed, a whole number from 0 that has 18 digits at most.")
    each = [parameters] * len(seeds) if isinstance(parameters, SamplingParameters) else list(parameters)
    if len(each) != len(seeds):
        raise SoundError("Every clip needs settings of its own, or all the same.")
    model, metadata = load_checkpoint(checkpoint, pick_device(device))
    state = begin(model, seeds, prime, rate=metadata.rate, cancelled=cancelled)
    again = functools.partial(begin, model, prime=prime if isinstance(prime, AlbumPrime) else None, rate=metadata.rate)
    return Stream(model, seeds, each, rate=metadata.rate, state=state, fresh=again, engine=engine), metadata


def _steered(stream: Stream, clip: int) -> dict[str, Any]:
    """What the clip's file tells of how it was drawn."""
    parameters = stream.parameters[clip]
    curved = isinstance(parameters.temperature, tuple)
    stuck = [degeneration for degeneration in stream.degenerations if degeneration.clip == clip]
    return {
        "temperature": parameters.points[0][1],
        **({"temperatures": parameters.points} if curved else {}),
        **({"top_k": parameters.top_k} if parameters.top_k else {}),
        **({"top_p": parameters.top_p} if parameters.top_p < 1.0 else {}),
        **({"escapes": [{"at": each.seconds, "from": each.kind, "by": each.help} for each in stuck]} if stuck else {}),
    }


def _reported(
    stream: Stream, metadata: CheckpointMetadata, samples: int, report: Report, cancelled: Cancelled
) -> Iterator[NDArray[np.float32]]:
    clips = len(stream.parameters)
    doing = "Generating a clip" if clips == 1 else f"Generating {clips} clips"
    stop_if(cancelled)
    for block in stream:
        stop_if(cancelled)
        left = samples - (stream.samples - block.shape[1])
        yield block[:, :left]
        report(min(stream.samples / samples, 1.0), f"{doing} (epoch {metadata.epoch})")
        if stream.samples >= samples:
            return
