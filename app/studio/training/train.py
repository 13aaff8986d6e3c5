"""Training on the album of a project, the same for window, shell and whole albums; the runs that lie on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from msgspec.structs import replace

from app.document.checking import fits
from app.document.edits.made import put_run_last, with_epoch
from app.document.errors import UserError
from app.document.model import Epoch, Project, Run, Word
from app.document.numbering import number_of
from app.document.store import ProjectFolder
from app.document.words import plural
from app.studio.finish.kept import finish_of
from app.studio.guides.bars import kept_bars
from app.studio.training.instrument import linear_bits, log_steps
from app.studio.training.previews import Preview, with_previews
from resources.files import read_json
from resources.progress import Cancelled, Report, between, never, no_report
from samplernn.checkpoint_paths import checkpoint_paths, metadata_path
from samplernn.config import Preset
from samplernn.errors import SoundError
from samplernn.training.control import Control
from samplernn.training.events import EpochEnd, Event, Finished, Note, Started
from samplernn.training.run_folder import RunFolder

if TYPE_CHECKING:
    from samplernn.data.report import DatasetReport

_DATASET = 0.8
"""Fraction of the preparation that goes into the dataset; the rest goes into the finish."""
_BARS = 0.8
"""Fraction of the preparation after which the bars of the album are looked for, where previews play along to them."""
_PREPARED = 0.99
"""Fraction of the preparation after which the linear predictor is asked."""


@dataclass(frozen=True)
class TrainingPlan:
    """What to train, and for how long: a number of epochs, or a time in seconds; with neither, as the preset says."""

    preset: Preset
    epochs: int | None = None
    """Counted from the beginning of the run; see `epochs_on_top`."""
    seconds: float | None = None
    run: str = ""
    """An old run to go on with; "" starts a new one."""
    device: str = "auto"
    seed: int = 0


@dataclass(frozen=True)
class Prepared:
    """The dataset is ready."""

    report: DatasetReport


@dataclass(frozen=True)
class Baseline:
    """What a linear predictor reaches on the held-out music: a model that is no better has learnt nothing yet."""

    linear_bits: float
    """Bits per sample."""


LearningEvent: TypeAlias = Event | Prepared | Baseline | Preview | Run
"""What `learn` yields. A `Run` is what the document is to know of the run from now on."""


def learn(
    project: Callable[[], Project],
    folder: Path,
    plan: TrainingPlan,
    control: Control,
    report: Report = no_report,
    *,
    previews: bool = True,
) -> Iterator[LearningEvent]:
    """A whole training: dataset, baseline, epochs with a preview after each, and the run as it then lies on the disk.

    The trainer's events come in their order; after `Started` and each `EpochEnd` comes the `Run`, and it comes once
    more at the end: a stop in the middle of an epoch leaves a checkpoint that no event tells of.

    Args:
        project: gives the document as it is by then.
        control: pauses and stops it.
        report: hears of the preparation only; the training tells its progress in `Step`.
        previews: whether some seconds are generated from each checkpoint.

    Raises:
        UserError: no track is switched on.
        SoundError: a track cannot be read, there is too little sound, or the run cannot be begun or gone on with.
        concurrent.futures.CancelledError: stopped before the training began; later stops end it with a checkpoint.
    """

    def stopped() -> bool:
        return control.stopped

    hears_guides = previews and plan.preset.model.guide_predictor > 0
    preparing = between(report, 0.0, _BARS) if hears_guides else report
    dataset = prepare(project(), folder, plan.preset, preparing, stopped)
    yield Prepared(dataset)
    if dataset.missing:
        yield Note(missing_words(dataset.missing))
    if hears_guides:  # the first preview would look for them in the time that is there to learn
        kept_bars(ProjectFolder(folder), between(report, _BARS, _PREPARED), stopped)
    report(_PREPARED, "asking a simple formula first")
    yield Baseline(linear_bits(folder, plan.preset, stopped))
    run = Run(id=plan.run, preset=plan.preset.name)
    trained = train_run(project(), folder, plan, control)
    for event in with_previews(trained, project, folder, stopped) if previews else trained:
        yield event
        if isinstance(event, Started):
            known = (run for run in project().runs if run.id == event.run)
            run = next(known, replace(run, id=event.run))
            yield run
        elif isinstance(event, EpochEnd):
            run = run_after(run, event)
            yield run
    yield from (found for found in found_runs(folder) if found.id == run.id)


def prepare(
    project: Project, folder: Path, preset: Preset, report: Report = no_report, cancelled: Cancelled = never
) -> DatasetReport:
    """Makes the dataset of the tracks that are switched on, and their finish; leaves both where nothing has changed.

    Raises:
        UserError: no track is switched on.
        SoundError: a track cannot be read, or there is too little sound.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from samplernn.data.build import build_dataset

    tracks = [Path(track.path) for track in project.album.tracks if track.on]
    if not tracks:
        raise UserError("There is no music to learn from.", "Drop in an album and leave at least one track on.")
    made = between(report, 0.0, _DATASET)
    dataset = build_dataset(tracks, ProjectFolder(folder).dataset, preset.rate, made, cancelled)
    finish_of(folder, project.album, between(report, _DATASET, 1.0), cancelled)
    return dataset


