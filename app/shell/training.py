"""Learning in the shell: a project's album is prepared and taught to a model, told as progress and lines."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

from msgspec.structs import replace

from app.document.edits.made import put_run_last
from app.document.errors import UserError
from app.document.model import Project, Run
from app.document.opening import held_project
from app.document.store import save_project
from app.document.writable import try_writing
from app.shell.duration import say_duration
from app.shell.running import complain
from app.studio.training.instrument import run_preset
from app.studio.training.train import (
    epochs_on_top,
    found_runs,
    missing_words,
    prepare,
    run_after,
    train_run,
    with_found_runs,
)
from resources.progress import Cancelled, Report
from samplernn.config import Preset
from samplernn.data.split import VALID
from samplernn.presets import preset_named
from samplernn.training.control import Control
from samplernn.training.events import EpochEnd, Event, Finished, Note, Started, Step


def learn(
    folder: Path,
    *,
    preset: str,
    epochs: int | None,
    seconds: float | None,
    device: str,
    seed: int,
    resume: bool,
    report: Report,
    cancelled: Cancelled,
) -> Run:
    """Begins a run of the project in `folder`, or goes on with its newest one; every epoch is saved at once.

    Raises:
        UserError, SoundError: where that cannot be.
        concurrent.futures.CancelledError: once `cancelled()`, after a checkpoint.
    """
    with held_project(folder) as project:
        project = with_found_runs(project, found_runs(folder))
        try_writing(folder)
        run = _newest(project) if resume else Run(id="", preset=preset)
        # a run of custom numbers is not among the presets that have a name
        wanted = (run_preset(folder, run.id) if resume else None) or run.preset
        told = prepare(project, folder, wanted, report, cancelled)
        for name, warning in told.warnings:
            complain(f"{name}: {warning}")
        if told.missing:
            complain(missing_words(told.missing))
        if resume and epochs is not None:
            epochs = epochs_on_top(epochs, run.epoch)
        if not cancelled():
            left = None if epochs is None else max(epochs - run.epoch, 0)
            takes = what_it_takes(wanted, device, told.seconds, epochs=left, seconds=seconds)
            complain(f"It will take {takes}.")
        events = train_run(
            project, folder, preset=wanted, run=run.id,
            epochs=epochs, seconds=seconds, device=device, seed=seed, control=Control(cancelled),
        )  # fmt: skip
        for event in events:
            if isinstance(event, Started):
                run = replace(run, id=event.run)
            if isinstance(event, Started | EpochEnd | Finished):
                run = run_after(run, event)
                project = put_run_last(project, run)
                save_project(folder, project)
            _tell(event, report)
    if cancelled():
        raise CancelledError
    return run


def what_it_takes(
    preset: Preset | str, device: str, music: float, *, epochs: int | None = None, seconds: float | None = None
) -> str:
    """Time and memory in words, e.g. "about 40 min 00 s on this machine (12 min 00 s per epoch) and 0.2 GB of memory".

    Measured by a few small steps.

    Args:
        music: seconds of the album.
        epochs: that are still to be learnt; with neither these nor `seconds`, those of the preset.
        seconds: that it may take.

    Raises:
        SoundError: no such device, or the memory is too small for even one lane.
    """
    from samplernn.device import pick_device
    from samplernn.training.cost_estimate import estimate_cost

    preset = preset_named(preset) if isinstance(preset, str) else preset
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
