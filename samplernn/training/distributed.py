"""Several processes that teach one model together: each holds all of it, and learns its share of the lanes.

The first process leads: it decides when to make a step, to save or to go back, and tells the others, who only follow.
Gradients are averaged by torch's DistributedDataParallel, so every process holds the same weights after every step.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from samplernn.errors import SoundError
from samplernn.network.layers import State
from samplernn.network.model import SampleRNN

Loss: TypeAlias = Callable[[Tensor, list[State]], tuple[Tensor, list[State]]]
"""As `SampleRNN.loss`."""

_PATIENCE = timedelta(days=30)
"""A training may be paused for long."""


class Company:
    """The processes of a training; this one is alone.

    Attributes:
        rank: which of the processes this is, from 0, which leads.
        size: how many there are.
    """

    rank, size = 0, 1

    def share(self, lanes: int) -> slice:
        """The lanes that this process learns.

        Raises:
            SoundError: they cannot be shared evenly.
        """
        if lanes % self.size:
            raise SoundError(
                f"A batch of {lanes} cannot be shared evenly by {self.size} processes.", "Use another number of them."
            )
        each = lanes // self.size
        return slice(self.rank * each, (self.rank + 1) * each)

    def loss_of(self, model: SampleRNN) -> Loss:
        """The loss of this process's lanes, whose gradients come to be those of all."""
        return model.loss

    def tell(self, order: str, value: float = 0.0) -> None:
        """What all are to do now; only the one that leads says anything."""

    def orders(self) -> tuple[str, float]:
        """What `tell` says, which the others wait for; alone there is nobody to follow."""
        return "end", 0.0

    def mean(self, loss: Tensor) -> Tensor:
        """Over all processes, which all have to call this."""
        return loss

    def gathered(self, states: list[State]) -> list[State]:
        """Those of all lanes, on the CPU, in the process that leads; all have to call this."""
        return [(hidden.cpu(), cell.cpu()) for hidden, cell in states]

    def spread(self, thing: Any) -> Any:
        """What the process that leads calls this with, in all of them."""
        return thing


ALONE = Company()


class Together(Company):
    """The processes that torchrun has started; nothing can be done together after the `with` that it is for."""

    def __init__(self, device: torch.device) -> None:
        from torch import distributed

        self._torch = distributed
        backend = "cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo"
        distributed.init_process_group(backend, timeout=_PATIENCE)
        self.rank, self.size = distributed.get_rank(), distributed.get_world_size()

    def loss_of(self, model: SampleRNN) -> Loss:
        from torch.nn.parallel import DistributedDataParallel

        places = [model.device] if model.device.type == "cuda" else None
        shared: Loss = DistributedDataParallel(_Taught(model), device_ids=places)
        return shared

    def tell(self, order: str, value: float = 0.0) -> None:
        if self.rank == 0:
            self.spread((order, value))

    def orders(self) -> tuple[str, float]:
        order, value = self.spread(None)
        return str(order), float(value)

    def mean(self, loss: Tensor) -> Tensor:
        total = loss.clone()
        self._torch.all_reduce(total)
        return total / self.size

    def gathered(self, states: list[State]) -> list[State]:
        return [(self._lanes(hidden), self._lanes(cell)) for hidden, cell in states]

    def _lanes(self, mine: Tensor) -> Tensor:
        """[layers, lanes, width] of all lanes; of no meaning but in the process that leads."""
        mine = mine.cpu().contiguous()
        each = [torch.empty_like(mine) for _ in range(self.size)] if self.rank == 0 else None
        self._torch.gather(mine, each)
        return torch.cat(each, dim=1) if each else mine

    def spread(self, thing: Any) -> Any:
        box = [thing]
        self._torch.broadcast_object_list(box, device=torch.device("cpu"))
        return box[0]

    def __enter__(self) -> Together:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """The first lets the others go. Another one that failed just leaves: torchrun ends those that wait for it."""
        if self.rank and failed:
            return
        with suppress(RuntimeError):  # one of them has gone already
            self.tell("end")
            self._torch.barrier()
        self._torch.destroy_process_group()


class _Taught(nn.Module):
    """The loss as the forward pass of a module, which is what DistributedDataParallel takes."""

    def __init__(self, model: SampleRNN) -> None:
        super().__init__()
        self.model = model

    def forward(self, codes: Tensor, state: list[State]) -> tuple[Tensor, list[State]]:
        return self.model.loss(codes, state)


def torchrun_place() -> tuple[int, int, int]:
    """Rank, rank on this machine, and number of processes, as torchrun tells them; alone 0, 0, 1."""
    names = ("RANK", "LOCAL_RANK", "WORLD_SIZE")
    rank, local, size = (int(os.environ.get(name, default)) for name, default in zip(names, (0, 0, 1), strict=True))
    return rank, local, size
