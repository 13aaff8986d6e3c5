"""The grid of checkpoints and temperatures: which checkpoints, the same start, and what a row holds."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.errors import UserError
from app.document.guide_choice import ALBUM_GUIDE
from app.document.model import Project
from app.document.store import ProjectFolder
from app.studio.checkpoints import checkpoint_of
from app.studio.generation.grid import MOST_ROWS, GridRequest, epochs_to_compare, generate_grid
from app.studio.generation.priming import album_prime
from app.studio.guides.sources import guides_for
from samplernn.generation.generate import GenerationRequest, generate
from samplernn.generation.sampling import SamplingParameters
from tests.app.conftest import add_checkpoints
from tests.app.studio.guided import add_guided_checkpoint

EPOCHS = st.lists(st.integers(1, 200), min_size=1, max_size=60, unique=True).map(sorted)


@given(EPOCHS, st.sets(st.integers(1, 200), max_size=20), st.integers(2, 12))
def test_the_first_the_last_and_those_that_are_wanted_are_compared(
    kept: list[int], wanted: set[int], most: int
) -> None:
    chosen = epochs_to_compare(kept, wanted, most)
    assert list(chosen) == sorted(set(chosen))
    assert set(chosen) <= set(kept)
    assert len(chosen) == min(len(kept), most)
    assert {kept[0], kept[-1]} <= set(chosen)
    if len({kept[0], kept[-1], *(wanted & set(kept))}) <= most:
        assert wanted & set(kept) <= set(chosen)


def test_the_others_are_spread_evenly() -> None:
    chosen = epochs_to_compare(range(1, 41), most=MOST_ROWS)
    gaps = np.diff(chosen)
    assert len(chosen) == MOST_ROWS
    assert gaps.max() <= 2.1 * gaps.min()


def test_each_row_is_one_batch_from_the_same_start(made_project: tuple[Path, Project]) -> None:
    folder, _ = made_project
    add_checkpoints(folder, 3, 5)
    told: list[tuple[float, str]] = []
    request = GridRequest("run-1", (3, 5), seed=7, temperatures=(0.9, 1.0, 1.0), seconds=0.5)
    rows = list(generate_grid(folder, request, lambda *news: told.append(news)))
    assert [row.epoch for row in rows] == [3, 5]
    for row in rows:
        cool, one, other = (sound.samples for sound in row.sounds)
        assert [len(sound.samples) for sound in row.sounds] == [2000] * 3
        assert {sound.rate for sound in row.sounds} == {4000}
        # the same seed and temperature play the same, another temperature something else
        np.testing.assert_array_equal(one, other)
        assert not np.array_equal(cool, one)
        stereo = row.sounds[0].read(100, 50)
        assert stereo.shape == (50, 2)
        np.testing.assert_allclose(stereo[:, 0], cool[100:150] * np.sqrt(0.5), rtol=1e-6)
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    assert list((folder / "clips").glob("c0007*")) == []


def test_networks_that_take_guides_are_compared_along_to_the_album(learnt: tuple[Project, Path]) -> None:
    _, folder = learnt
    add_guided_checkpoint(folder / "runs/r1", 3, 8000)
    told: list[float] = []
    request = GridRequest("r1", (2, 3), seed=7, temperatures=(0.9, 1.1), seconds=0.5)
    alone, along = generate_grid(folder, request, lambda fraction, text: told.append(fraction))
    assert told == sorted(told)
    place = ProjectFolder(folder)
    guide = guides_for(place, ALBUM_GUIDE, 0.5, [7])
    assert guide
    for row, guides in ((alone, ()), (along, guide * 2)):
        each = [SamplingParameters(value) for value in (0.9, 1.1)]
        checkpoint = checkpoint_of(folder, "r1", row.epoch)
        again = generate(GenerationRequest(checkpoint, 0.5, [7, 7], each, album_prime(place), guides=guides))
        for cell, wanted in zip(row.sounds, again, strict=True):
            np.testing.assert_allclose(cell.samples, wanted, atol=1e-6)


def test_it_stops_between_and_within_rows(made_project: tuple[Path, Project]) -> None:
    folder, _ = made_project
    add_checkpoints(folder, 3, 5)
    request = GridRequest("run-1", (3, 5), seed=7, temperatures=(1.0,), seconds=0.5)
    stop = False
    rows = generate_grid(folder, request, cancelled=lambda: stop)
    assert next(rows).epoch == 3
    stop = True
    with pytest.raises(CancelledError):
        next(rows)


def test_a_checkpoint_that_is_gone_is_told(made_project: tuple[Path, Project]) -> None:
    folder, _ = made_project
    add_checkpoints(folder, 3)
    with pytest.raises(UserError, match="checkpoint"):
        list(generate_grid(folder, GridRequest("run-1", (9,), seed=0, seconds=0.5)))
