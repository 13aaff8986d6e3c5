"""New sound from a checkpoint: several clips at once, each from its own seed."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resources.files import replacing
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.writing import sound_file
from samplernn.checkpoint import CheckpointMetadata, load_checkpoint
from samplernn.device import pick_device
from samplernn.engines.choice import EngineName
from samplernn.errors import SoundError
from samplernn.generation.clip_sidecar import GUIDE_SUFFIX, ClipSidecar
from samplernn.generation.priming import AlbumPrime, Prime, begin
from samplernn.generation.sampling import DEFAULT_PARAMETERS, SamplingParameters
from samplernn.generation.stream import Start, Stream
from samplernn.guides.equaliser import GuideEqualiser
from samplernn.guides.guide import Guide
from samplernn.guides.guide_file import write_guide

_SHORTEST, _LONGEST = 1e-3, 3600.0
"""Seconds; the shortest clip is a sample at the lowest rate."""
_MOST_TOGETHER = 10_000
"""Clips."""
_SEEDS = 2**62
"""Torch takes no more than twice that."""


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """Clips to generate from one checkpoint."""

    checkpoint: Path
    seconds: float
    """Length of each clip."""
    seeds: Sequence[int]
    """One for each clip."""
    parameters: SamplingParameters | Sequence[SamplingParameters] = DEFAULT_PARAMETERS
    """One for all clips, or one for each."""
    prime: Prime | AlbumPrime | None = None
    """Sound that runs through the whole network first, so that the clips go on from it; None to begin in silence."""
    device: str = "auto"
    engine: EngineName = "auto"
    guides: Sequence[Guide] = ()
    """What each clip is to play along to; none, or one for each."""
    among: tuple[int, int] | None = None
    """Of a single clip that is made again: which clip it was, from 0, of how many that were made together. How its
    guide's filters round depends on that, though on nothing of the others."""


def generate(
    request: GenerationRequest, report: Report = no_report, cancelled: Cancelled = never
) -> NDArray[np.float32]:
    """Clips [len(request.seeds), request.seconds * rate], in -1..1, at the rate of the checkpoint.

    Raises:
        SoundError: a checkpoint that cannot be used, or settings out of range.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    stream, metadata = _stream(request, cancelled)
    samples = round(request.seconds * metadata.rate)
    sound = np.empty((len(request.seeds), samples), dtype=np.float32)
    done = 0
    for block in _played(request, stream, metadata, report, cancelled):
        sound[:, done : done + block.shape[1]] = block
        done += block.shape[1]
    return sound


def generate_to_files(
    request: GenerationRequest,
    folder: Path,
    names: Sequence[str],
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> list[Path]:
    """One FLAC file (24 bit, mono) in `folder` and a `ClipSidecar` beside it for each of `names`, as the sound is made;
    where clips play along to guides, those lie beside them, too.

    Where anything goes wrong or the work is cancelled, no file is left.

    Raises:
        SoundError: as for `generate`, names that cannot be file names, or a file that cannot be written.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    if len(names) != len(request.seeds) or len(set(names)) != len(names):
        raise SoundError("Every clip needs one seed and a name of its own.")
    if any(not name or Path(name).name != name or "\\" in name for name in names):
        raise SoundError("A clip cannot have that name.", "Use letters, digits and dashes.")
    stream, metadata = _stream(request, cancelled)
    paths = [folder / f"{name}.flac" for name in names]
    try:
        with ExitStack() as stack:
            files = []
            for path in paths:
                fresh = stack.enter_context(replacing(path))
                files.append(stack.enter_context(sound_file(fresh, metadata.rate, 1, "FLAC", "PCM_24")))
            for block in _played(request, stream, metadata, report, cancelled):
                for file, sound in zip(files, block, strict=True):
                    file.write(sound)
        for clip, (name, path) in enumerate(zip(names, paths, strict=True)):
            if request.guides:
                write_guide(path.with_suffix(GUIDE_SUFFIX), request.guides[clip])
            _sidecar(name, clip, request, stream, metadata).write(path.with_suffix(".json"))
    except OSError as error:
        for path in paths:
            for beside in (path, path.with_suffix(".json"), path.with_suffix(GUIDE_SUFFIX)):
                beside.unlink(missing_ok=True)
        raise SoundError.from_os_error("The clips could not be written", error) from error
    return paths


