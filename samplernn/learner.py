"""One optimiser step after another, and everything that has to be kept to go on exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from samplernn.config import Preset
from samplernn.lanes import Lanes
from samplernn.layers import State
from samplernn.model import SampleRNN

_LEAST_RATE = 1e-2
"""Share of the rate that is left at the end of a decay."""


class Learner:
    """A model, its optimiser, the lanes it listens to and the state of each.

    Attributes:
        steps: made so far.
        parts: in how many parts a batch is learnt, to save memory.
        caution: what the rate is multiplied by; smaller after every spike.
        rate: of the newest step; 0 before the first.
    """

    def __init__(self, model: SampleRNN, lanes: Lanes, preset: Preset, seed: int) -> None:
        config = preset.train
        self.model, self.lanes, self.config = model, lanes, config
        self.steps, self.parts, self.caution, self.rate = 0, 1, 1.0, 0.0
        self._generator = torch.Generator().manual_seed(seed)
        self._named = dict(model.named_parameters())
        self._optimiser = torch.optim.Adam(
            self._named.values(), lr=config.rate, betas=config.betas, fused=model.device.type != "mps"
        )
        self._state = model.first_state(config.batch, self._generator)
        self._good = self._values()

    def step(self, fraction: float) -> Tensor:
        """Learns one batch; its loss in bits, [], detached. `fraction` of the training is behind us."""
        codes, fresh = self.lanes.next()
        self._refresh(fresh)
        self.rate = self._rate(fraction)
        for group in self._optimiser.param_groups:
            group["lr"] = self.rate
        loss = self._learn(torch.from_numpy(codes).to(self.model.device, non_blocking=True))
        self.steps += 1
        return loss

    def _rate(self, fraction: float) -> float:
        config = self.config
        rate = config.rate * self.caution
        if config.decay:
            rate *= max(_LEAST_RATE, 1.0 - fraction)
        # a run that had come to its end and goes on to another climbs again as it did at first, not in one leap
        return min(rate, self.rate + config.rate / config.warmup) if config.warmup else rate

    def _learn(self, codes: Tensor) -> Tensor:
        while True:
            try:
                loss, state = self._gradients(codes)
                break
            except torch.OutOfMemoryError:
                if self.parts >= codes.shape[0]:
                    raise
                self.parts *= 2
                torch.cuda.empty_cache()
        if self.config.clip_by == "value":
            torch.nn.utils.clip_grad_value_(self._named.values(), self.config.clip)
        else:
            torch.nn.utils.clip_grad_norm_(self._named.values(), self.config.clip)
        self._optimiser.step()
        self._state = state
        return loss

    def _gradients(self, codes: Tensor) -> tuple[Tensor, list[State]]:
        self._optimiser.zero_grad(set_to_none=True)
        total = torch.zeros((), device=codes.device)
        after: list[list[State]] = []
        lanes = torch.arange(codes.shape[0], device=codes.device).tensor_split(self.parts)
        for part in lanes:
            begin, end = int(part[0]), int(part[-1]) + 1
            before = [(h[:, begin:end].contiguous(), c[:, begin:end].contiguous()) for h, c in self._state]
            loss, state = self.model.loss(codes[begin:end], before)
            loss = loss * ((end - begin) / codes.shape[0])
            loss.backward(retain_graph=end < codes.shape[0])  # type: ignore[no-untyped-call]
            total += loss.detach()
            after.append(state)
        if len(after) == 1:
            return total, after[0]
        tiers = zip(*after, strict=True)
        return total, [(torch.cat([h for h, _ in t], 1), torch.cat([c for _, c in t], 1)) for t in tiers]

    def _refresh(self, fresh: NDArray[np.bool_]) -> None:
        """Lanes that start anew start from the first state, learned or drawn."""
        if not fresh.any():
            return
        first = self.model.first_state(len(fresh), self._generator)
        new = torch.from_numpy(fresh).to(self.model.device)[None, :, None]
        self._state = [
            (torch.where(new, h0, h), torch.where(new, c0, c))
            for (h0, c0), (h, c) in zip(first, self._state, strict=True)
        ]

    def remember(self) -> None:
        """Takes the present as the last good state."""
        self._good = self._values()

    def go_back(self) -> None:
        """Returns to the last good state, with half the rate; the music goes on from where it is."""
        self._take(self._good)
        self._state = self.model.first_state(self.config.batch, self._generator)
        self.caution *= 0.5

    def _values(self) -> dict[str, Tensor]:
        """Weights and the optimiser's memory, copied."""
        found = {f"weight.{name}": value for name, value in self.model.state_dict().items()}
        for name, value in self._named.items():
            for key, kept in self._optimiser.state.get(value, {}).items():
                found[f"optimiser.{key}.{name}"] = kept
        return {name: value.detach().clone() for name, value in found.items()}

    @torch.no_grad()
    def _take(self, values: dict[str, Tensor]) -> None:
        weights = {name: values[f"weight.{name}"] for name in self.model.state_dict()}
        self.model.load_state_dict(weights)
        self._optimiser.state.clear()
        for name, value in self._named.items():
            keys = ("step", "exp_avg", "exp_avg_sq")
            kept = {key: values[f"optimiser.{key}.{name}"] for key in keys if f"optimiser.{key}.{name}" in values}
            if kept:
                self._optimiser.state[value] = {key: tensor.to(value.device).clone() for key, tensor in kept.items()}

    def position(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Everything to go on exactly: tensors, and plain values for JSON; see `go_to`."""
        tensors = {name: value.cpu() for name, value in self._values().items()}
        for k, (hidden, cell) in enumerate(self._state):
            tensors[f"hidden.{k}"], tensors[f"cell.{k}"] = hidden.cpu().contiguous(), cell.cpu().contiguous()
        tensors["random.first"] = self._generator.get_state()
        facts = {"steps": self.steps, "parts": self.parts, "caution": self.caution, "rate": self.rate}
        return tensors, {**facts, "lanes": self.lanes.position()}

    def go_to(self, tensors: dict[str, Tensor], facts: dict[str, Any], *, same_music: bool = True) -> None:
        """Goes on from a `position`; with other music the lanes and their states start anew."""
        self._take(tensors)
        self.steps, self.parts, self.caution = facts["steps"], facts["parts"], facts["caution"]
        self.rate = facts["rate"]
        self._generator.set_state(tensors["random.first"])
        if same_music:
            device = self.model.device
            count = len(self._state)
            self._state = [(tensors[f"hidden.{k}"].to(device), tensors[f"cell.{k}"].to(device)) for k in range(count)]
            self.lanes.go_to(facts["lanes"])
        self.remember()
