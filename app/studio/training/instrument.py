"""What a window needs to know of the instrument: its plain values, and what lies on the disk of a run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.document.model import Learning
from app.document.store import ProjectFolder
from app.studio.checkpoints import checkpoints_of
from resources.files import read_json, write_whole
from resources.progress import Cancelled, never
from samplernn.config import ModelConfig, Preset, TrainConfig, preset_from_dict, preset_to_dict
from samplernn.engines.default_preset import default_preset
from samplernn.errors import SoundError
from samplernn.presets import PRESETS
from samplernn.training.control import Control
from samplernn.training.events import EpochEnd, Event, Finished, Note, Started, Step
from samplernn.training.run_folder import RunFolder

if TYPE_CHECKING:
    from samplernn.data.dataset import Dataset
    from samplernn.data.report import DatasetReport

__all__ = [
    "PRESETS",
    "Control",
    "EpochEnd",
    "Event",
    "Finished",
    "ModelConfig",
    "Note",
    "Preset",
    "Started",
    "Step",
    "TrainConfig",
    "album_report",
    "as_chosen",
    "checkpoints",
    "chosen_preset",
    "custom_preset",
    "default_preset",
    "known_linear_bits",
    "linear_bits",
    "log_steps",
    "old_events",
    "preset_for",
    "run_preset",
    "simple_bits",
]

CUSTOM = "custom"
_LINEAR = "linear32_bits"
_SIMPLE = ("order0_bits", "bigram_bits", _LINEAR)
_BASELINES_FILE = "predictors.json"


def custom_preset(model: Mapping[str, Any], train: Mapping[str, Any], rate: int) -> Preset:
    """A preset of the artist's own numbers, or the known one that has just these.

    Raises:
        SoundError: where they make no sense.
    """
    if not 4_000 <= rate <= 96_000:
        raise SoundError(f"{rate} samples per second is not a rate of music.", "Take something from 4000 to 96000.")
    raw = {
        "name": CUSTOM,
        "title": "Custom",
        "words": "Your own numbers.",
        "model": model,
        "train": train,
        "rate": rate,
    }
    try:
        custom = preset_from_dict(raw)
    except SoundError as error:
        raise SoundError(
            "These numbers do not make a model.",
            "No size or rate may be 0, each number of samples per frame divides the one before it, surprises go with a "
            "linear predictor, and both betas lie under 1.",
        ) from error
    for known in PRESETS.values():
        if (known.model, known.train, known.rate) == (custom.model, custom.train, rate):
            return known
    return custom


def preset_for(device: str) -> Preset:
    """The preset to begin with on the device of that name, as `samplernn.device.pick_device` has it.

    Imports torch, which takes a moment the first time.

    Raises:
        SoundError: no such device.
    """
    from samplernn.device import pick_device

    return default_preset(on_gpu=pick_device(device).type != "cpu")


def chosen_preset(learning: Learning | None) -> Preset | None:
    """What the artist has chosen; None where that is nothing, or nothing that there is."""
    if learning is None:
        return None
    if not learning.custom:
        return PRESETS.get(learning.preset)
    try:
        return preset_from_dict(json.loads(learning.custom))
    except (SoundError, ValueError, RecursionError):
        return None


def as_chosen(preset: Preset, *, by_time: bool, epochs: int, minutes: float) -> Learning:
    """The record that remembers it; see `chosen_preset`."""
    custom = "" if PRESETS.get(preset.name) == preset else json.dumps(preset_to_dict(preset))
    return Learning(preset=preset.name, custom=custom, by_time=by_time, epochs=epochs, minutes=minutes)


def run_preset(folder: Path, run: str) -> Preset | None:
    """What a run was begun with; None where that cannot be read."""
    try:
        return RunFolder(ProjectFolder(folder).runs / run).settings().preset
    except SoundError:
        return None


def album_report(folder: Path) -> DatasetReport | None:
    """What became of the album when it was last prepared; None where it has not been.

    It is asked with every edit: only a look at when the dataset was written is taken, unless it is another one now.
    """
    from samplernn.data.dataset_index import INDEX

    place = ProjectFolder(folder).dataset
    try:
        written = (place / INDEX).stat()
    except OSError:
        return None
    return _report(place, (written.st_mtime_ns, written.st_size, written.st_ino))


@lru_cache(maxsize=4)
def _report(dataset: Path, written: tuple[int, int, int]) -> DatasetReport | None:
    from samplernn.data.dataset import Dataset

    try:
        return Dataset.open(dataset).report
    except SoundError:
        return None


def checkpoints(folder: Path, run: str) -> tuple[int, int]:
    """How many checkpoints of a run there are, and how many bytes they take."""
    sizes = [kept.size for kept in checkpoints_of(folder, run)]
    return len(sizes), sum(sizes)


def known_linear_bits(folder: Path, preset: Preset) -> float | None:
    """What `linear_bits` found before for the album as it is prepared now; None where it has not been asked."""
    known = _known_bits(folder, preset)
    return None if known is None else known[_LINEAR]


def linear_bits(folder: Path, preset: Preset, cancelled: Cancelled = never) -> float:
    """What a linear predictor reaches on the held-out music of the prepared album; otherwise as `simple_bits`."""
    return simple_bits(folder, preset, cancelled)[_LINEAR]


def simple_bits(folder: Path, preset: Preset, cancelled: Cancelled = never) -> dict[str, float]:
    """What the simple predictors reach on the held-out music of the prepared album; kept for the next time.

    Returns:
        Bits per sample: order0_bits, bigram_bits and linear32_bits.

    Raises:
        SoundError: where the album has not been prepared.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from samplernn.data.dataset import Dataset
    from samplernn.training.baselines import baseline_bits

    if (known := _known_bits(folder, preset)) is not None:
        return known
    place = ProjectFolder(folder).dataset
    dataset = Dataset.open(place)
    bits = baseline_bits(dataset, preset.model.levels, preset.model.law, cancelled=cancelled)
    found = {f"{name}_bits": round(value, 4) for name, value in asdict(bits).items()}
    with suppress(OSError):  # where nothing can be kept, it is asked again
        write_whole(place / _BASELINES_FILE, json.dumps({"key": _key(dataset, preset), **found}))
    return found


