"""The log of a training: curves that stay small, and time that stands still in pauses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.studio.training.instrument import EpochEnd, Finished, Note, Started, Step
from app.studio.training.training_log import LearningLog, Thinned

STARTED = Started("r1", "CPU", 1000, 8, 64, 100, 4)


def step(number: int, bits: float = 5.0) -> Step:
    return Step(number, number // 100 + 1, number / 400, bits, 1e5, 10.0)


def epoch_end(epoch: int, bits: float, seconds: float = 0.0) -> EpochEnd:
    return EpochEnd(epoch, epoch * 100, bits + 0.1, bits, seconds, Path("x"), True)


@given(st.lists(st.floats(-100, 100), max_size=400), st.integers(2, 50))
def test_a_thinned_curve_stays_small_and_keeps_its_mean(values: list[float], most: int) -> None:
    curve = Thinned(most)
    for place, value in enumerate(values):
        curve.add(float(place), value)
    assert len(curve.xs) <= most
    assert curve.xs == sorted(curve.xs)
    if values:
        assert min(values) - 1e-9 <= min(curve.ys, default=min(values))
        assert max(curve.ys, default=max(values)) <= max(values) + 1e-9


def test_a_short_curve_is_kept_as_it_is() -> None:
    curve = Thinned(100)
    for place in range(50):
        curve.add(place, place * 2.0)
    assert curve.xs == list(range(50))
    assert curve.ys == [place * 2.0 for place in range(50)]


def test_events_become_curves_over_epochs() -> None:
    log = LearningLog()
    for event in (STARTED, step(50, 6.0), step(100, 5.5), epoch_end(1, 5.4), step(150), epoch_end(2, 5.6)):
        log.take(event)
    x, bits = log.training_curve()
    assert x.tolist() == [0.5, 1.0, 1.5]
    assert bits.tolist() == [6.0, 5.5, 5.0]
    assert log.held_out_curve()[0].tolist() == [1.0, 2.0]
    assert (log.epoch, log.best.epoch if log.best else None) == (2, 1)
    assert (log.last.held_out_bits if log.last else None, log.best.held_out_bits if log.best else None) == (5.6, 5.4)


def test_an_old_log_without_steps_shows_the_mean_of_every_epoch_and_goes_on() -> None:
    log = LearningLog()
    log.know_steps_per_epoch(100)
    log.take(epoch_end(1, 5.0))
    log.take(epoch_end(2, 4.0))
    assert log.training_curve()[0].tolist() == [0.5, 1.5]
    assert np.allclose(log.training_curve()[1], [5.1, 4.1])
    log.take(STARTED)
    log.take(step(250, 3.9))
    assert log.training_curve()[0].tolist() == [0.5, 1.5, 2.5]


def test_time_counts_all_sittings_and_no_pauses() -> None:
    log = LearningLog()
    log.take(epoch_end(1, 5.0, seconds=1000.0))
    assert log.seconds == 1000.0
    log.take(STARTED)
    log.hold()
    held = log.seconds
    assert held == pytest.approx(1000.0, abs=60)
    assert log.seconds == held
    log.take(epoch_end(2, 4.9, seconds=1030.0))
    assert log.seconds == 1030.0


def test_notes_and_the_end_are_kept() -> None:
    log = LearningLog()
    for event in (STARTED, Note("careful"), Finished(4, 400, "done")):
        log.take(event)
    assert log.notes == ["careful"]
    assert log.finished == Finished(4, 400, "done")


@pytest.mark.parametrize("steps_first", [True, False], ids=["live", "read back"])
def test_less_than_an_epoch_leaves_no_point_at_its_beginning(steps_first: bool) -> None:
    """As after a budget; the figures of the epoch are written before those of its steps."""
    log = LearningLog()
    log.know_steps_per_epoch(100)
    steps = [step(5, 6.0), step(30, 5.5)]
    end = replace(epoch_end(1, 5.4), step=30)
    for event in (*steps, end) if steps_first else (end, *steps):
        log.take(event)
    assert log.training_curve()[0].tolist() == [0.05, 0.3]
    alone = LearningLog()
    alone.know_steps_per_epoch(100)
    alone.take(end)
    assert alone.training_curve()[0].tolist() == [0.15]


def test_the_speed_is_smooth() -> None:
    log = LearningLog()
    assert log.speed is None
    log.take(STARTED)
    speeds = []
    for place in range(400):
        log.take(replace(step(place + 1), samples_per_second=50_000.0 if place % 2 else 150_000.0))
        speeds.append(log.speed or 0.0)
    settled = speeds[100:]
    assert max(settled) - min(settled) < 0.05 * 100_000
    assert np.mean(settled) == pytest.approx(100_000, rel=0.02)
    for place in range(400):
        log.take(replace(step(place + 401), samples_per_second=40_000.0))
    assert log.speed == pytest.approx(40_000, rel=0.01)
    log.take(replace(step(900), samples_per_second=0.0))
    assert log.speed == pytest.approx(40_000, rel=0.01)


def test_an_epoch_that_the_time_cut_short_is_not_told_as_a_whole_one() -> None:
    log = LearningLog()
    log.know_steps_per_epoch(100)
    assert not log.is_cut_short
    for step, epoch, is_cut, words in (
        (35, 1, True, "0.35 of an epoch"),
        (100, 1, False, "1 epoch"),
        (140, 2, True, "1.4 epochs"),
        (300, 3, False, "3 epochs"),
    ):
        log.take(EpochEnd(epoch, step, 5.0, 5.0, 1.0, Path("x"), True))
        assert (log.is_cut_short, log.epochs_in_words()) == (is_cut, words)
        assert log.epochs_learnt == step / 100


def test_each_epoch_that_the_time_cut_short_is_known_also_after_going_on() -> None:
    log = LearningLog()
    log.know_steps_per_epoch(100)
    for epoch, step in ((1, 35), (2, 135), (3, 235), (4, 285)):
        log.take(EpochEnd(epoch, step, 5.0, 5.0, 1.0, Path("x"), True))
    assert log.cut_short == pytest.approx({1: 0.35, 4: 0.5})


def test_the_steps_of_an_epoch_that_was_stopped_count_too() -> None:
    log = LearningLog()
    log.know_steps_per_epoch(100)
    assert log.epochs_so_far == 0.0
    log.take(step(11))
    assert (log.epoch, log.epochs_so_far) == (0, 0.11)
    log.take(EpochEnd(1, 100, 5.0, 5.0, 1.0, Path("x"), True))
    log.take(step(140))
    assert (log.epoch, log.epochs_so_far) == (1, 1.4)
