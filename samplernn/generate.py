"""New sound from a checkpoint: several clips at once, each from its own seed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from samplernn.checkpoint import Card, load_checkpoint
from samplernn.device import pick_device
from samplernn.drawing import Draw
from samplernn.engines import open_sampler
from samplernn.errors import SoundError
from samplernn.files import replacing
from samplernn.model import SampleRNN
from samplernn.prime import Prime
from samplernn.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.quantise import decode
from samplernn.starting import after, silence

TEMPERATURE = 0.95
"""A little under 1 keeps clips from running away into noise; much less lets them fall silent."""
_BLOCK = 512
"""Samples between two looks at whether to go on."""
_LONGEST = 3600.0


def stream(
    model: SampleRNN,
    *,
    samples: int,
    seeds: Sequence[int],
    temperature: float = TEMPERATURE,
    prime: NDArray[np.float32] | None = None,
) -> Iterator[NDArray[np.float32]]:
    """Sound in blocks [clips, up to a few hundred samples] until there are `samples`; memory does not grow.

    Each clip draws its noise from its own seed, so it is the same alone and in company, as far as the rounding of the
    matrix products allows. A clip begins in silence, with the first state of the model; or it goes on from where
    `prime` ends, which is sound [n] at the model's rate that has run through the whole network.
    """
    config = model.config
    noise = [np.random.default_rng(seed) for seed in seeds]
    moment = silence(model, seeds)
    if prime is not None:
        moment = after(model, prime, moment)
    sampler = open_sampler(model, moment)
    block = -(-_BLOCK // config.top) * config.top
    clips = len(seeds)
    for begin in range(0, samples, block):
        draw = Draw(
            np.stack([source.random(block, dtype=np.float32) for source in noise]),
            np.full((clips, block), temperature, dtype=np.float32),
            np.zeros(clips, dtype=np.int32),
            np.ones(clips, dtype=np.float32),
        )
        yield decode(sampler.make(draw)[:, : samples - begin], config.levels, config.law)


def generate(
    checkpoint: Path,
    *,
    seconds: float,
    seeds: Sequence[int],
    temperature: float = TEMPERATURE,
    prime: Prime | None = None,
    device: str = "auto",
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> NDArray[np.float32]:
    """Clips [len(seeds), seconds * rate], in -1..1, at the rate of the checkpoint.

    Raises:
        SoundError: a checkpoint that cannot be used, or settings out of range.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    model, card = _opened(checkpoint, seconds, seeds, temperature, device)
    heard = None if prime is None else prime.sound_at(card.rate, cancelled)
    samples = round(seconds * card.rate)
    sound = np.empty((len(seeds), samples), dtype=np.float32)
    done = 0
    for block in _reported(model, card, samples, seeds, temperature, heard, report, cancelled):
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
    temperature: float = TEMPERATURE,
    prime: Prime | None = None,
    device: str = "auto",
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> list[Path]:
    """One FLAC file (24 bit, mono) and one JSON file for each of `names`, written as the sound is made.

    The JSON holds id, checkpoint, epoch, seed, temperature, seconds, rate, made and the name of the prime. Where
    anything goes wrong or the work is cancelled, no file is left.

    Raises:
        SoundError: as for `generate`, names that cannot be file names, or a file that cannot be written.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    if len(names) != len(seeds) or len(set(names)) != len(names):
        raise SoundError("Every clip needs one seed and a name of its own.")
    if any(not name or Path(name).name != name or "\\" in name for name in names):
        raise SoundError("A clip cannot have that name.", "Use letters, digits and dashes.")
    model, card = _opened(checkpoint, seconds, seeds, temperature, device)
    heard = None if prime is None else prime.sound_at(card.rate, cancelled)
    paths = [folder / f"{name}.flac" for name in names]
    samples = round(seconds * card.rate)
    written: list[Path] = []
    try:
        with ExitStack() as stack:
            files = []
            for path in paths:
                fresh = stack.enter_context(replacing(path))
                written.append(fresh)
                file = soundfile.SoundFile(fresh, "w", card.rate, 1, format="FLAC", subtype="PCM_24")
                files.append(stack.enter_context(file))
            for block in _reported(model, card, samples, seeds, temperature, heard, report, cancelled):
                for file, sound in zip(files, block, strict=True):
                    file.write(sound)
            for file, fresh in zip(files, written, strict=True):
                # libsndfile does not tell when the last of a file finds no room
                file.close()
                if soundfile.info(fresh).frames != samples:
                    raise OSError
        shared = {
            "checkpoint": checkpoint.stem, "run": card.run, "epoch": card.epoch, "temperature": temperature,
            "seconds": samples / card.rate, "rate": card.rate, "made": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            **({} if prime is None else {"prime": prime.path.name}),
        }  # fmt: skip
        for name, path, seed in zip(names, paths, seeds, strict=True):
            with replacing(path.with_suffix(".json")) as fresh:
                fresh.write_text(json.dumps({"id": name, "seed": seed, **shared}, indent=1), encoding="utf-8")
    except (OSError, soundfile.SoundFileError) as fault:
        for path in paths:
            path.unlink(missing_ok=True)
            path.with_suffix(".json").unlink(missing_ok=True)
        raise SoundError("The clips could not be written.", "Is the disk full?") from fault
    return paths


def _opened(
    checkpoint: Path, seconds: float, seeds: Sequence[int], temperature: float, device: str
) -> tuple[SampleRNN, Card]:
    if not 0.0 < seconds <= _LONGEST:
        raise SoundError("A clip can be up to an hour long.")
    if not 0.05 <= temperature <= 5.0:
        raise SoundError("The temperature has to lie between 0.05 and 5.")
    if not seeds or min(seeds) < 0:
        raise SoundError("Every clip needs a seed, a whole number from 0.")
    return load_checkpoint(checkpoint, pick_device(device))


def _reported(
    model: SampleRNN,
    card: Card,
    samples: int,
    seeds: Sequence[int],
    temperature: float,
    prime: NDArray[np.float32] | None,
    report: Report,
    cancelled: Cancelled,
) -> Iterator[NDArray[np.float32]]:
    doing = "Generating a clip" if len(seeds) == 1 else f"Generating {len(seeds)} clips"
    done = 0
    stop_if(cancelled)
    for block in stream(model, samples=samples, seeds=seeds, temperature=temperature, prime=prime):
        stop_if(cancelled)
        yield block
        done += block.shape[1]
        report(done / samples, f"{doing} (epoch {card.epoch})")
