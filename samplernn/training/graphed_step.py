"""A training step as a CUDA graph, which launches its hundreds of kernels at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import torch
from torch import Tensor

from samplernn.cuda.graph import recorded

_BY_HAND = 3
"""Steps before one is recorded, in which the libraries choose their algorithms and allocate what they need."""
_AHEAD = 2
"""Steps that may wait in the queue of the device."""


class GraphedStep:
    """Calls `work` with tensors on the device; an NVIDIA GPU records it at the fourth call and replays it from then on.

    All other tensors that `work` reads or writes have to stay at the same address. Where it cannot be recorded, it is
    called each time.
    """

    def __init__(self, work: Callable[..., Tensor], device: torch.device, *, recorded: bool = True) -> None:
        """`recorded`: whether to try; not where processes wait for one another within `work`."""
        self._work, self._device = work, device
        self._by_hand = _BY_HAND if recorded else -1
        self._graph: torch.cuda.CUDAGraph | None = None
        self._inputs: list[Tensor] = []
        self._output = torch.zeros(())
        self._queue: deque[torch.cuda.Event] = deque()

    def __call__(self, *inputs: Tensor) -> Tensor:
        """The result of `work` for the inputs, which may be on the CPU.

        Raises:
            torch.OutOfMemoryError: `work` did.
        """
        if self._device.type != "cuda":
            return self._work(*(value.to(self._device) for value in inputs))
        if len(self._queue) >= _AHEAD:
            self._queue.popleft().synchronize()  # sleeps, and lets other threads run
        there = [value.pin_memory().to(self._device, non_blocking=True) for value in inputs]
        if self._by_hand == 0:
            self._record(there)
        self._by_hand -= 1
        if self._graph is None:
            output = self._work(*there)
        else:
            for mine, value in zip(self._inputs, there, strict=True):
                mine.copy_(value)
            self._graph.replay()
            output = self._output.clone()
        done = torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]
        done.record()
        self._queue.append(done)
        return output

    def _record(self, inputs: list[Tensor]) -> None:
        self._inputs = [value.clone() for value in inputs]

        def work() -> None:
            self._output = self._work(*self._inputs)

        self._graph = recorded(work)
        if self._graph is None:
            self._inputs = []
            torch.cuda.synchronize(self._device)
            torch.cuda.empty_cache()
