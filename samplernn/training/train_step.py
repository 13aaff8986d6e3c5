"""One optimiser step after another, and everything that has to be kept to go on exactly."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from samplernn.config import Preset
from samplernn.data.batches import Lanes, plain
from samplernn.network.layers import State
from samplernn.network.model import SampleRNN
from samplernn.training.distributed import ALONE, Company
from samplernn.training.graphed_step import GraphedStep

_LEAST_RATE = 1e-2
"""Share of the rate that is left at the end of a decay."""


class Learner:
    """A model, its optimiser, the lanes it listens to and the state of each.

    In company, every process has one, and they do the same: what the first is asked for, it has the others do, too.

    Attributes:
        steps: made so far.
        parts: in how many parts a batch is learnt, to save memory.
        caution: what the rate is multiplied by; smaller after every spike.
        rate: of the newest step; 0 before the first.
    """

    def __init__(self, model: SampleRNN, lanes: Lanes, preset: Preset, seed: int, company: Company = ALONE) -> None:
        """Raises SoundError where the lanes cannot be shared evenly by the company."""
        config = preset.train
        self.model, self.lanes, self.config = model, lanes, config
        self._company, self._mine, self._loss = company, company.share(config.batch), company.loss_of(model)
        self.steps, self.parts, self.caution, self.rate = 0, 1, 1.0, 0.0
        self._generator = torch.Generator().manual_seed(seed)
        self._named = dict(model.named_parameters())
        device = model.device
        on_gpu = device.type == "cuda"
        self._optimiser = torch.optim.Adam(
            self._named.values(), betas=config.betas, fused=device.type != "mps", capturable=on_gpu,
            lr=torch.tensor(config.rate, device=device) if on_gpu else config.rate,
        )  # fmt: skip
        self._first = _copied(self._first_state())
        self._state = _copied(self._first)
        self._step = GraphedStep(self._learn, device, recorded=company.size == 1)
        self._ahead: tuple[dict[str, Any], NDArray[np.int64], NDArray[np.bool_]] | None = None
        self._good: dict[str, Tensor] = {}
        self._keep_good()

    def step(self, fraction: float) -> Tensor:
        """Learns one batch; its loss in bits, [], detached. `fraction` of the training is behind us."""
        self._company.tell("step", fraction)
        if self._ahead is None:
            codes, fresh = self.lanes.next()
        else:
            _, codes, fresh = self._ahead
            self._ahead = None
        if fresh.any() and self.model.config.first_state == "random":
            _copy(self._first, self._first_state())
        self._set_rate(self._rate(fraction))
        loss = self._learn_in_parts(torch.from_numpy(codes[self._mine]), torch.from_numpy(fresh[self._mine]))
        self.steps += 1
        if self.model.device.type == "cuda":  # which is at work meanwhile
            self._ahead = self.lanes.mark(), *self.lanes.next()
        return self._company.mean(loss)

    def _set_rate(self, rate: float) -> None:
        self.rate = rate
        for group in self._optimiser.param_groups:
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate

    def _rate(self, fraction: float) -> float:
        config = self.config
        rate = config.rate * self.caution
        if config.decay:
            rate *= max(_LEAST_RATE, 1.0 - fraction)
        # a run that had come to its end and goes on to another climbs again as it did at first, not in one leap
        return min(rate, self.rate + config.rate / config.warmup) if config.warmup else rate

    def _learn_in_parts(self, codes: Tensor, fresh: Tensor) -> Tensor:
        while True:
            try:
                return self._step(codes, fresh)
            except torch.OutOfMemoryError:
                if self.parts >= len(codes):
                    raise
            self.parts *= 2
            self._optimiser.zero_grad(set_to_none=True)
            self._step = GraphedStep(self._learn, self.model.device, recorded=self._company.size == 1)
            torch.cuda.empty_cache()

    def _learn(self, codes: Tensor, fresh: Tensor) -> Tensor:
        """One step, in place: nothing that it changes moves in memory."""
        loss, state = self._gradients(codes, self._begun(fresh))
        if self.config.clip_by == "value":
            torch.nn.utils.clip_grad_value_(self._named.values(), self.config.clip)
        else:
            torch.nn.utils.clip_grad_norm_(self._named.values(), self.config.clip)
        self._optimiser.step()
        _copy(self._state, state)
        return loss

    def _gradients(self, codes: Tensor, state: list[State]) -> tuple[Tensor, list[State]]:
        self._optimiser.zero_grad(set_to_none=True)
        total = torch.zeros((), device=codes.device)
        after: list[list[State]] = []
        lanes = len(codes)
        parts = min(self.parts, lanes)
        edges = [lanes * part // parts for part in range(parts + 1)]
        for begin, end in itertools.pairwise(edges):
            before = [(h[:, begin:end].contiguous(), c[:, begin:end].contiguous()) for h, c in state]
            loss, then = self._loss(codes[begin:end], before)
            loss = loss * ((end - begin) / lanes)
            loss.backward(retain_graph=end < lanes)  # type: ignore[no-untyped-call]
            total += loss.detach()
            del loss  # what this part has kept is to be gone before the next
            after.append(then)
        if len(after) == 1:
            return total, after[0]
        tiers = zip(*after, strict=True)
        return total, [(torch.cat([h for h, _ in t], 1), torch.cat([c for _, c in t], 1)) for t in tiers]

    def _begun(self, fresh: Tensor) -> list[State]:
        """The states, in which lanes that start anew start from the first one."""
        first = self.model.first_state(len(fresh)) if self.model.config.first_state == "learned" else self._first
        new = fresh[None, :, None]
        return [
            (torch.where(new, h0, h), torch.where(new, c0, c))
            for (h0, c0), (h, c) in zip(first, self._state, strict=True)
        ]

    def _first_state(self) -> list[State]:
        return self._of_mine(self.model.first_state(self.config.batch, self._generator))

    def _of_mine(self, states: list[State]) -> list[State]:
        return [(h[:, self._mine], c[:, self._mine]) for h, c in states]

    def remember(self) -> None:
        """Takes the present as the last good state."""
        self._company.tell("remember")
        self._keep_good()

    @torch.no_grad()
    def _keep_good(self) -> None:
        """Half the digits are enough for the optimiser's memory, and all of it would be twice the weights."""
        for name, value in self._values().items():
            if name not in self._good:
                short = name.startswith("optimiser.exp_avg")
                self._good[name] = torch.empty_like(value, dtype=torch.bfloat16 if short else value.dtype)
            self._good[name].copy_(value)

    def go_back(self) -> None:
        """Returns to the last good state, with half the rate; the music goes on from where it is."""
        self._company.tell("go back")
        self._take(self._good)
        _copy(self._state, self._first_state())
        self.caution *= 0.5

    def _values(self) -> dict[str, Tensor]:
        """Weights and the optimiser's memory."""
        found = {f"weight.{name}": value for name, value in self.model.state_dict().items()}
        for name, value in self._named.items():
            for key, kept in self._optimiser.state.get(value, {}).items():
                found[f"optimiser.{key}.{name}"] = kept
        return {name: value.detach() for name, value in found.items()}

    @torch.no_grad()
    def _take(self, values: dict[str, Tensor]) -> None:
        weights = {name: values[f"weight.{name}"] for name in self.model.state_dict()}
        self.model.load_state_dict(weights)
        for name, value in self._named.items():
            keys = ("step", "exp_avg", "exp_avg_sq")
            kept = {key: values[f"optimiser.{key}.{name}"] for key in keys if f"optimiser.{key}.{name}" in values}
            now = self._optimiser.state[value]
            if kept and not now:
                if {key: tuple(tensor.shape) for key, tensor in kept.items()} != _memory_of(value):
                    raise ValueError(f"the optimiser knows another {name}")
                now.update({key: tensor.to(value.device, torch.float32, copy=True) for key, tensor in kept.items()})
            for key, tensor in now.items():
                if key in kept:
                    tensor.copy_(kept[key])
                else:
                    tensor.zero_()  # as before the first step

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of all tensors that a `position` can hold, by name."""
        found = {f"weight.{name}": tuple(value.shape) for name, value in self.model.state_dict().items()}
        for name, value in self._named.items():
            found |= {f"optimiser.{key}.{name}": shape for key, shape in _memory_of(value).items()}
        for k, (hidden, _) in enumerate(self._state):
            found[f"hidden.{k}"] = found[f"cell.{k}"] = (len(hidden), self.config.batch, hidden.shape[2])
        return found | {"random.first": tuple(self._generator.get_state().shape)}

    def position(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Everything to go on exactly: tensors, and plain values for JSON; see `go_to`."""
        self._company.tell("position")
        tensors = {name: value.to("cpu", copy=True) for name, value in self._values().items()}
        for k, (hidden, cell) in enumerate(self._company.gathered(self._state)):
            tensors[f"hidden.{k}"], tensors[f"cell.{k}"] = hidden.contiguous(), cell.contiguous()
        tensors["random.first"] = self._generator.get_state()
        facts = {"steps": self.steps, "parts": self.parts, "caution": self.caution, "rate": self.rate}
        lanes = self.lanes.position() if self._ahead is None else plain(self._ahead[0])
        return tensors, {**facts, "lanes": lanes}

    def go_to(self, tensors: dict[str, Tensor], facts: dict[str, Any], *, same_music: bool = True) -> None:
        """Goes on from a `position`; with other music the lanes and their states start anew.

        Raises:
            LookupError, RuntimeError, TypeError, ValueError, OverflowError: it is not one of this model and these
                lanes.
        """
        self._company.tell("go to")
        tensors, facts, same_music = self._company.spread((tensors, facts, same_music))
        self._take(tensors)
        self.steps, self.parts = int(facts["steps"]), max(int(facts["parts"]), 1)
        self.caution, self.rate = float(facts["caution"]), float(facts["rate"])
        if not 0.0 < self.caution <= 1.0 or not 0.0 <= self.rate <= self.config.rate:
            raise ValueError("not a rate of this training")
        self._generator.set_state(tensors["random.first"])
        if same_music:
            states = [(tensors[f"hidden.{k}"], tensors[f"cell.{k}"]) for k in range(len(self._state))]
            _copy(self._state, self._of_mine(states))
            self.lanes.go_to(facts["lanes"])
            self._ahead = None
        self._keep_good()

    def share(self) -> None:
        """Has the whole company hold the weights of the first."""
        if self._company.size > 1:
            self._company.tell("share")
            self._take(self._company.spread(self._values()))
            self._keep_good()

    def follow(self) -> None:
        """Does what the first of the company is asked for, until the end."""
        while (order := self._company.orders())[0] != "end":
            match order:
                case "step", fraction:
                    self.step(fraction)
                case "remember", _:
                    self.remember()
                case "go back", _:
                    self.go_back()
                case "position", _:
                    self.position()
                case "go to", _:
                    self.go_to({}, {})
                case "share", _:
                    self.share()


def _memory_of(parameter: Tensor) -> dict[str, tuple[int, ...]]:
    """The shapes of what the optimiser remembers of it."""
    return {"step": (), "exp_avg": tuple(parameter.shape), "exp_avg_sq": tuple(parameter.shape)}


def _copied(states: list[State]) -> list[State]:
    return [(h.detach().clone(), c.detach().clone()) for h, c in states]


@torch.no_grad()
def _copy(onto: list[State], states: list[State]) -> None:
    for (h, c), (new_h, new_c) in zip(onto, states, strict=True):
        h.copy_(new_h)
        c.copy_(new_c)
