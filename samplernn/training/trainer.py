"""Teaching a model, as a stream of plain events."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from resources.refusals import plainly
from samplernn.checkpoint import Card, load_state, save_card, save_checkpoint
from samplernn.checkpoint_paths import checkpoint_path
from samplernn.config import Preset
from samplernn.data.batches import Lanes
from samplernn.data.dataset import Dataset
from samplernn.device import fast_dtype, in_words, pick_device
from samplernn.errors import SoundError
from samplernn.network.model import SampleRNN, parameter_count
from samplernn.tensor_file import save_tensors
from samplernn.training.control import Control
from samplernn.training.distributed import ALONE, Company
from samplernn.training.evaluation import HeldOut
from samplernn.training.events import EpochEnd, Event, Finished, Note, Saved, Started, Step
from samplernn.training.loss_spikes import Guard
from samplernn.training.memory import parts_with_room
from samplernn.training.retention import make_room
from samplernn.training.run_folder import RunFolder, Settings
from samplernn.training.train_step import Learner

_TELL_EVERY = 0.25
"""Seconds between `Step` events."""
_REMEMBER_EVERY = 500
"""Steps between the states that the guard can go back to."""
_FIRST_SAVE = 60.0
"""Seconds of learning after which a new run is saved: from then on there is something to hear."""
_SAVE_EVERY = 600.0
"""Seconds between the further saves that a run can go on from, however long an epoch takes."""
_LEAST_LEARNING = 0.5
"""The part of a budget, or of what is left of it, that is learnt in, however long the score may take."""
_LEAST_STEPS = 3
"""Steps that are made in any budget: without one there is nothing to hear."""
_GIVE_UP = 6
"""Spikes after which the run is ended."""


def train(
    run_folder: Path,
    dataset: Dataset,
    preset: Preset,
    *,
    epochs: int | None = None,
    seconds: float | None = None,
    device: str = "auto",
    seed: int = 0,
    resume: bool = False,
    control: Control | None = None,
    threads: int | None = None,
    company: Company = ALONE,
) -> Iterator[Event]:
    """Teaches a model the music of `dataset` and keeps the run in `run_folder`.

    Ends after `epochs`, or after `seconds` with everything included (scoring and saving too); with neither, after the
    epochs of the preset. Epochs count from the beginning of the run, earlier sittings included; the seconds of a run
    that is resumed come on top of those that were spent before. The learning rate of a preset with decay falls to
    almost nothing at that end. Every epoch ends with a score on all held-out music, a line in metrics.jsonl and a
    checkpoint. What was learnt is also saved before each score, at every stop and pause, after the first minute and
    every ten minutes, and a checkpoint with it. With `resume` the run goes on where it was last saved, with its own
    preset and seed: exactly, where the device computes exactly; one that was never saved begins anew.

    In company, every process has to call this with the same; only the first yields events and writes anything.

    Nothing happens before the first event is asked for.

    Raises:
        SoundError: settings out of range, no such device, a run that cannot be begun, resumed or saved, too little
            music or memory, or a model that cannot be taught.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    if company.rank and company.orders()[0] == "end":  # the first could not begin
        return
    if (epochs is not None and epochs < 0) or (seconds is not None and not seconds >= 0.0):
        raise SoundError("A training cannot take less than no time.")
    picked = pick_device(device)
    folder = RunFolder(run_folder)
    try:
        settings = _opened(folder, Settings(preset, seed), resume=resume, leads=company.rank == 0)
    except OSError as error:
        raise SoundError.from_os_error("The training cannot be begun", error) from error
    if dataset.rate != settings.preset.rate:
        raise SoundError("The album was prepared at another sampling rate.", "Prepare it again for this preset.")
    if epochs is None and seconds is None:
        epochs = settings.preset.train.epochs
    parts = parts_with_room(settings.preset, picked, company.size)
    company.share(settings.preset.train.batch)
    company.tell("begin")
    training = _Training(folder, dataset, settings, _End(epochs, seconds), picked, parts, control or Control(), company)
    if company.rank:
        training.follow()
        return
    try:
        yield from training.events(resume)
    except OSError as error:
        why, todo = plainly(error)
        raise SoundError(
            f"The training had to end: {why}.", f"{todo} Then resume it: it goes on from where it was last saved."
        ) from error


