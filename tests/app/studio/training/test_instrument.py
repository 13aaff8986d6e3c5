"""What a window knows of the instrument: presets of one's own, and what lies on the disk of a run."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from app.document.model import Project
from app.studio.training.instrument import (
    PRESETS,
    EpochEnd,
    Event,
    Finished,
    Preset,
    Started,
    Step,
    album_report,
    checkpoints,
    custom_preset,
    known_linear_bits,
    linear_bits,
    log_steps,
    old_events,
    run_preset,
)
from app.studio.training.train import TrainingPlan, prepare, train_run
from samplernn.errors import SoundError


def own(preset: Preset, *, rate: int | None = None, **train: object) -> Preset:
    return custom_preset(asdict(preset.model), {**asdict(preset.train), **train}, preset.rate if rate is None else rate)


def test_the_numbers_of_a_known_preset_are_that_preset() -> None:
    for preset in PRESETS.values():
        assert own(preset) is preset


def test_other_numbers_are_custom() -> None:
    made = own(PRESETS["sketch"], epochs=3)
    assert (made.name, made.train.epochs) == ("custom", 3)
    assert made.model == PRESETS["sketch"].model


@pytest.mark.parametrize(
    "wrong",
    [
        {"batch": 0},
        {"window": -1},
        {"rate": 0.0},
        {"clip": 0.0},
        {"betas": (1.0, 0.9)},
        {"betas": (0.9,)},
        {"epochs": 0},
    ],
)
def test_numbers_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SoundError):
        own(PRESETS["sketch"], **wrong)


@pytest.mark.parametrize("rate", [0, 100, 1_000_000])
def test_rates_that_are_none_are_refused(rate: int) -> None:
    with pytest.raises(SoundError, match="not a rate of music"):
        own(PRESETS["sketch"], rate=rate)


def test_a_folder_without_anything_knows_nothing(tmp_path: Path) -> None:
    assert run_preset(tmp_path, "r1") is None
    assert album_report(tmp_path) is None
    assert checkpoints(tmp_path, "r1") == (0, 0)
    assert list(old_events(tmp_path, "r1")) == []
    assert known_linear_bits(tmp_path, PRESETS["sketch"]) is None


def test_a_run_can_be_told_from_its_folder(album_project: tuple[Path, Project], tiny: Preset) -> None:
    folder, project = album_project
    prepare(project, folder, tiny)
    report = album_report(folder)
    assert report is not None
    assert report.seconds == pytest.approx(30, abs=5)
    slow = replace(tiny, train=replace(tiny.train, steps_per_epoch=400, epochs=2))
    told: list[Event] = list(train_run(project, folder, TrainingPlan(slow)))
    run = next(event.run for event in told if isinstance(event, Started))
    assert isinstance(told[-1], Finished)
    assert run_preset(folder, run) == slow
    assert checkpoints(folder, run)[0] == 2
    old = list(old_events(folder, run))
    assert [event for event in old if isinstance(event, EpochEnd)] == [
        event for event in told if isinstance(event, EpochEnd)
    ]
    steps = [event for event in told if isinstance(event, Step)]
    kept = [event for event in old if isinstance(event, Step)]
    assert bool(kept) == bool(steps)
    assert {event.step for event in kept} <= {event.step for event in steps}
    bits = linear_bits(folder, slow)
    assert bits == known_linear_bits(folder, slow)
    assert 0 < bits < 8


def test_only_a_hundred_lines_of_an_epoch_are_kept(tmp_path: Path) -> None:
    (tmp_path / "runs" / "r1").mkdir(parents=True)
    steps = [Step(number, 1, 0.0, float(number), 1.0, None) for number in range(1, 1001)]
    end = EpochEnd(1, 1000, 5.0, 5.0, 1.0, tmp_path / "x", True)
    events = [Started("r1", "CPU", 1, 1, 1, 1000, 1), *steps, end]
    assert list(log_steps(tmp_path, events)) == events
    kept = list(old_events(tmp_path, "r1"))
    assert len(kept) == 100
    assert (kept[0].step, kept[-1].step) == (10, 1000)
    assert isinstance(kept[0], Step)
    assert kept[0].bits == pytest.approx(5.5)


def test_lines_that_make_no_sense_are_left_out(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "r1"
    run.mkdir(parents=True)
    lines = ['{"step": 1, "epoch": 1, "bits": 5.0}', '{"bits": "x"}', "[]", '{"held_out_bits": 1}', '{"step": 2, "ep']
    (run / "metrics.jsonl").write_text("\n".join(lines))
    assert [event.step for event in old_events(tmp_path, "r1")] == [1]