def _known_bits(folder: Path, preset: Preset) -> dict[str, float] | None:
    from samplernn.data.dataset import Dataset

    place = ProjectFolder(folder).dataset
    try:
        kept = read_json(place / _BASELINES_FILE)
        if kept["key"] != _key(Dataset.open(place), preset):
            return None
        return {name: float(kept[name]) for name in _SIMPLE}
    except (SoundError, OSError, ValueError, KeyError, TypeError):
        return None


def _key(dataset: Dataset, preset: Preset) -> str:
    return f"{dataset.key} {preset.model.levels} {preset.model.law}"


def log_steps(folder: Path, events: Iterable[Event]) -> Iterator[Event]:
    """The same events; after every epoch, what its steps told is written down too, at most a hundred lines of it.

    The trainer itself keeps the figures of whole epochs. The lines go to the same file, so that a resumed run takes
    back those that it will make again.
    """
    place: RunFolder | None = None
    waiting: list[Step] = []
    for event in events:
        if isinstance(event, Started):
            place = RunFolder(ProjectFolder(folder).runs / event.run)
        elif isinstance(event, Step):
            waiting.append(event)
        elif isinstance(event, (EpochEnd, Finished)) and place is not None and waiting:
            place.metrics.append_steps(waiting)
            waiting = []
        yield event


def old_events(folder: Path, run: str) -> Iterator[Step | EpochEnd]:
    """What an old training told, as far as it was written down; lines that make no sense are left out."""
    return RunFolder(ProjectFolder(folder).runs / run).events()