def missing_words(missing: Sequence[str]) -> str:
    """What to say where tracks that were prepared are not there any more."""
    gone = plural(len(missing), "track is", "tracks are")
    return (
        f"{gone} not at the old place any more; what was prepared of the album is enough to learn from. "
        "Drop the album in again to hear it."
    )


def train_run(project: Project, folder: Path, plan: TrainingPlan, control: Control | None = None) -> Iterator[Event]:
    """Begins a new run on the prepared dataset, or goes on with that of the plan; yields the trainer's events.

    `Started.run` is the id of the run. What the steps tell is kept for the plot.

    Raises:
        SoundError: nothing is prepared, or the run cannot be begun or gone on with.
    """
    from samplernn.data.dataset import Dataset
    from samplernn.training.options import TrainOptions
    from samplernn.training.trainer import train

    dataset = Dataset.open(ProjectFolder(folder).dataset)
    place = ProjectFolder(folder).runs / (plan.run or next_run_id(project, folder))
    options = TrainOptions(
        epochs=plan.epochs, seconds=plan.seconds, device=plan.device, seed=plan.seed, resume=bool(plan.run)
    )
    events = train(place, dataset, plan.preset, options, control=control)
    yield from log_steps(folder, events)


def next_run_id(project: Project, folder: Path) -> str:
    """The id after all that the document knows and all that lie on the disk: "r1", "r2" ..."""
    names = [run.id for run in project.runs]
    names += [path.name for path in ProjectFolder(folder).runs.glob("r*")]
    return f"r{max(map(number_of, names), default=0) + 1}"


def epochs_on_top(epochs: int, learnt: int) -> int:
    """How many epochs a run is to have at the end: they count from its beginning.

    Where so many have been learnt already, they are meant to come on top.
    """
    return epochs + learnt if learnt >= epochs else epochs


def run_after(run: Run, event: Event) -> Run:
    """What is known of a run after an event of its training; a stop leaves a checkpoint of the epoch in hand."""
    if isinstance(event, Finished) and event.epoch > run.epoch:
        return replace(run, epoch=event.epoch, held_out_bits=None)
    if not isinstance(event, EpochEnd):
        return run
    return with_epoch(run, event.epoch, event.held_out_bits)


def with_found_runs(project: Project, found: tuple[Run, ...]) -> Project:
    """The document with what the disk knows better: it may not have been saved since the last epochs, or at all.

    Of a run without a checkpoint the disk knows only when it was trained.
    """
    known = {run.id: run for run in project.runs}
    for run in found:
        project = put_run_last(project, run if run.epoch else known.get(run.id, run))
    return project


def found_runs(folder: Path) -> tuple[Run, ...]:
    """The runs as they lie on the disk, that which was trained last at the end; see `with_found_runs`.

    One that was killed before its first checkpoint is among them.
    """
    places = [path for path in ProjectFolder(folder).runs.glob("r*") if number_of(path.name)]
    trained = {place: RunFolder(place).last_trained for place in places}
    places.sort(key=lambda place: (trained[place], number_of(place.name)))
    runs = (_found_run(place) for place in places if trained[place])
    return tuple(run for run in runs if run is not None)


def _found_run(place: Path) -> Run | None:
    found: Run | None = None
    with suppress(SoundError):  # where its settings are damaged, its checkpoints can be heard nevertheless
        by_settings = Run(id=place.name, preset=RunFolder(place).settings().preset.name)
        found = by_settings if fits(by_settings) else None
    for _, path in checkpoint_paths(place):
        if not path.is_file():
            continue
        try:
            metadata = msgspec.convert(read_json(metadata_path(path)), _Metadata)
        except (OSError, ValueError, msgspec.ValidationError):
            continue
        run = with_epoch(found or Run(id=place.name, preset=metadata.preset), metadata.epoch, metadata.held_out_bits)
        if fits(run):
            found = run
    return found


class _Metadata(msgspec.Struct):
    """What the document takes from the metadata of a checkpoint."""

    epoch: Epoch
    preset: Word
    held_out_bits: float | None