def _stream(request: GenerationRequest, cancelled: Cancelled) -> tuple[Stream, CheckpointMetadata]:
    """A stream of all clips at their beginning, and the metadata of the checkpoint.

    Raises:
        SoundError: as for `generate`.
    """
    seeds, parameters, prime = request.seeds, request.parameters, request.prime
    if not _SHORTEST <= request.seconds <= _LONGEST:
        raise SoundError("A clip is at least a thousandth of a second and at most an hour long.")
    if not seeds or min(seeds) < 0 or max(seeds) >= _SEEDS:
        raise SoundError("Every clip needs a seed, a whole number from 0 that has 18 digits at most.")
    if request.among and (len(seeds) > 1 or not 0 <= request.among[0] < request.among[1] <= _MOST_TOGETHER):
        raise SoundError("Only a single clip is made as it was among others.")
    each = [parameters] * len(seeds) if isinstance(parameters, SamplingParameters) else list(parameters)
    if len(each) != len(seeds) or (request.guides and len(request.guides) != len(seeds)):
        raise SoundError("Every clip needs settings of its own, or all the same.")
    model, metadata = load_checkpoint(request.checkpoint, pick_device(request.device))
    guided = any(guide.follow > 0 for guide in request.guides)
    state = begin(model, seeds, prime, rate=metadata.rate, guided=guided, cancelled=cancelled)
    anew = prime if isinstance(prime, AlbumPrime) else None
    again = functools.partial(begin, model, prime=anew, rate=metadata.rate, guided=guided)
    start = Start(state, again, request.guides)
    stream = Stream(model, seeds, each, rate=metadata.rate, start=start, engine=request.engine)
    return stream, metadata


def _sidecar(
    name: str, clip: int, request: GenerationRequest, stream: Stream, metadata: CheckpointMetadata
) -> ClipSidecar:
    """What the file beside clip number `clip` of the stream is to tell."""
    parameters = stream.parameters[clip]
    guide = request.guides[clip] if request.guides else None
    return ClipSidecar(
        id=name,
        run=metadata.run,
        epoch=metadata.epoch,
        rate=metadata.rate,
        seconds=round(request.seconds * metadata.rate) / metadata.rate,
        seed=request.seeds[clip],
        temperature=parameters.points[0][1],
        temperatures=parameters.points if isinstance(parameters.temperature, tuple) else (),
        top_k=parameters.top_k,
        top_p=parameters.top_p,
        escapes=[degeneration for degeneration in stream.degenerations if degeneration.clip == clip],
        checkpoint=request.checkpoint.stem,
        prime=request.prime.name if request.prime is not None else "",
        guide=guide.name if guide else "",
        follow=guide.follow if guide else None,
        manner=guide.manner if guide else "",
        bpm=guide.bpm if guide else None,
        first_bar=guide.first_bar if guide else 0.0,
        again=_again(request, clip, parameters, stream.engine),
    )


def _again(request: GenerationRequest, clip: int, parameters: SamplingParameters, engine: str) -> dict[str, Any]:
    """What the other keys of a sidecar leave open: `escape`; `engine`; `asked_seconds`, the length that was asked for;
    `prime`, the `path`, `end` and `gain` of a sound file that the clip goes on from; with a guide also `among`, see
    `GenerationRequest`."""
    prime = request.prime
    facts = {"escape": parameters.escape, "engine": engine, "asked_seconds": request.seconds}
    if isinstance(prime, Prime):
        facts["prime"] = {"path": str(prime.path.absolute()), "end": prime.end, "gain": prime.gain}
    if request.guides:
        facts["among"] = list(request.among or (clip, len(request.seeds)))
    return facts


def _played(
    request: GenerationRequest, stream: Stream, metadata: CheckpointMetadata, report: Report, cancelled: Cancelled
) -> Iterator[NDArray[np.float32]]:
    """The clips block by block, [clips, n], brought to their guides; as long as was asked for."""
    samples = round(request.seconds * metadata.rate)
    blocks = _reported(stream, metadata, samples, report, cancelled)
    if not request.guides:
        yield from blocks
        return
    place, clips = request.among or (0, 1)
    equaliser = GuideEqualiser([*request.guides] * clips, metadata.rate)
    own = slice(place, place + 1) if request.among else slice(None)

    def followed() -> Iterator[NDArray[np.float32]]:
        for block in blocks:
            if request.among:
                alone, block = block, np.zeros((clips, block.shape[1]), np.float32)
                block[own] = alone
            yield equaliser.push(block)[own]
        yield equaliser.end()[own]

    done = 0
    for block in followed():
        yield block[:, : samples - done]
        done += block.shape[1]


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
