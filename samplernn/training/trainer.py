"""Training a model: `train` is a generator of events, see `samplernn.training.events`."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from resources.refusals import plainly
from samplernn.checkpoint import CheckpointMetadata, load_state, save_checkpoint, save_metadata
from samplernn.checkpoint_paths import checkpoint_path
from samplernn.config import Preset
from samplernn.data.batches import StreamConfig, Streams
from samplernn.data.dataset import Dataset
from samplernn.device import fast_dtype, in_words, pick_device
from samplernn.errors import SoundError
from samplernn.network.model import SampleRNN, parameter_count
from samplernn.tensor_file import save_tensors
from samplernn.training.control import Control
from samplernn.training.distributed import SINGLE_PROCESS, ProcessGroup
from samplernn.training.evaluation import Evaluation
from samplernn.training.events import EpochEnd, Event, Finished, Note, Saved, Started, Step
from samplernn.training.loss_spikes import LossSpikeDetector
from samplernn.training.memory import micro_batches_that_fit
from samplernn.training.options import TrainOptions
from samplernn.training.retention import remove_old_checkpoints
from samplernn.training.run_folder import RunFolder, Settings
from samplernn.training.train_step import TrainStep

_STEP_EVENT_EVERY = 0.25
"""Seconds between `Step` events."""
_SNAPSHOT_EVERY = 500
"""Steps between the snapshots that a loss spike rolls back to."""
_FIRST_SAVE = 60.0
"""Seconds of training after which a new run is first saved: from then on there is something to hear."""
_SAVE_EVERY = 600.0
"""Seconds between further saves in the middle of an epoch."""
_LEAST_TRAINING = 0.5
"""Share of a budget in seconds that goes to optimiser steps, however long the evaluation may take."""
_LEAST_STEPS = 3
"""Steps that are made however small the budget in seconds is: without any there is nothing to hear."""
_MOST_SPIKES = 6
"""With more loss spikes the run is ended."""


def train(
    run_folder: Path,
    dataset: Dataset,
    preset: Preset,
    options: TrainOptions,
    *,
    control: Control | None = None,
    group: ProcessGroup = SINGLE_PROCESS,
) -> Iterator[Event]:
    """Trains a model on `dataset` and keeps the run in `run_folder`.

    The options say when it ends; the learning rate of a preset with decay falls to almost nothing at that end. Every
    epoch ends with an evaluation on all held-out music, a line in metrics.jsonl and a checkpoint. The state to resume
    from, and a checkpoint, are also saved before each evaluation, at every stop and pause, after the first minute and
    every ten minutes. A resumed run goes on where it was last saved, with its own preset and seed: to the same bit,
    where the device computes the same bits each time. One that was never saved begins anew.

    In a process group of several, every rank has to call this with the same arguments; only rank 0 yields events and
    writes files.

    Nothing happens before the first event is asked for.

    Raises:
        SoundError: settings out of range, no such device, a run that cannot be begun, resumed or saved, too little
            music or memory, or a loss that keeps jumping.
    """
    if group.rank and group.receive_command()[0] == "end":  # rank 0 could not begin
        return
    if (options.epochs or 0) < 0 or not (options.seconds or 0.0) >= 0.0:
        raise SoundError("A training cannot take less than no time.")
    device = pick_device(options.device)
    folder = RunFolder(run_folder)
    try:
        settings = _opened(folder, Settings(preset, options.seed), resume=options.resume, leads=group.rank == 0)
    except OSError as error:
        raise SoundError.from_os_error("The training cannot be begun", error) from error
    if dataset.rate != settings.preset.rate:
        raise SoundError("The album was prepared at another sampling rate.", "Prepare it again for this preset.")
    if options.epochs is None and options.seconds is None:
        options = replace(options, epochs=settings.preset.train.epochs)
    hardware = _Hardware(device, micro_batches_that_fit(settings.preset, device, group.world_size), group)
    group.shard(settings.preset.train.batch)
    group.send_command("begin")
    training = _Training(folder, dataset, settings, options, hardware, control or Control())
    if group.rank:
        training.follow()
        return
    try:
        yield from training.events()
    except OSError as error:
        why, todo = plainly(error)
        raise SoundError(
            f"The training had to end: {why}.", f"{todo} Then resume it: it goes on from where it was last saved."
        ) from error
    finally:
        training.close()


def _opened(folder: RunFolder, wanted: Settings, *, resume: bool, leads: bool) -> Settings:
    """Begins a new run in `folder` or opens the one that is there; the settings it was begun with."""
    if resume:
        wanted = folder.settings()
        if leads:
            folder.mark_trained()
    elif leads:
        folder.begin(wanted)
    return wanted


@dataclass(frozen=True, slots=True)
class _Hardware:
    """What a training runs on."""

    device: torch.device
    micro_batches: int
    """Into how many a batch has to be split to have room."""
    group: ProcessGroup


class _Training:
    """One session of a run, from its start or resume to its end or stop."""

    def __init__(
        self,
        folder: RunFolder,
        dataset: Dataset,
        settings: Settings,
        options: TrainOptions,
        hardware: _Hardware,
        control: Control,
    ) -> None:
        self._folder, self._dataset, self._options, self._control = folder, dataset, options, control
        self._preset = settings.preset
        torch.manual_seed(settings.seed)
        config, model_config = self._preset.train, self._preset.model
        model = SampleRNN(model_config)
        self._model = model.to(hardware.device).train()
        self._model.compute = fast_dtype(hardware.device)
        streams = Streams(
            dataset.sound, dataset.train, StreamConfig.of(self._preset), seed=settings.seed,
            chunks=dataset.overlapping_chunks(config.chunks, config.lane_seconds) if config.chunks else (),
        )  # fmt: skip
        self._train_step = TrainStep(self._model, streams, self._preset, settings.seed, hardware.group)
        self._micro_batches = hardware.micro_batches
        self._spike_detector = LossSpikeDetector()
        self._read_losses_every = 1 if hardware.device.type == "cpu" else 10
        self._before, self._began = 0.0, time.monotonic()  # seconds of earlier sessions; start of this one
        self._saved, self._save_after = self._began, _FIRST_SAVE
        self._closing = 0.0  # seconds that the last evaluation and checkpoint are expected to take
        self._best = float("inf")
        self._epoch_bits, self._epoch_steps, self._spike_count = 0.0, 0, 0
        self._epochs_done = 0

    @property
    def _spent(self) -> float:
        """Seconds of training so far, earlier sessions included, pauses left out."""
        return self._before + time.monotonic() - self._began

    @property
    def _fraction(self) -> float:
        """How much of the training is done, 0..1."""
        done = 0.0
        if self._options.epochs is not None:
            done = self._train_step.steps / self._total_steps if self._total_steps else 1.0
        if self._options.seconds is not None:
            # the last evaluation and checkpoint have to fit in, but not at the cost of hardly any step
            least = self._before + self._options.seconds * _LEAST_TRAINING
            usable = max(self._before + self._options.seconds - self._closing, least, 1e-9)
            done = max(done, self._spent / usable)
        return min(done, 1.0)

    def follow(self) -> None:
        """In a rank other than 0: trains as rank 0 commands, until that ends."""
        self._train_step.follow()

    def close(self) -> None:
        """Ends all threads of the session."""
        self._train_step.close()

    def events(self) -> Iterator[Event]:
        """Runs the session, from `Started` to `Finished`; notes may come before."""
        if self._options.resume and self._folder.was_saved:
            yield from self._resume()
        elif self._options.resume:
            yield Note("Nothing of this run had been saved yet: it begins anew.")
        if not self._train_step.steps:
            self._fit_lpc()
        config = self._preset.train
        yield Started(
            self._folder.path.name, in_words(self._model.device, self._model.compute),
            parameter_count(self._preset.model), config.batch, config.window, config.steps_per_epoch,
            self._options.epochs,
        )  # fmt: skip
        if (count := self._micro_batches) > self._train_step.micro_batches:
            self._train_step.micro_batches = count
            yield Note(f"The memory is too small for a whole batch: every one is learnt in {count} parts.")
        self._evaluation = Evaluation(self._dataset.sound, self._dataset.valid, self._model, self._dataset.rate)
        self._closing = self._evaluation.seconds_expected() if self._options.seconds is not None else 0.0
        yield from self._run_epochs()
        if not self._control.stopped and self._epoch > self._epochs_done:
            yield from self._end_epoch()
        if self._control.stopped:
            self._save()
            yield Finished(self._epoch, self._train_step.steps, "stopped")
            return
        by_steps = self._options.epochs is not None and self._train_step.steps >= self._total_steps
        yield Finished(self._epochs_done, self._train_step.steps, "done" if by_steps else "budget")

    def _fit_lpc(self) -> None:
        """Fits the linear predictor, before the first step; a stop leaves that to the run that is resumed."""
        with suppress(CancelledError):
            self._model.fit_lpc(self._dataset.sound, self._dataset.train, lambda: self._control.stopped)
        self._train_step.broadcast_weights()
        self._train_step.take_snapshot()

    @property
    def _epoch(self) -> int:
        """Number of the epoch that is being learnt, from 1; of the last one if none has been begun after it."""
        return self._epochs_done + (self._epoch_steps > 0 or not self._epochs_done)

    @property
    def _total_steps(self) -> int:
        return (self._options.epochs or 0) * self._preset.train.steps_per_epoch

    def _resume(self) -> Iterator[Event]:
        """Loads the state file, and takes back the metrics that were written after it.

        Raises:
            SoundError: there is none, or it is damaged or of another model.
        """
        tensors, facts = load_state(self._folder.state, self._train_step.shapes())
        try:
            same = facts["dataset"] == self._dataset.key
            self._train_step.load_state_dict(tensors, facts["learner"], same_music=same)
            self._spike_detector.load_state_dict(facts["guard"])
            self._before, self._best = float(facts["seconds"]), float(facts["best"])
            self._epochs_done, self._epoch_steps = int(facts["epochs"]), int(facts["epoch_steps"])
            self._epoch_bits = float(facts["epoch_bits"])
            if not 0.0 <= self._before < math.inf or min(self._epochs_done, self._epoch_steps) < 0:
                raise ValueError("not the state of a training")
        except (LookupError, RuntimeError, ValueError, TypeError, OverflowError) as fault:
            raise SoundError("This run cannot be gone on with.", "Start a new run.") from fault
        self._began = time.monotonic()
        self._save_after = _SAVE_EVERY
        self._folder.clear_away()
        self._folder.metrics.rewind(self._train_step.steps, self._epochs_done)
        if not same:
            yield Note("The tracks have changed since this run began; it goes on with what there is now.")

    def _run_epochs(self) -> Iterator[Event]:
        """Makes steps and ends epochs, until the end of the training or a stop."""
        per_epoch = self._preset.train.steps_per_epoch
        if self._epoch_steps >= per_epoch:  # stopped during its evaluation
            yield from self._end_epoch()
        told, told_steps, told_bits = time.monotonic(), 0, 0.0
        self._saved = time.monotonic()
        unread: list[Tensor] = []
        while unread or (self._has_more() and self._may_go_on()):
            micro_batches = self._train_step.micro_batches
            unread.append(self._train_step.run(self._fraction))
            if self._train_step.micro_batches != micro_batches:
                yield Note(f"The memory is full: every batch is now learnt in {self._train_step.micro_batches} parts.")
            if not self._has_to_read_losses(len(unread)):
                continue
            losses, unread = torch.stack(unread).tolist(), []
            accepted = [self._spike_detector.accepts(bits) for bits in losses]
            if not all(accepted):
                yield self._roll_back()
                continue
            self._epoch_steps += len(losses)
            self._epoch_bits += sum(losses)
            told_steps, told_bits = told_steps + len(losses), told_bits + sum(losses)
            if (passed := time.monotonic() - told) >= _STEP_EVENT_EVERY:
                yield self._step_event(told_steps, told_bits / told_steps, passed)
                told, told_steps, told_bits = time.monotonic(), 0, 0.0
            if self._epoch_steps % _SNAPSHOT_EVERY < len(losses):
                self._train_step.take_snapshot()
            is_whole = self._epoch_steps >= per_epoch
            if is_whole:
                yield from self._end_epoch()
            elif is_due := time.monotonic() - self._saved >= self._save_after:
                yield Saved(self._epoch, self._train_step.steps, self._save())
            if is_whole or is_due:
                told, told_steps, told_bits = time.monotonic(), 0, 0.0

    def _has_more(self) -> bool:
        """Whether the training is not at its end; a budget that is over before it began still gets a few steps."""
        return self._fraction < 1.0 or (self._options.epochs is None and self._train_step.steps < _LEAST_STEPS)

    def _has_to_read_losses(self, unread: int) -> bool:
        """Whether to read the losses of the last `unread` steps now; that waits for a GPU, so it is not always done."""
        enough = unread >= self._read_losses_every or self._epoch_steps + unread >= self._preset.train.steps_per_epoch
        return enough or self._fraction >= 1.0 or self._control.paused or self._control.stopped

    def _may_go_on(self) -> bool:
        """False once stopped; saves and waits first while paused."""
        if self._control.paused and not self._control.stopped:
            self._save()
            paused = time.monotonic()
            while not (self._control.stopped or self._control.wait_while_paused(0.1)):
                pass
            self._began += time.monotonic() - paused
        return not self._control.stopped

    def _step_event(self, steps: int, bits: float, passed: float) -> Step:
        """The event for so many steps of that mean loss, made in `passed` seconds."""
        config = self._preset.train
        fraction = self._fraction
        left = self._spent * (1.0 - fraction) / fraction if fraction > 0.001 else None
        if self._options.seconds is not None:
            of_budget = max(self._before + self._options.seconds - self._spent, 0.0)
            left = min(of_budget, np.inf if left is None else left)
        speed = steps * config.batch * config.window / passed
        return Step(self._train_step.steps, self._epoch, fraction, bits, speed, left)

    def _roll_back(self) -> Note:
        """After a loss spike; raises SoundError after the last of too many."""
        self._spike_count += 1
        if self._spike_count > _MOST_SPIKES:
            raise SoundError("The training will not hold still: the loss keeps jumping.", "Try another preset.")
        self._train_step.roll_back()
        self._spike_detector.reset()
        return Note("The loss jumped; the training went back to its last good state and goes on more slowly.")

    def _end_epoch(self) -> Iterator[Event]:
        """Evaluates on the held-out music and saves.

        A stop during the evaluation leaves the epoch unended. The run is saved before, as the evaluation can take long.
        """
        began = time.monotonic()
        path = self._save()
        held_out = 0.0
        for bits in self._evaluation.bits():
            if self._control.stopped:
                return
            held_out = bits if bits is not None else held_out
        best = held_out < self._best
        self._best = min(held_out, self._best)
        metadata = self._metadata(held_out)
        save_metadata(path, metadata)
        end = EpochEnd(metadata.epoch, metadata.step, metadata.train_bits, held_out, self._spent, path, best)
        self._folder.metrics.append_epoch(end)
        self._epochs_done = self._epoch
        self._epoch_bits, self._epoch_steps = 0.0, 0
        self._train_step.take_snapshot()
        self._save_state()
        yield from self._remove_old_checkpoints()
        self._closing = max(self._closing * 0.5, 1.1 * (time.monotonic() - began))
        yield end

    def _remove_old_checkpoints(self) -> Iterator[Note]:
        """Makes room on the disk; removes nothing where the metrics, which say what is best, cannot be read."""
        try:
            remove_old_checkpoints(self._folder.path, self._folder.metrics.held_out_bits())
        except OSError as error:
            yield Note(f"Older checkpoints could not be removed to make room: {plainly(error)[0]}.")

    def _metadata(self, held_out: float | None = None) -> CheckpointMetadata:
        """The metadata of a checkpoint of the present epoch."""
        return CheckpointMetadata(
            run=self._folder.path.name, preset=self._preset.name, model=self._preset.model, rate=self._preset.rate,
            epoch=self._epoch, step=self._train_step.steps, train_bits=self._epoch_bits / max(self._epoch_steps, 1),
            held_out_bits=held_out, seconds=self._spent,
        )  # fmt: skip

    def _save(self) -> Path:
        """Writes a checkpoint of the present epoch and the state file; that of an ended epoch is not replaced."""
        path = checkpoint_path(self._folder.path, self._epoch)
        if self._epoch > self._epochs_done:
            save_checkpoint(path, self._model.state_dict(), self._metadata())
        self._save_state()
        return path

    def _save_state(self) -> None:
        """Writes the state file, from which the run can be resumed; its keys are older than the names in the code."""
        tensors, values = self._train_step.state_dict()
        facts: dict[str, Any] = {
            "learner": values, "guard": self._spike_detector.state_dict(), "dataset": self._dataset.key,
            "seconds": self._spent, "best": self._best, "epochs": self._epochs_done, "epoch_steps": self._epoch_steps,
            "epoch_bits": self._epoch_bits,
        }  # fmt: skip
        save_tensors(self._folder.state, tensors, facts)
        self._saved, self._save_after = time.monotonic(), _SAVE_EVERY
