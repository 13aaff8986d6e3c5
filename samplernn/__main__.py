"""Training and generating without the rest of Deep Cuts, alone or by several processes on one or more machines.

    python -m samplernn train RUN --dataset DATASET --preset paper
    torchrun --nproc-per-node=8 -m samplernn train RUN --dataset DATASET --preset paper
    torchrun --nproc-per-node=8 -m samplernn generate CHECKPOINT --out FOLDER --count 600 --seconds 60

DATASET is a prepared album, as in the folder “dataset” of a project. Ctrl-C ends a training with a checkpoint. Exit
status: 0 done, 2 the input or the call was wrong, 130 cancelled, 1 our fault.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from resources.files import make_folders, read_json
from resources.progress import Cancelled
from samplernn.config import Preset, preset_from_dict
from samplernn.engines.default_preset import default_preset
from samplernn.errors import SoundError
from samplernn.presets import preset_named
from samplernn.training.events import EpochEnd, Event, Finished, Note, Started, Step
from samplernn.training.page_memory import keep_freed_memory

_DONE, _OUR_FAULT, _WRONG_CALL, _CANCELLED = 0, 1, 2, 130
_CLIPS_PER_BATCH = 16
"""Clips that are generated side by side."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit status."""
    keep_freed_memory()
    asked = _parser().parse_args(arguments)
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    work = {"train": _train, "generate": _generate}[asked.command]
    try:
        return work(asked, stop.is_set)
    except SoundError as error:
        _say(str(error))
        return _WRONG_CALL
    except CancelledError:
        _say("Stopped.")
        return _CANCELLED
    except OSError as error:
        what = f"“{error.filename}” cannot be used" if error.filename else "The work had to end"
        _say(str(SoundError.from_os_error(what, error)))
        return _WRONG_CALL
    except Exception:
        traceback.print_exc()
        return _OUR_FAULT
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="samplernn", description="Train a SampleRNN, and generate with one.")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="teach a model a prepared album")
    train.add_argument("run", type=Path, help="the folder that the run is kept in")
    train.add_argument("--dataset", type=Path, required=True, help="the folder of the prepared album")
    train.add_argument(
        "--preset", help="a preset's name, or the config.json of another run; by default what is best on the device"
    )
    train.add_argument("--epochs", type=int, help="how many epochs in all")
    train.add_argument("--seconds", type=float, help="how long; so much more where it is resumed")
    train.add_argument("--resume", action="store_true", help="go on with the run in the folder")
    generate = commands.add_parser("generate", help="make clips with a checkpoint")
    generate.add_argument("checkpoint", type=Path)
    generate.add_argument("--out", type=Path, required=True, help="the folder that the clips are put in")
    generate.add_argument("--count", type=int, default=1, help="how many clips")
    generate.add_argument("--seconds", type=float, default=10.0, help="how long each of them is")
    generate.add_argument("--temperature", type=float, default=None, help="below 1 tamer, above 1 wilder")
    for command in (train, generate):
        command.add_argument("--seed", type=int, default=0)
        command.add_argument("--device", default="auto", help="cpu, cuda, mps, or auto for the best there is")
    return parser


def _train(asked: argparse.Namespace, stopped: Cancelled) -> int:
    import torch

    from samplernn.data.dataset import Dataset
    from samplernn.device import pick_device
    from samplernn.training.control import Control
    from samplernn.training.distributed import SINGLE_PROCESS, ProcessGroup, TorchrunGroup, torchrun_ranks
    from samplernn.training.options import TrainOptions
    from samplernn.training.trainer import train

    _, local, size = torchrun_ranks()
    device = pick_device(asked.device)
    preset = _preset(asked.preset, on_gpu=device.type != "cpu")
    if device.type == "cuda" and size > 1:
        device = torch.device("cuda", local)
        torch.cuda.set_device(device)
    dataset = Dataset.open(asked.dataset)
    make_folders(asked.run.parent)
    options = TrainOptions(
        epochs=asked.epochs, seconds=asked.seconds, device=str(device), seed=asked.seed, resume=asked.resume
    )
    processes: AbstractContextManager[ProcessGroup] = TorchrunGroup(device) if size > 1 else nullcontext(SINGLE_PROCESS)
    reason = ""
    with processes as group:
        events = train(asked.run, dataset, preset, options, control=Control(stopped), group=group)
        for event in events:
            _tell(event)
            reason = event.reason if isinstance(event, Finished) else reason
    return _CANCELLED if reason == "stopped" else _DONE


def _preset(name: str | None, *, on_gpu: bool) -> Preset:
    """By its name or file; the default where nothing was asked for."""
    if name is None:
        return default_preset(on_gpu=on_gpu)
    return _preset_in(Path(name)) if name.endswith(".json") else preset_named(name)


def _preset_in(path: Path) -> Preset:
    try:
        return preset_from_dict(read_json(path)["preset"])
    except (ValueError, KeyError, TypeError) as fault:
        raise SoundError(f"“{path.name}” holds no preset.", "Name the config.json of a run, or a preset.") from fault


def _tell(event: Event) -> None:
    match event:
        case Started():
            _say(f"Learning on {event.device}: {event.parameters / 1e6:.1f} million parameters.")
        case Step():
            speed = f"{event.samples_per_second / 1e3:.0f} k samples/s"
            _say(f"{event.fraction:4.0%}  epoch {event.epoch}, step {event.step}, {event.bits:.3f} bits, {speed}")
        case EpochEnd():
            _say(f"Epoch {event.epoch}: {event.train_bits:.3f} bits, {event.held_out_bits:.3f} on held-out music.")
        case Note():
            _say(event.text)


def _generate(asked: argparse.Namespace, stopped: Cancelled) -> int:
    from samplernn.generation.generate import GenerationRequest, generate_to_files
    from samplernn.generation.sampling import DEFAULT_PARAMETERS, SamplingParameters
    from samplernn.training.distributed import torchrun_ranks

    rank, local, size = torchrun_ranks()
    device = f"cuda:{local}" if size > 1 and asked.device in ("cuda", "auto") and _gpus() > local else asked.device
    parameters = DEFAULT_PARAMETERS if asked.temperature is None else SamplingParameters(temperature=asked.temperature)
    make_folders(asked.out)
    # whatever the number of processes, the same clips share a batch, so that a clip is the same to the last bit
    starts = range(0, asked.count, _CLIPS_PER_BATCH)
    batches = [range(start, min(start + _CLIPS_PER_BATCH, asked.count)) for start in starts]
    for batch in batches[rank::size]:
        seeds = [asked.seed + number for number in batch]
        request = GenerationRequest(asked.checkpoint, asked.seconds, seeds, parameters, device=device)
        paths = generate_to_files(request, asked.out, [f"clip-{number:05d}" for number in batch], cancelled=stopped)
        sys.stdout.write("".join(f"{path}\n" for path in paths))
        sys.stdout.flush()
    return _DONE


def _gpus() -> int:
    import torch

    return torch.cuda.device_count()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _leave(status: int) -> None:
    """Ends the process at once: torch's communication threads may abort it while the interpreter shuts down."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _leave(main())
