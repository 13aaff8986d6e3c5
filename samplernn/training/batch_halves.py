"""The gradients of a batch by two threads, each of which learns one half of it by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

import torch
from torch import Tensor

from samplernn.network.conditioning import Conditioning
from samplernn.network.layers import State
from samplernn.network.model import SampleRNN, parameter_count

_MOST_PARAMETERS = 4_000_000
"""Of a model that is learnt in halves: each half works with its own copies of the weights and their gradients."""

Loss: TypeAlias = Callable[[Tensor, list[State], Conditioning | None], tuple[Tensor, list[State]]]
"""As `SampleRNN.loss`."""


class Gradients(NamedTuple):
    """What came of a batch, or of a part of it."""

    loss: Tensor
    """[], the mean over the batch, or what the part contributes to that."""
    of_parameters: list[Tensor | None]
    """In their order; None for one that has no part in the loss."""
    state: list[State]
    """After it."""


class _Batch(NamedTuple):
    """What the loss is taken of."""

    codes: Tensor
    state: list[State]
    conditioning: Conditioning | None

    def of(self, rows: slice) -> _Batch:
        """Of some of the streams."""
        state = [(h[:, rows].contiguous(), c[:, rows].contiguous()) for h, c in self.state]
        conditioning = self.conditioning and Conditioning(*(values[rows] for values in self.conditioning))
        return _Batch(self.codes[rows], state, conditioning)


def worth_halving(model: SampleRNN, batch: int) -> bool:
    """Whether `BatchHalves` is as fast as sharing out every product, where nothing else is at work.

    It is not in bfloat16 on a processor made for that: there the products are so quick that what Python does for each
    half, which never happens at the same time, takes a third longer.
    """
    small = parameter_count(model.config) <= _MOST_PARAMETERS
    return small and model.device.type == "cpu" and model.compute is torch.float32 and batch > 1


class BatchHalves:
    """Works out the gradients of a batch, both halves of it at the same time where there are two threads for that.

    Where the threads of PyTorch share out every product, they wait for one another hundreds of times a step, by
    spinning. Beside other programs one of them is without a core at any time, and all wait for that one. Two halves of
    a batch meet once a step. The gradients of both are added in their order: they are the same to the last bit whether
    the halves are worked out at the same time or one after the other.
    """

    def __init__(self, loss: Loss, parameters: Sequence[Tensor]) -> None:
        self._loss, self._parameters = loss, parameters
        # their threads begin with the first work
        self._helper, self._setter = ThreadPoolExecutor(1, "half a batch"), ThreadPoolExecutor(1, "number of threads")

    @contextmanager
    def threads(self) -> Iterator[int]:
        """Gives this thread half of PyTorch's threads meanwhile, and yields how many halves fit at the same time.

        It is for the whole of a step: the threads of a single shared product would spin on into the halves. What other
        threads use stays as it is; PyTorch gives one that begins meanwhile the number that was set last, by whichever
        thread, so a third one sets all of them again.
        """
        count = torch.get_num_threads()
        if count == 1:
            yield 1
            return
        torch.set_num_threads(count // 2)
        self._setter.submit(torch.set_num_threads, count)
        try:
            yield 2
        finally:
            torch.set_num_threads(count)

    def gradients(
        self, codes: Tensor, state: list[State], at_once: int, conditioning: Conditioning | None = None
    ) -> Gradients:
        """Of the mean loss of a batch.

        Args:
            codes: [batch, context_length + time], of two streams at least.
            state: of every stream, before it.
            at_once: 2 works out both halves at the same time; see `threads`.
            conditioning: see `SampleRNN.forward`.
        """
        middle = len(codes) // 2
        halves = slice(0, middle), slice(middle, len(codes))
        batch = _Batch(codes, state, conditioning)
        if at_once > 1:
            other = self._helper.submit(self._with_threads, torch.get_num_threads(), batch, halves[1])
            try:
                first = self._half(batch, halves[0])
            finally:
                wait([other])
            second = other.result()
        else:
            first, second = (self._half(batch, half) for half in halves)
        for gradient, addend in zip(first.of_parameters, second.of_parameters, strict=True):
            if gradient is not None and addend is not None:
                gradient += addend
        tiers = zip(first.state, second.state, strict=True)
        joined = [(torch.cat([h, i], 1), torch.cat([c, d], 1)) for (h, c), (i, d) in tiers]
        return Gradients(first.loss + second.loss, first.of_parameters, joined)

    def close(self) -> None:
        """Ends the threads of its own."""
        self._helper.shutdown()
        self._setter.shutdown()

    def _with_threads(self, threads: int, batch: _Batch, half: slice) -> Gradients:
        if torch.get_num_threads() != threads:  # a number that each thread has for itself
            torch.set_num_threads(threads)
        return self._half(batch, half)

    def _half(self, batch: _Batch, half: slice) -> Gradients:
        part = batch.of(half)
        loss, after = self._loss(*part)
        loss = loss * (len(part.codes) / len(batch.codes))
        # what comes before the state, both halves share
        learned = any(values.requires_grad for values, _ in batch.state)
        found = torch.autograd.grad(loss, self._parameters, retain_graph=learned, allow_unused=True)
        return Gradients(loss.detach(), list(found), after)
