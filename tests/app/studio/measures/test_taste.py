"""Like what you starred: what few examples teach."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from app.document.model import Clip
from app.studio.measures.features import FEATURES
from app.studio.measures.measured import ClipMeasures, MeasuredSection
from app.studio.measures.taste import hints_of, learn_taste, taste_of

RATE = 16_000


def rows(count: int, seed: int) -> np.ndarray:
    """Of which those with a positive third feature are liked."""
    return np.random.default_rng(seed).standard_normal((count, FEATURES))


def test_what_is_liked_is_learnt_from_few_and_from_many() -> None:
    unseen = rows(400, 1)
    right = []
    for count in (20, 100, 400):
        examples = rows(count, 0)
        examples[:, 2] *= 3
        taste = learn_taste(list(examples), (examples[:, 2] > 0).tolist())
        assert taste is not None
        tested = unseen.copy()
        tested[:, 2] *= 3
        hints = np.array([taste.hint(row) for row in tested])
        assert ((hints > 0) & (hints < 1)).all()
        right.append(float(((hints > 0.5) == (tested[:, 2] > 0)).mean()))
    assert right[0] > 0.55
    assert right[1] > 0.7
    assert right[2] > 0.85


def test_of_too_few_nothing_is_learnt() -> None:
    examples = list(rows(20, 0))
    assert learn_taste([], []) is None
    assert learn_taste(examples, [True] * 20) is None
    assert learn_taste(examples, [True] * 18 + [False] * 2) is None
    assert learn_taste(examples, [True] * 17 + [False] * 3) is not None


def test_examples_that_are_all_the_same_teach_nothing_and_break_nothing() -> None:
    taste = learn_taste([np.ones(FEATURES)] * 6, [True, False] * 3)
    assert taste is not None
    assert taste.hint(np.ones(FEATURES)) == pytest.approx(0.5, abs=0.01)


def measured(features: np.ndarray) -> ClipMeasures:
    section = MeasuredSection(
        0.0, 4.0, features.astype(np.float32), closeness=1.0, moving=1.0, copied=None, pulse=0.3, tempo=None,
        loudness=-14.0, brightness=900.0, dc=0.0,
    )  # fmt: skip
    return ClipMeasures((section,))


def test_hints_come_from_stars_and_rejects_and_change_with_them() -> None:
    examples = rows(40, 3)
    examples[:, 2] = np.where(np.arange(40) % 2, 6.0, -6.0)
    clips = [
        Clip(id=f"c{n}", run="r1", epoch=1, file="", rate=RATE, samples=RATE, seed=n, temperature=1.0)
        for n in range(40)
    ]
    known = {clip.id: measured(row) for clip, row in zip(clips, examples, strict=True)}
    assert hints_of(clips, known) == {}
    told = [replace(clip, stars=5) if n % 2 else replace(clip, rejected=True) for n, clip in enumerate(clips[:20])]
    hints = hints_of([*told, *clips[20:]], known)
    assert hints.keys() == known.keys()
    assert all((hints[clip.id] > 0.5) == bool(n % 2) for n, clip in enumerate(clips))
    other = [replace(clip, stars=4) if not n % 2 else replace(clip, rejected=True) for n, clip in enumerate(clips[:20])]
    assert all((hint > 0.5) == (hints[id] < 0.5) for id, hint in hints_of([*other, *clips[20:]], known).items())
    assert taste_of([replace(clip, stars=2) for clip in clips], known) is None
    # what was not measured yet is left out
    assert hints_of(told, {id: known[id] for id in ("c1", "c2")}) == {}
