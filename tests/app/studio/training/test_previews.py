"""A preview that cannot be made, for whatever reason, never ends the learning."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from app.document.model import Project
from app.document.store import ProjectFolder
from app.studio.guides.sources import RECUT_NAME
from app.studio.training import previews
from app.studio.training.previews import SECONDS, Preview, make_preview, with_previews
from app.studio.training.train import Baseline, TrainingPlan, learn
from samplernn.config import ModelConfig, Preset
from samplernn.guides.guide_file import read_guide
from samplernn.training.control import Control
from samplernn.training.events import EpochEnd, Event, Finished, Note, Saved, Started
from tests.app.studio.guided import GUIDED, add_guided_checkpoint

_CHECKPOINT = Path("epoch-0002.safetensors")
EVENTS: list[Event] = [
    Started(run="r1", device="CPU", parameters=1, batch=1, tbptt_length=1, steps_per_epoch=3, epochs=3),
    EpochEnd(epoch=2, step=6, train_bits=5.0, held_out_bits=5.0, seconds=1.0, checkpoint=_CHECKPOINT, best=True),
    Finished(epoch=2, step=6, reason="done"),
]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "disk is full"),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"), "learning goes on"),
        (ValueError("the mantissa is odd"), "preview of epoch 2"),
        (MemoryError(), "epoch 2"),
    ],
)
def test_whatever_fails_is_said_and_the_learning_goes_on(
    learnt: tuple[Project, Path], error: Exception, words: str
) -> None:
    project, folder = learnt

    def fails() -> bool:
        """Asked amid the making."""
        raise error

    told = list(with_previews(EVENTS, lambda: project, folder, fails))
    assert [event for event in told if not isinstance(event, Note | Preview)] == EVENTS
    (note,) = (event for event in told if isinstance(event, Note))
    assert words in note.text
    assert "mantissa" not in note.text
    assert "CUDA" not in note.text
    assert [event.clip for event in told if isinstance(event, Preview)] == [None]
    assert list(ProjectFolder(folder).clips.iterdir()) == []


def test_a_preview_knows_whether_its_epoch_had_ended(learnt: tuple[Project, Path]) -> None:
    project, folder = learnt
    started, ended, finished = EVENTS
    for events, early in (
        ((started, Saved(epoch=2, step=5, checkpoint=_CHECKPOINT), finished), True),
        ((started, ended, finished), False),
    ):
        told = with_previews(events, lambda: project, folder, lambda: False)
        (clip,) = (event.clip for event in told if isinstance(event, Preview))
        assert clip is not None
        assert clip.early is early


def test_a_network_that_takes_guides_is_heard_along_to_the_album(learnt: tuple[Project, Path]) -> None:
    """All its previews along to the same, so that they can be compared; other networks are heard alone."""
    project, folder = learnt
    for epoch in (3, 4):
        add_guided_checkpoint(folder / "runs/r1", epoch, 8000)
    alone, one, other = (make_preview(project, folder, "r1", epoch) for epoch in (2, 3, 4))
    assert [clip.guide for clip in (alone, one, other)] == ["", RECUT_NAME, RECUT_NAME]
    assert all(clip.preview and clip.seconds == SECONDS for clip in (alone, one, other))
    guides = [read_guide((folder / clip.file).with_suffix(".guide")) for clip in (one, other)]
    np.testing.assert_array_equal(guides[0].strokes, guides[1].strokes)


def test_without_bars_it_is_heard_alone(learnt: tuple[Project, Path]) -> None:
    project, folder = learnt
    add_guided_checkpoint(folder / "runs/r1", 3, 8000)
    shutil.rmtree(ProjectFolder(folder).dataset)
    assert make_preview(project, folder, "r1", 3).guide == ""


@pytest.mark.parametrize("model", [GUIDED, None], ids=["takes guides", "takes none"])
def test_the_bars_are_found_before_the_time_to_learn_runs(
    learnt: tuple[Project, Path], tiny: Preset, model: ModelConfig | None
) -> None:
    project, folder = learnt
    said: list[tuple[float, str]] = []
    plan = TrainingPlan(replace(tiny, model=model or tiny.model), device="cpu")
    events = learn(lambda: project, folder, plan, Control(), lambda fraction, text: said.append((fraction, text)))
    with closing(events):
        assert any(isinstance(event, Baseline) for event in events)
    assert len(list(ProjectFolder(folder).cache.glob("bars-*"))) == (model is not None)
    fractions = [fraction for fraction, _ in said]
    assert fractions == sorted(fractions)


def test_a_preview_that_fails_at_every_epoch_is_told_once_and_again_after_one_that_came(
    learnt: tuple[Project, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, folder = learnt
    monkeypatch.setattr(previews, "_SHARE", float("inf"))
    started, ended, finished = EVENTS
    fails = iter((True, True, False, True, True))

    def cancelled() -> bool:
        if failing:
            raise ValueError
        return False

    notes = []
    told = with_previews([started, *[ended] * 5, finished], lambda: project, folder, cancelled)
    failing = next(fails)
    for event in told:
        match event:
            case Note():
                notes.append(failing)
            case Preview():
                notes.append(event.clip is not None)
                failing = next(fails, False)
    assert notes == [True, False, False, True, True, False, False]
