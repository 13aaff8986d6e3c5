"""Learning in the shell: a project's album is prepared and taught to a model, told as progress and lines."""

from __future__ import annotations

from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

from app.document.edits.made import put_run_last
from app.document.errors import UserError
from app.document.model import Project, Run
from app.document.opening import held_project
from app.document.store import save_project
from app.document.writable import try_writing
from app.shell.duration import say_duration
from app.shell.running import complain
from app.studio.training.instrument import preset_for, run_preset
from app.studio.training.train import (
    Baseline,
    Prepared,
    TrainingPlan,
    epochs_on_top,
    found_runs,
    learn,
    with_found_runs,
)
from resources.progress import Cancelled, Report
from samplernn.config import Preset
from samplernn.data.split import VALID
from samplernn.presets import preset_named
from samplernn.training.control import Control
from samplernn.training.events import EpochEnd, Event, Finished, Note, Started, Step


@dataclass(frozen=True)
class TrainRequest:
    """What `deepcuts train` was asked for."""

    preset: str | None = None
    """None for what is best on the device."""
    epochs: int | None = None
    seconds: float | None = None
    device: str = "auto"
    seed: int = 0
    resume: bool = False
    """Whether to go on with the newest run; that has its own preset."""


def train(folder: Path, request: TrainRequest, report: Report, cancelled: Cancelled) -> Run:
    """Begins a run of the project in `folder`, or goes on with its newest one; every epoch is saved at once.

    Raises:
        UserError, SoundError: where that cannot be.
        concurrent.futures.CancelledError: once `cancelled()`, after a checkpoint.
    """
    with held_project(folder) as held:
        project = with_found_runs(held, found_runs(folder))
        try_writing(folder)
        run = _newest(project) if request.resume else Run(id="", preset=_preset_name(request))
        plan, music = _plan(folder, run, request), 0.0
        events = learn(lambda: project, folder, plan, Control(cancelled), report, previews=False)
        for event in events:
            match event:
                case Prepared():
                    for name, warning in event.report.warnings:
                        complain(f"{name}: {warning}")
                    music = event.report.seconds
                case Baseline():
                    left = None if plan.epochs is None else max(plan.epochs - run.epoch, 0)
                    takes = what_it_takes(plan.preset, plan.device, music, epochs=left, seconds=plan.seconds)
                    complain(f"A simple formula reaches {event.linear_bits:.3f} bits on held-out music.")
                    complain(f"It will take {takes}.")
                case Run():
                    run = event
                    project = put_run_last(project, run)
                    save_project(folder, project)
                case Started() | Step() | EpochEnd() | Note() | Finished():
                    _tell(event, report)
    if cancelled():
        raise CancelledError
    return run


def _plan(folder: Path, run: Run, request: TrainRequest) -> TrainingPlan:
    # a run of custom numbers is not among the presets that have a name
    preset = (run_preset(folder, run.id) if request.resume else None) or preset_named(run.preset)
    epochs = (
        epochs_on_top(request.epochs, run.epoch) if request.resume and request.epochs is not None else request.epochs
    )
    return TrainingPlan(preset, epochs, request.seconds, run.id, request.device, request.seed)


def _preset_name(request: TrainRequest) -> str:
    return preset_for(request.device).name if request.preset is None else request.preset


def what_it_takes(
    preset: Preset, device: str, music: float, *, epochs: int | None = None, seconds: float | None = None
) -> str:
    """Time and memory in words, e.g. "about 40 min 00 s on this machine (12 min 00 s per epoch) and 0.2 GB of memory".

    Measured by a few small steps.

    Args:
        music: seconds of the album.
        epochs: that are still to be learnt; with neither these nor `seconds`, those of the preset.
        seconds: that it may take.

    Raises:
        SoundError: no such device, or the memory is too small for even one stream.
    """
    from samplernn.device import pick_device
    from samplernn.training.cost_estimate import estimate_cost

    found = estimate_cost(preset, pick_device(device))
    epoch = found.seconds_per_epoch(preset, VALID * music * preset.rate)
    whole = (preset.train.epochs if epochs is None else epochs) * epoch if seconds is None else seconds
    about = "" if seconds is not None else "about "
    return (
        f"{about}{say_duration(max(whole, 1.0))} on this machine (about {say_duration(max(epoch, 1.0))} per epoch) "
        f"and {max(found.bytes / 1e9, 0.1):.1f} GB of memory"
    )


def _newest(project: Project) -> Run:
    if not project.runs:
        raise UserError("There is no run to go on with.", "Start one: deepcuts train without --resume.")
    return project.runs[-1]


def _tell(event: Event, report: Report) -> None:
    match event:
        case Started():
            complain(f"Learning on {event.device}: {event.parameters / 1e6:.1f} million parameters.")
        case Step():
            speed = f"{event.samples_per_second / 1e3:.0f} k samples/s"
            report(event.fraction, f"epoch {event.epoch}, {event.bits:.3f} bits, {speed}")
        case EpochEnd():
            best = ", the best so far" if event.best else ""
            complain(
                f"Epoch {event.epoch}: {event.train_bits:.3f} bits in training, "
                f"{event.held_out_bits:.3f} on held-out music{best} ({say_duration(event.seconds)})."
            )
        case Note():
            complain(event.text)
        case Finished():
            report(1.0, "learnt")