def _opened(folder: RunFolder, wanted: Settings, *, resume: bool, leads: bool) -> Settings:
    """What the run in `folder` was begun with, or is begun with now."""
    if resume:
        wanted = folder.settings()
        if leads:
            folder.mark_trained()
    elif leads:
        folder.begin(wanted)
    return wanted


@dataclass(frozen=True, slots=True)
class _End:
    """When to end; see `train`."""

    epochs: int | None
    seconds: float | None


class _Training:
    """One sitting of a run."""

    def __init__(
        self, folder: RunFolder, dataset: Dataset, settings: Settings, end: _End, device: torch.device,
        parts: int, control: Control, company: Company,
    ) -> None:  # fmt: skip
        self._folder, self._dataset, self._end, self._control = folder, dataset, end, control
        self._preset = settings.preset
        torch.manual_seed(settings.seed)
        config, model_config = self._preset.train, self._preset.model
        model = SampleRNN(model_config)
        self._model = model.to(device).train()
        self._model.compute = fast_dtype(device)
        lanes = Lanes(
            dataset.sound, dataset.train,
            batch=config.batch, window=config.window, context_length=model_config.context_length,
            length=round(config.lane_seconds * dataset.rate),
            levels=model_config.levels, law=model_config.law, seed=settings.seed,
            chunks=dataset.overlapping_chunks(config.chunks, config.lane_seconds) if config.chunks else (),
            augmentation=config.augmentation,
        )  # fmt: skip
        self._learner = Learner(self._model, lanes, self._preset, settings.seed, company)
        self._parts = parts
        self._guard = Guard()
        self._look_every = 1 if device.type == "cpu" else 10
        self._before, self._began = 0.0, time.monotonic()
        self._saved, self._save_after = self._began, _FIRST_SAVE
        self._closing = 0.0
        self._best = float("inf")
        self._epoch_bits, self._epoch_steps, self._spikes = 0.0, 0, 0
        self._epochs_done = 0

    @property
    def _spent(self) -> float:
        """Seconds of training so far, all sittings together, pauses left out."""
        return self._before + time.monotonic() - self._began

    @property
    def _fraction(self) -> float:
        done = 0.0
        if self._end.epochs is not None:
            done = self._learner.steps / self._total_steps if self._total_steps else 1.0
        if self._end.seconds is not None:
            # the last score and checkpoint have to fit in, but not at the cost of learning next to nothing
            least = self._before + self._end.seconds * _LEAST_LEARNING
            usable = max(self._before + self._end.seconds - self._closing, least, 1e-9)
            done = max(done, self._spent / usable)
        return min(done, 1.0)

    def follow(self) -> None:
        """Learns with the process that leads, until that ends."""
        self._learner.follow()

    def events(self, resume: bool) -> Iterator[Event]:
        if resume and self._folder.was_saved:
            yield from self._go_on()
        elif resume:
            yield Note("Nothing of this run had been saved yet: it begins anew.")
        if not self._learner.steps:
            self._listen()
        config = self._preset.train
        yield Started(
            self._folder.path.name, in_words(self._model.device, self._model.compute),
            parameter_count(self._preset.model), config.batch, config.window, config.steps_per_epoch, self._end.epochs,
        )  # fmt: skip
        if self._parts > self._learner.parts:
            self._learner.parts = self._parts
            yield Note(f"The memory is too small for a whole batch: every one is learnt in {self._parts} parts.")
        self._held_out = HeldOut(self._dataset.sound, self._dataset.valid, self._model)
        self._closing = self._held_out.seconds_expected() if self._end.seconds is not None else 0.0
        yield from self._learn()
        if not self._control.stopped and self._epoch > self._epochs_done:
            yield from self._end_epoch()
        if self._control.stopped:
            self._save()
            yield Finished(self._epoch, self._learner.steps, "stopped")
            return
        by_steps = self._end.epochs is not None and self._learner.steps >= self._total_steps
        yield Finished(self._epochs_done, self._learner.steps, "done" if by_steps else "budget")

    def _listen(self) -> None:
        """A stop leaves this undone: a run that goes on from its first step does it then."""
        with suppress(CancelledError):
            self._model.fit_lpc(self._dataset.sound, self._dataset.train, lambda: self._control.stopped)
        self._learner.share()
        self._learner.remember()

    @property
    def _epoch(self) -> int:
        """The epoch in hand, or the last one if none has been begun after it."""
        return self._epochs_done + (self._epoch_steps > 0 or not self._epochs_done)

    @property
    def _total_steps(self) -> int:
        return (self._end.epochs or 0) * self._preset.train.steps_per_epoch

    def _go_on(self) -> Iterator[Event]:
        tensors, facts = load_state(self._folder.state, self._learner.shapes())
        try:
            same = facts["dataset"] == self._dataset.key
            self._learner.go_to(tensors, facts["learner"], same_music=same)
            self._guard.go_to(facts["guard"])
            self._before, self._best = float(facts["seconds"]), float(facts["best"])
            self._epochs_done, self._epoch_steps = int(facts["epochs"]), int(facts["epoch_steps"])
            self._epoch_bits = float(facts["epoch_bits"])
            if not 0.0 <= self._before < math.inf or min(self._epochs_done, self._epoch_steps) < 0:
                raise ValueError("not a place of a training")
        except (LookupError, RuntimeError, ValueError, TypeError, OverflowError) as fault:
            raise SoundError("This run cannot be gone on with.", "Start a new run.") from fault
        self._began = time.monotonic()
        self._save_after = _SAVE_EVERY
        self._folder.clear_away()
        self._folder.metrics.rewind(self._learner.steps, self._epochs_done)
        if not same:
            yield Note("The tracks have changed since this run began; it goes on with what there is now.")

    def _learn(self) -> Iterator[Event]:
        """Steps and epochs, until the end or a stop."""
        per_epoch = self._preset.train.steps_per_epoch
        if self._epoch_steps >= per_epoch:  # stopped while it was being scored
            yield from self._end_epoch()
        told, told_steps, told_bits = time.monotonic(), 0, 0.0
        self._saved = time.monotonic()
        unread: list[Tensor] = []
        while unread or (self._has_more() and self._going()):
            parts = self._learner.parts
            unread.append(self._learner.step(self._fraction))
            if self._learner.parts != parts:
                yield Note(f"The memory is full: every batch is now learnt in {self._learner.parts} parts.")
            if not self._has_to_look(len(unread)):
                continue
            losses, unread = torch.stack(unread).tolist(), []
            accepted = [self._guard.accepts(bits) for bits in losses]
            if not all(accepted):
                yield self._go_back()
                continue
            self._epoch_steps += len(losses)
            self._epoch_bits += sum(losses)
            told_steps, told_bits = told_steps + len(losses), told_bits + sum(losses)
            if (passed := time.monotonic() - told) >= _TELL_EVERY:
                yield self._tell(told_steps, told_bits / told_steps, passed)
                told, told_steps, told_bits = time.monotonic(), 0, 0.0
            if self._epoch_steps % _REMEMBER_EVERY < len(losses):
                self._learner.remember()
            is_whole = self._epoch_steps >= per_epoch
            if is_whole:
                yield from self._end_epoch()
            elif is_due := time.monotonic() - self._saved >= self._save_after:
                yield Saved(self._epoch, self._learner.steps, self._save())
            if is_whole or is_due:
                told, told_steps, told_bits = time.monotonic(), 0, 0.0

    def _has_more(self) -> bool:
        """A budget that is over before it began still gets a few steps."""
        return self._fraction < 1.0 or (self._end.epochs is None and self._learner.steps < _LEAST_STEPS)

    def _has_to_look(self, unread: int) -> bool:
        """Whether the losses of the last steps are to be read now, for which a GPU has to be waited for."""
        enough = unread >= self._look_every or self._epoch_steps + unread >= self._preset.train.steps_per_epoch
        return enough or self._fraction >= 1.0 or self._control.paused or self._control.stopped

    def _going(self) -> bool:
        """Waits while paused, after saving; False once stopped."""
        if self._control.paused and not self._control.stopped:
            self._save()
            paused = time.monotonic()
            while not (self._control.stopped or self._control.wait_while_paused(0.1)):
                pass
            self._began += time.monotonic() - paused
        return not self._control.stopped

    def _tell(self, steps: int, bits: float, passed: float) -> Step:
        config = self._preset.train
        fraction = self._fraction
        left = self._spent * (1.0 - fraction) / fraction if fraction > 0.001 else None
        if self._end.seconds is not None:
            of_budget = max(self._before + self._end.seconds - self._spent, 0.0)
            left = min(of_budget, np.inf if left is None else left)
        speed = steps * config.batch * config.window / passed
        return Step(self._learner.steps, self._epoch, fraction, bits, speed, left)

    def _go_back(self) -> Note:
        self._spikes += 1
        if self._spikes > _GIVE_UP:
            raise SoundError("The training will not hold still: the loss keeps jumping.", "Try another preset.")
        self._learner.go_back()
        self._guard.forget()
        return Note("The loss jumped; the training went back to its last good state and goes on more slowly.")

    def _end_epoch(self) -> Iterator[Event]:
        """Scores the held-out music and saves.

        A stop in the middle leaves the epoch unended. What was learnt is on the disk before: a score can take long.
        """
        began = time.monotonic()
        path = self._save()
        held_out = 0.0
        for bits in self._held_out.bits():
            if self._control.stopped:
                return
            held_out = bits if bits is not None else held_out
        best = held_out < self._best
        self._best = min(held_out, self._best)
        card = self._card(held_out)
        save_card(path, card)
        end = EpochEnd(card.epoch, card.step, card.train_bits, held_out, self._spent, path, best)
        self._folder.metrics.append_epoch(end)
        self._epochs_done = self._epoch
        self._epoch_bits, self._epoch_steps = 0.0, 0
        self._learner.remember()
        self._save_state()
        yield from self._make_room()
        self._closing = max(self._closing * 0.5, 1.1 * (time.monotonic() - began))
        yield end

    def _make_room(self) -> Iterator[Note]:
        """Nothing is removed while it cannot be read which checkpoints are the best."""
        try:
            make_room(self._folder.path, self._folder.metrics.held_out_bits())
        except OSError as error:
            yield Note(f"Older checkpoints could not be removed to make room: {plainly(error)[0]}.")

    def _card(self, held_out: float | None = None) -> Card:
        """Of the epoch in hand."""
        return Card(
            run=self._folder.path.name, preset=self._preset.name, model=self._preset.model, rate=self._preset.rate,
            epoch=self._epoch, step=self._learner.steps, train_bits=self._epoch_bits / max(self._epoch_steps, 1),
            held_out_bits=held_out, seconds=self._spent,
        )  # fmt: skip

    def _save(self) -> Path:
        """Writes a checkpoint of the epoch in hand, and where to go on; that of an epoch that is whole stays."""
        path = checkpoint_path(self._folder.path, self._epoch)
        if self._epoch > self._epochs_done:
            save_checkpoint(path, self._model.state_dict(), self._card())
        self._save_state()
        return path

    def _save_state(self) -> None:
        """Writes where to go on."""
        tensors, learner = self._learner.position()
        facts: dict[str, Any] = {
            "learner": learner, "guard": self._guard.position(), "dataset": self._dataset.key, "seconds": self._spent,
            "best": self._best, "epochs": self._epochs_done, "epoch_steps": self._epoch_steps,
            "epoch_bits": self._epoch_bits,
        }  # fmt: skip
        save_tensors(self._folder.state, tensors, facts)
        self._saved, self._save_after = time.monotonic(), _SAVE_EVERY
