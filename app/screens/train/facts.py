"""The numbers that Train shows of a training, the machine and the album."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from app.document.words import plural
from app.jobs.estimate import Estimate
from app.jobs.train import LearningLog, Machine, Preset, TrainingPlan, album_report, checkpoints, epochs_on_top
from app.session.open_project import OpenProject
from app.widgets.basics import Facts, counted, duration, long_duration
from app.widgets.plots.stat_cards import StatRow

_NONE = "–"
_NEARLY_WHOLE = 0.02


class AtWork(Protocol):
    """A job that teaches a model, whatever else it does."""

    log: LearningLog
    run: str

    @property
    def preset(self) -> Preset: ...

    @property
    def is_paused(self) -> bool: ...

    @property
    def is_stopping(self) -> bool: ...


def show_numbers(stats: StatRow, log: LearningLog, job: AtWork | None) -> None:
    """The row of large numbers."""
    of = f"of {log.started.epochs}" if log.started is not None and log.started.epochs else ""
    stats.put("Epoch", _epoch(log, job), of)
    stats.put("Held-out", *(_bits(log.last.held_out_bits) if log.last else (_NONE, "")))
    stats.put("Best", f"{log.best.held_out_bits:.3f}" if log.best else _NONE, f"e{log.best.epoch}" if log.best else "")
    stats.put("Elapsed", duration(log.seconds) if log.seconds or job is not None else _NONE)
    stats.put("Left", *_left(log, job))


def _epoch(log: LearningLog, job: AtWork | None) -> str:
    """The epoch that is being learnt; afterwards how many were, as far as the last one went."""
    if job is not None and log.finished is None:
        epoch = log.step.epoch if log.step is not None else log.epoch
        return str(epoch) if epoch else _NONE
    epochs = log.epochs_so_far
    if not epochs:
        return _NONE
    return f"{epochs:.0f}" if abs(epochs - round(epochs)) < _NEARLY_WHOLE else f"{max(epochs, 0.01):.2f}"


def _bits(value: float) -> tuple[str, str]:
    return f"{value:.3f}", "bits"


def _left(log: LearningLog, job: AtWork | None) -> tuple[str, str]:
    if job is None or log.finished is not None:
        return (_NONE, "") if log.finished is None or log.finished.reason == "stopped" else ("done", "")
    if job.is_stopping:
        return "stopping", ""
    if job.is_paused:
        return "paused", ""
    seconds = log.step.seconds_left if log.step else None
    if seconds is None:
        return _NONE, ""
    if seconds < 90:
        return f"≈ {max(round(seconds / 5) * 5, 5)}", "s"
    return (f"≈ {round(seconds / 60)}", "min") if seconds < 5400 else (f"≈ {seconds / 3600:.1f}", "h")


def show_machine(
    facts: Facts, machine: Machine | None, log: LearningLog, preset: Preset, estimate: Estimate | None
) -> None:
    """Device, memory, and how fast it learns; before it has, what it is going to take."""
    started, speed = log.started, log.speed
    facts.put("Device", started.device if started else machine.name if machine else "looking…")
    used = f"{machine.memory_used:.1f} of {machine.memory:.0f} GB" if machine and machine.memory_used else ""
    facts.put("Memory", used or (f"{machine.memory:.0f} GB" if machine and machine.memory else _NONE))
    facts.put("Learning wants", *_wanted(estimate if estimate is not None and estimate.preset == preset else None))
    batch, window = (started.batch, started.tbptt_length) if started else (preset.train.batch, preset.train.window)
    facts.put("Batch", f"{batch} × {window} samples")
    facts.put("Speed", _speed(speed) if speed else _NONE)
    steps = started.steps_per_epoch if started else preset.train.steps_per_epoch
    found = estimate if estimate is not None and estimate.preset == preset else None
    if speed:
        facts.put("One epoch", long_duration(steps * batch * window / speed))
    else:
        facts.put("One epoch", _about(found.epoch_seconds) if found and found.epoch_seconds else _NONE)
    if log.preview_share is not None:
        facts.put("Previews", _share(log.preview_share))
    if started:
        facts.put("Numbers learnt", f"{started.parameters / 1e6:.1f} million")


def _speed(samples: float) -> str:
    return f"{samples / 1e6:.2f} M samples/s" if samples >= 1e6 else f"{samples / 1e3:.0f} k samples/s"


def _wanted(estimate: Estimate | None) -> tuple[str, str]:
    """The memory in words, and their kind."""
    if estimate is None:
        return _NONE, ""
    words = f"about {max(estimate.memory, 0.1):.1f} GB"
    return (words, "") if estimate.epoch_seconds is not None else (f"{words}, too much", "warn")


def _about(seconds: float) -> str:
    """A time that is known to about a quarter."""
    if seconds < 90:
        return f"about {max(round(seconds, -1), 10):.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"


def what_it_takes(plan: TrainingPlan, estimate: Estimate | None, music: float, learnt: int | None) -> str:
    """How long learning takes as it is asked for, in words.

    Args:
        music: seconds of the album.
        learnt: epochs of the run that can be gone on with; None where there is none.
    """
    known = estimate if estimate is not None and estimate.preset == plan.preset else None
    if plan.seconds is not None:
        more = " more" if learnt is not None else ""
        words = f"{long_duration(plan.seconds)}{more}"
        epochs = known.epochs(plan.seconds, music) if known is not None else None
        if epochs is None:
            return words
        return f"{words}: about {plural(round(epochs), 'epoch')}" if epochs >= 1.5 else f"{words}: an epoch or less"
    if known is None:
        return "How long that takes is told in a moment."
    wanted = plan.epochs or 0
    left = epochs_on_top(wanted, learnt or 0) - (learnt or 0)
    seconds = known.seconds(left, music)
    if seconds is None:
        return "There is not enough memory for that here."
    rest = f" for the {plural(left, 'epoch')} left" if learnt is not None and left < wanted else ""
    return f"{_about(seconds).capitalize()}{rest} on this machine"


def _share(of_time: float) -> str:
    percent = "less than 1" if of_time < 0.01 else f"{of_time * 100:.0f}"
    return f"{percent} % of the time"


def show_album(facts: Facts, project: OpenProject) -> None:
    """What the model hears of the album."""
    report = album_report(project.folder)
    if report is None:
        seconds = sum(track.seconds for track in project.value.album.tracks if track.on)
        facts.put("Music", long_duration(seconds) if seconds else _NONE)
        for name in ("Silence removed", "Chunks", "Train / valid / test"):
            facts.put(name, _NONE)
        return
    chunks = report.chunks
    facts.put("Music", long_duration(report.seconds))
    facts.put("Silence removed", long_duration(report.silence_removed))
    facts.put("Chunks", f"{counted(sum(chunks.values()))} × 8 s")
    facts.put("Train / valid / test", f"{chunks['train']} / {chunks['valid']} / {chunks['test']}")


def disk_use(folder: Path, run: str) -> str:
    """How much room the checkpoints of a run take, in words."""
    count, size = checkpoints(folder, run) if run else (0, 0)
    if not count:
        return ""
    unit = f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
    return f"{plural(count, 'checkpoint')} · {unit} on disk"
