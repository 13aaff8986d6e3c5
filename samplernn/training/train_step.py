"""One optimiser step after another, and the state that has to be saved to resume exactly."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from samplernn.config import Preset
from samplernn.data.batches import Streams, plain_values
from samplernn.network.conditioning import Conditioning
from samplernn.network.layers import State
from samplernn.network.model import SampleRNN
from samplernn.training.batch_halves import BatchHalves, worth_halving
from samplernn.training.distributed import SINGLE_PROCESS, ProcessGroup
from samplernn.training.graphed_step import GraphedStep
from samplernn.training.stream_guides import StreamGuides

_FINAL_LR = 1e-2
"""Share of the learning rate that is left at the end of a decay."""


class TrainStep:
    """A model, its optimiser, the streams of its batch and the recurrent state of each stream.

    In a process group every rank has one: what rank 0 is asked to do, it has the other ranks do, too (see `follow`).

    Attributes:
        steps: made so far.
        micro_batches: into how many micro-batches a batch is split to save memory; their gradients are accumulated.
        lr_scale: factor of the learning rate, halved after every loss spike.
        lr: learning rate of the newest step; 0 before the first.
    """

    def __init__(
        self, model: SampleRNN, streams: Streams, preset: Preset, seed: int, group: ProcessGroup = SINGLE_PROCESS
    ) -> None:
        """Raises SoundError where the batch cannot be divided evenly by the processes of the group."""
        config = preset.train
        self.model, self.streams, self.config = model, streams, config
        self._group, self._shard, self._loss = group, group.shard(config.batch), group.data_parallel_loss(model)
        self.steps, self.micro_batches, self.lr_scale, self.lr = 0, 1, 1.0, 0.0
        self._generator = torch.Generator().manual_seed(seed)
        self._parameters = dict(model.named_parameters())
        device = model.device
        on_gpu = device.type == "cuda"
        self._optimiser = torch.optim.Adam(
            self._parameters.values(), betas=config.betas, fused=device.type != "mps", capturable=on_gpu,
            lr=torch.tensor(config.rate, device=device) if on_gpu else config.rate,
        )  # fmt: skip
        self._first = _copied(self._first_state())
        self._state = _copied(self._first)
        self._step = GraphedStep(self._optimise, device, recorded=group.world_size == 1)
        in_halves = worth_halving(model, config.batch) and group.world_size == 1
        self._halves = BatchHalves(self._loss, list(self._parameters.values())) if in_halves else None
        self._guides: StreamGuides | None = None
        if preset.model.guide_predictor:
            self._guides = StreamGuides(streams, preset, self._lpc, seed)
        self._prefetched: tuple[dict[str, Any], tuple[Tensor, ...]] | None = None
        self._snapshot: dict[str, Tensor] = {}
        self._copy_to_snapshot()

    def run(self, fraction: float) -> Tensor:
        """Makes one optimiser step on the next batch.

        Args:
            fraction: how much of the whole training is done, 0..1; a decaying learning rate depends on it.

        Returns:
            The loss in bits per sample, [], detached.
        """
        self._group.send_command("run", fraction)
        if self._prefetched is None:
            batch = self._next_batch()
        else:
            _, batch = self._prefetched
            self._prefetched = None
        if batch[1].any() and self.model.config.first_state == "random":
            _copy(self._first, self._first_state())
        self._set_lr(self._scheduled_lr(fraction))
        loss = self._run_with_room(batch)
        self.steps += 1
        if self.model.device.type == "cuda":  # which is at work meanwhile
            self._prefetched = self._streams_state(), self._next_batch()
        return self._group.all_reduce_mean(loss)

    def _next_batch(self) -> tuple[Tensor, ...]:
        """Codes, which streams start anew, and for a network with guides the parts of a `Conditioning`, on the CPU."""
        codes, fresh = self.streams.next()
        guides = () if self._guides is None else self._guides.next(fresh, self._shard).tensors(torch.device("cpu"))
        return torch.from_numpy(codes[self._shard]), torch.from_numpy(fresh[self._shard]), *guides

    def _lpc(self) -> NDArray[np.float32]:
        prediction = self.model.prediction
        assert prediction is not None
        lpc: NDArray[np.float32] = prediction.lpc.cpu().numpy()
        return lpc

    def _set_lr(self, lr: float) -> None:
        self.lr = lr
        for param_group in self._optimiser.param_groups:
            if isinstance(param_group["lr"], Tensor):
                param_group["lr"].fill_(lr)
            else:
                param_group["lr"] = lr

    def _scheduled_lr(self, fraction: float) -> float:
        config = self.config
        lr = config.rate * self.lr_scale
        if config.decay:
            lr *= max(_FINAL_LR, 1.0 - fraction)
        # a run that had come to its end and goes on to another climbs again as it did at first, not in one leap
        return min(lr, self.lr + config.rate / config.warmup) if config.warmup else lr

    def _run_with_room(self, batch: tuple[Tensor, ...]) -> Tensor:
        """Doubles the number of micro-batches until the memory is enough."""
        while True:
            try:
                return self._step(*batch)
            except torch.OutOfMemoryError:
                if self.micro_batches >= len(batch[0]):
                    raise
            self.micro_batches *= 2
            self._optimiser.zero_grad(set_to_none=True)
            self._step = GraphedStep(self._optimise, self.model.device, recorded=self._group.world_size == 1)
            torch.cuda.empty_cache()

    def _optimise(self, codes: Tensor, fresh: Tensor, *guides: Tensor) -> Tensor:
        """One step, in place: nothing that it changes moves in memory, so that a CUDA graph can record it."""
        if self._halves is None or self.micro_batches > 1:
            loss, state = self._accumulate_gradients(codes, self._state_before(fresh), guides)
            self._descend(state)
            return loss
        with self._halves.threads() as at_once:
            conditioning = Conditioning(*guides) if guides else None
            found = self._halves.gradients(codes, self._state_before(fresh), at_once, conditioning)
            for parameter, gradient in zip(self._parameters.values(), found.of_parameters, strict=True):
                parameter.grad = gradient
            self._descend(found.state)
        return found.loss

    def _descend(self, state: list[State]) -> None:
        """Changes the parameters by their gradients, and takes over the state after the batch."""
        if self.config.clip_by == "value":
            torch.nn.utils.clip_grad_value_(self._parameters.values(), self.config.clip)
        else:
            torch.nn.utils.clip_grad_norm_(self._parameters.values(), self.config.clip)
        self._optimiser.step()
        _copy(self._state, state)

    def close(self) -> None:
        """Ends the threads of its own. No step can be made any more."""
        if self._halves is not None:
            self._halves.close()

    def _accumulate_gradients(
        self, codes: Tensor, state: list[State], guides: tuple[Tensor, ...]
    ) -> tuple[Tensor, list[State]]:
        """The loss of the batch and the state after it; the gradients of all micro-batches add up in the parameters."""
        self._optimiser.zero_grad(set_to_none=True)
        total = torch.zeros((), device=codes.device)
        after: list[list[State]] = []
        batch = len(codes)
        count = min(self.micro_batches, batch)
        edges = [batch * number // count for number in range(count + 1)]
        for begin, end in itertools.pairwise(edges):
            before = [(h[:, begin:end].contiguous(), c[:, begin:end].contiguous()) for h, c in state]
            conditioning = Conditioning(*(part[begin:end] for part in guides)) if guides else None
            loss, then = self._loss(codes[begin:end], before, conditioning)
            loss = loss * ((end - begin) / batch)
            loss.backward(retain_graph=end < batch)  # type: ignore[no-untyped-call]
            total += loss.detach()
            del loss  # frees the activations of this micro-batch before the next
            after.append(then)
        if len(after) == 1:
            return total, after[0]
        tiers = zip(*after, strict=True)
        return total, [(torch.cat([h for h, _ in t], 1), torch.cat([c for _, c in t], 1)) for t in tiers]

    def _state_before(self, fresh: Tensor) -> list[State]:
        """The recurrent states, with the first state for streams that start anew."""
        first = self.model.first_state(len(fresh)) if self.model.config.first_state == "learned" else self._first
        new = fresh[None, :, None]
        return [
            (torch.where(new, h0, h), torch.where(new, c0, c))
            for (h0, c0), (h, c) in zip(first, self._state, strict=True)
        ]

    def _first_state(self) -> list[State]:
        return self._sharded(self.model.first_state(self.config.batch, self._generator))

    def _sharded(self, states: list[State]) -> list[State]:
        """Of the states of the whole batch those of this process."""
        return [(h[:, self._shard], c[:, self._shard]) for h, c in states]

    def take_snapshot(self) -> None:
        """Keeps the present weights and optimiser state in memory, for `roll_back`."""
        self._group.send_command("take snapshot")
        self._copy_to_snapshot()

    @torch.no_grad()
    def _copy_to_snapshot(self) -> None:
        """Adam's moments are kept in bfloat16, which is precise enough; in float32 they take twice the weights."""
        for name, value in self._values().items():
            if name not in self._snapshot:
                short = name.startswith("optimiser.exp_avg")
                self._snapshot[name] = torch.empty_like(value, dtype=torch.bfloat16 if short else value.dtype)
            self._snapshot[name].copy_(value)

    def roll_back(self) -> None:
        """Returns to the last snapshot, with half the learning rate; the streams go on from where they are."""
        self._group.send_command("roll back")
        self._load_values(self._snapshot)
        _copy(self._state, self._first_state())
        self.lr_scale *= 0.5

    def _values(self) -> dict[str, Tensor]:
        """Weights and optimiser state, by the names in the state file."""
        found = {f"weight.{name}": value for name, value in self.model.state_dict().items()}
        for name, parameter in self._parameters.items():
            for key, value in self._optimiser.state.get(parameter, {}).items():
                found[f"optimiser.{key}.{name}"] = value
        return {name: value.detach() for name, value in found.items()}

    @torch.no_grad()
    def _load_values(self, values: dict[str, Tensor]) -> None:
        weights = {name: values[f"weight.{name}"] for name in self.model.state_dict()}
        self.model.load_state_dict(weights)
        for name, parameter in self._parameters.items():
            keys = ("step", "exp_avg", "exp_avg_sq")
            saved = {key: values[f"optimiser.{key}.{name}"] for key in keys if f"optimiser.{key}.{name}" in values}
            state = self._optimiser.state[parameter]
            if saved and not state:
                if {key: tuple(tensor.shape) for key, tensor in saved.items()} != _adam_shapes(parameter):
                    raise ValueError(f"the optimiser state of {name} has other shapes")
                state.update(
                    {key: tensor.to(parameter.device, torch.float32, copy=True) for key, tensor in saved.items()}
                )
            for key, tensor in state.items():
                if key in saved:
                    tensor.copy_(saved[key])
                else:
                    tensor.zero_()  # as before the first step

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of all tensors that a `state_dict` can hold, by name."""
        found = {f"weight.{name}": tuple(value.shape) for name, value in self.model.state_dict().items()}
        for name, parameter in self._parameters.items():
            found |= {f"optimiser.{key}.{name}": shape for key, shape in _adam_shapes(parameter).items()}
        for k, (hidden, _) in enumerate(self._state):
            found[f"hidden.{k}"] = found[f"cell.{k}"] = (len(hidden), self.config.batch, hidden.shape[2])
        return found | {"random.first": tuple(self._generator.get_state().shape)}

    def state_dict(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """All that resuming exactly needs: tensors on the CPU, and plain values for JSON; see `load_state_dict`.

        The names are those of the state file and older than those of the attributes: "parts" are the micro-batches,
        "caution" is the scale of the learning rate, "rate" the learning rate, "lanes" the streams.
        """
        self._group.send_command("state dict")
        tensors = {name: value.to("cpu", copy=True) for name, value in self._values().items()}
        for k, (hidden, cell) in enumerate(self._group.gather(self._state)):
            tensors[f"hidden.{k}"], tensors[f"cell.{k}"] = hidden.contiguous(), cell.contiguous()
        tensors["random.first"] = self._generator.get_state()
        facts = {"steps": self.steps, "parts": self.micro_batches, "caution": self.lr_scale, "rate": self.lr}
        # a batch that was prefetched has yet to be learnt, so the streams are saved as they were before it
        return tensors, facts | (self._streams_state() if self._prefetched is None else self._prefetched[0])

    def _streams_state(self) -> dict[str, Any]:
        guides = {} if self._guides is None else {"guides": self._guides.state_dict()}
        return {"lanes": plain_values(self.streams.state_dict()), **guides}

    def load_state_dict(self, tensors: dict[str, Tensor], facts: dict[str, Any], *, same_music: bool = True) -> None:
        """Goes on from a `state_dict`; with other music the streams and their recurrent states start anew.

        Raises:
            LookupError, RuntimeError, TypeError, ValueError, OverflowError: it is not one of this model and these
                streams.
        """
        self._group.send_command("load state dict")
        tensors, facts, same_music = self._group.broadcast((tensors, facts, same_music))
        self._load_values(tensors)
        if self._guides is not None:
            self._guides.forget()
        self.steps, self.micro_batches = int(facts["steps"]), max(int(facts["parts"]), 1)
        self.lr_scale, self.lr = float(facts["caution"]), float(facts["rate"])
        if not 0.0 < self.lr_scale <= 1.0 or not 0.0 <= self.lr <= self.config.rate:
            raise ValueError("not a learning rate of this training")
        self._generator.set_state(tensors["random.first"])
        if same_music:
            states = [(tensors[f"hidden.{k}"], tensors[f"cell.{k}"]) for k in range(len(self._state))]
            _copy(self._state, self._sharded(states))
            self.streams.load_state_dict(facts["lanes"])
            if self._guides is not None:
                self._guides.load_state_dict(facts["guides"])
            self._prefetched = None
        self._copy_to_snapshot()

    def broadcast_weights(self) -> None:
        """Copies the weights of rank 0 to all other ranks."""
        if self._group.world_size > 1:
            self._group.send_command("broadcast weights")
            self._load_values(self._group.broadcast(self._values()))
            if self._guides is not None:
                self._guides.forget()
            self._copy_to_snapshot()

    def follow(self) -> None:
        """In a rank other than 0: carries out the commands of rank 0 until it sends "end"."""
        while (command := self._group.receive_command())[0] != "end":
            match command:
                case "run", fraction:
                    self.run(fraction)
                case "take snapshot", _:
                    self.take_snapshot()
                case "roll back", _:
                    self.roll_back()
                case "state dict", _:
                    self.state_dict()
                case "load state dict", _:
                    self.load_state_dict({}, {})
                case "broadcast weights", _:
                    self.broadcast_weights()


def _adam_shapes(parameter: Tensor) -> dict[str, tuple[int, ...]]:
    """The shapes of the state that Adam keeps of a parameter."""
    return {"step": (), "exp_avg": tuple(parameter.shape), "exp_avg_sq": tuple(parameter.shape)}


def _copied(states: list[State]) -> list[State]:
    return [(h.detach().clone(), c.detach().clone()) for h, c in states]


@torch.no_grad()
def _copy(target: list[State], source: list[State]) -> None:
    for (h, c), (new_h, new_c) in zip(target, source, strict=True):
        h.copy_(new_h)
        c.copy_(new_c)
