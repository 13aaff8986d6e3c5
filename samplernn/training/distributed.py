"""Data-parallel training in several processes: each holds the whole model and learns its share of the batch.

Rank 0 decides when to make a step, to save or to roll back, and sends the command to the other ranks, which only
follow. torch's DistributedDataParallel averages the gradients, so all ranks hold the same weights after every step.
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
from samplernn.network.conditioning import Conditioning
from samplernn.network.layers import State
from samplernn.network.model import SampleRNN

Loss: TypeAlias = Callable[[Tensor, list[State], Conditioning | None], tuple[Tensor, list[State]]]
"""As `SampleRNN.loss`."""

_TIMEOUT = timedelta(days=30)
"""Long, because the other ranks wait in a broadcast for as long as a training is paused."""


class ProcessGroup:
    """The processes that train one model; this class is the group of a single process.

    Attributes:
        rank: the number of this process, from 0.
        world_size: how many processes there are.
    """

    rank, world_size = 0, 1

    def shard(self, batch: int) -> slice:
        """The rows of a batch of that size that this process learns.

        Raises:
            SoundError: the batch cannot be divided evenly by the number of processes.
        """
        if batch % self.world_size:
            raise SoundError(
                f"A batch of {batch} cannot be shared evenly by {self.world_size} processes.",
                "Use another number of them.",
            )
        each = batch // self.world_size
        return slice(self.rank * each, (self.rank + 1) * each)

    def data_parallel_loss(self, model: SampleRNN) -> Loss:
        """The loss of this process's rows of a batch; its backward pass averages the gradients of all processes."""
        return model.loss

    def send_command(self, command: str, value: float = 0.0) -> None:
        """Tells the other ranks what to do next; does nothing in any rank but 0."""

    def receive_command(self) -> tuple[str, float]:
        """Waits for the next `send_command` of rank 0; a single process is told "end" at once."""
        return "end", 0.0

    def all_reduce_mean(self, loss: Tensor) -> Tensor:
        """The mean over all ranks; a collective call."""
        return loss

    def gather(self, states: list[State]) -> list[State]:
        """The states of the whole batch on the CPU, valid in rank 0 only; a collective call."""
        return [(hidden.cpu(), cell.cpu()) for hidden, cell in states]

    def broadcast(self, value: Any) -> Any:
        """The `value` that rank 0 passes, in every rank; a collective call."""
        return value


SINGLE_PROCESS = ProcessGroup()


class TorchrunGroup(ProcessGroup):
    """The processes that torchrun has started, as a context manager; outside its `with` no call may be made."""

    def __init__(self, device: torch.device) -> None:
        from torch import distributed

        self._torch = distributed
        backend = "cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo"
        distributed.init_process_group(backend, timeout=_TIMEOUT)
        self.rank, self.world_size = distributed.get_rank(), distributed.get_world_size()

    def data_parallel_loss(self, model: SampleRNN) -> Loss:
        from torch.nn.parallel import DistributedDataParallel

        devices = [model.device] if model.device.type == "cuda" else None
        loss: Loss = DistributedDataParallel(_LossModule(model), device_ids=devices)
        return loss

    def send_command(self, command: str, value: float = 0.0) -> None:
        if self.rank == 0:
            self.broadcast((command, value))

    def receive_command(self) -> tuple[str, float]:
        command, value = self.broadcast(None)
        return str(command), float(value)

    def all_reduce_mean(self, loss: Tensor) -> Tensor:
        total = loss.clone()
        self._torch.all_reduce(total)
        return total / self.world_size

    def gather(self, states: list[State]) -> list[State]:
        return [(self._gather(hidden), self._gather(cell)) for hidden, cell in states]

    def _gather(self, shard: Tensor) -> Tensor:
        """[layers, batch, width] of the whole batch in rank 0; the other ranks get their own shard back."""
        shard = shard.cpu().contiguous()
        shards = [torch.empty_like(shard) for _ in range(self.world_size)] if self.rank == 0 else None
        self._torch.gather(shard, shards)
        return torch.cat(shards, dim=1) if shards else shard

    def broadcast(self, value: Any) -> Any:
        box = [value]
        self._torch.broadcast_object_list(box, device=torch.device("cpu"))
        return box[0]

    def __enter__(self) -> TorchrunGroup:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """Rank 0 ends the others. Another rank that failed just leaves: torchrun ends those that wait for it."""
        if self.rank and failed:
            return
        with suppress(RuntimeError):  # one of them has gone already
            self.send_command("end")
            self._torch.barrier()
        self._torch.destroy_process_group()


class _LossModule(nn.Module):
    """The loss as the forward pass of a module, which is what DistributedDataParallel takes."""

    def __init__(self, model: SampleRNN) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, codes: Tensor, state: list[State], conditioning: Conditioning | None
    ) -> tuple[Tensor, list[State]]:
        return self.model.loss(codes, state, conditioning)


def torchrun_ranks() -> tuple[int, int, int]:
    """Rank, rank on this machine, and world size, from the environment that torchrun sets; 0, 0, 1 without torchrun."""
    names = ("RANK", "LOCAL_RANK", "WORLD_SIZE")
    rank, local, size = (int(os.environ.get(name, default)) for name, default in zip(names, (0, 0, 1), strict=True))
    return rank, local, size
