"""Steps of a frame tier on tensors that stay where they are, so that a CUDA graph can replay them."""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor

from samplernn.config import Cell
from samplernn.cuda.compiler import kernels
from samplernn.engines.folded import Affine, FoldedCell, FoldedTier
from samplernn.network.layers import GATES

_THREADS = 128


class FrameSteps(Protocol):
    """Runs a frame tier for several clips.

    Attributes:
        frame: the samples of the frame that is read next, scaled to -2..2, [clips, size]; to be filled by others.
        conditioning: of the tier below, [clips, ratio, units].
    """

    frame: Tensor
    conditioning: Tensor

    def step(self, above: Tensor | None) -> None:
        """Reads the frame; `above` [clips, width] is what the tier above says of it."""
        ...

    def load_state(self, hidden: Tensor, memory: Tensor) -> None:
        """Replaces the hidden and cell values, [layers, clips, width], float32."""
        ...

    def state(self) -> tuple[Tensor, Tensor]:
        """The hidden and cell values, as `load_state` takes them."""
        ...


def places(to: list[Tensor], carried: list[tuple[Tensor, Tensor]]) -> tuple[Any, ...]:
    """The `Places` of places.cu; what is carried goes from the first of each pair to the second, [clips, count]."""
    three = [*to, None, None, None][:3]
    strides = [0 if place is None else place.stride(0) for place in three]
    parts: list[tuple[Any, ...]] = [(a, a.stride(0), b, b.stride(0), a.shape[1]) for a, b in carried]
    parts += [(None, 0, None, 0, 0)] * (2 - len(parts))
    return *three, *strides, *parts[0], *parts[1]


class ManyFrameSteps:
    """See `FrameSteps`. Matrix products by cuBLAS and a kernel for the cells: for many clips, and on every device."""

    def __init__(self, tier: FoldedTier, cell: Cell, dtype: torch.dtype, clips: int, frame: Tensor | None) -> None:
        """`frame`: of a faster tier, the last samples that the slowest tier holds, [clips, size]."""
        width = len(tier.cells[0].recurrent)
        new = tier.upsample.weights.new_zeros
        inputs = len(tier.cells[0].inward)
        self._expand = None if tier.expand is None else tier.expand.to(dtype)
        self._skip_projection = None if tier.skip_projection is None else _in(tier.skip_projection, dtype)
        self._upsample = _in(tier.upsample, dtype)
        self._outs = new(clips, (len(tier.cells) if tier.skip_projection is not None else 1) * width, dtype=dtype)
        self._mixed = self._outs if tier.skip_projection is None else new(clips, width, dtype=dtype)
        self._flat = new(clips, len(tier.upsample.bias), dtype=dtype)
        self.conditioning = self._flat.view(clips, tier.ratio, -1)
        self._cells = [_CellSteps(part, cell, dtype, clips) for part in tier.cells]
        self._input = self._cells[0].taken[:, :inputs]
        self.frame = self._input if frame is None else frame
        for k, (here, above) in enumerate(zip(self._cells, [*self._cells[1:], None], strict=True)):
            out = self._outs[:, k * width : (k + 1) * width] if tier.skip_projection is not None else None
            if above is None:
                here.connect(self._outs if out is None else out, None, None, None)
            else:
                beside = above.taken[:, width : width + inputs] if tier.skip_projection is not None else None
                here.connect(out, above.taken[:, :width], self._input, beside)

    def step(self, above: Tensor | None) -> None:
        """Reads the frame; `above` [clips, width] is what the tier above says of it."""
        if self._expand is not None and above is not None:
            torch.addmm(above, self.frame, self._expand, out=self._input)
        for cell in self._cells:
            cell.step()
        if self._skip_projection is not None:
            torch.addmm(self._skip_projection.bias, self._outs, self._skip_projection.weights, out=self._mixed)
        torch.addmm(self._upsample.bias, self._mixed, self._upsample.weights, out=self._flat)

    def load_state(self, hidden: Tensor, memory: Tensor) -> None:
        """Replaces the hidden and cell values, [layers, clips, width], float32."""
        for cell, values, kept in zip(self._cells, hidden, memory, strict=True):
            cell.load_state(values, kept)

    def state(self) -> tuple[Tensor, Tensor]:
        """The hidden and cell values, as `load_state` takes them."""
        each = [cell.state() for cell in self._cells]
        return torch.stack([hidden for hidden, _ in each]), torch.stack([memory for _, memory in each])


class _CellSteps:
    """One recurrent layer. What it takes, its input and then its own state, lies in one piece: `taken`."""

    def __init__(self, cell: FoldedCell, cell_type: Cell, dtype: torch.dtype, clips: int) -> None:
        inputs, self._width = len(cell.inward), len(cell.recurrent)
        new = cell.bias.new_zeros
        self._cell_type, self._inputs = cell_type, inputs
        self.taken = new(clips, inputs + self._width, dtype=dtype)
        self._hidden = self.taken[:, inputs:]
        self._memory = new(clips, self._width)
        self._bias = cell.bias.to(dtype)
        self._came = new(clips, GATES[cell_type] * self._width, dtype=dtype)
        if cell_type == "lstm":
            self._weights = torch.cat([cell.inward, cell.recurrent]).to(dtype)
        else:
            self._weights, self._recurrent = cell.inward.to(dtype), cell.recurrent.to(dtype)
            self._again = torch.empty_like(self._came)
        real = "bf16" if dtype is torch.bfloat16 else "float"
        self._kernels = kernels(("places.cu", "frame_cell.cu"), ("lstm_step", "gru_step"), cell.bias.device, REAL=real)

    def connect(self, out: Tensor | None, above: Tensor | None, given: Tensor | None, beside: Tensor | None) -> None:
        """Hidden values also go to `out` and `above`; the raw input `given` is handed on to `beside`."""
        self._to = [place for place in (out, above) if place is not None]
        self._given, self._beside = given, beside

    def step(self) -> None:
        if self._cell_type == "lstm":
            torch.addmm(self._bias, self.taken, self._weights, out=self._came)
            before: tuple[Tensor, ...] = (self._came,)
        else:
            torch.addmm(self._bias, self.taken[:, : self._inputs], self._weights, out=self._came)
            torch.mm(self._hidden, self._recurrent, out=self._again)
            before = self._came, self._again
        if self._kernels:
            clips, width = self._memory.shape
            blocks = -(-clips * width // _THREADS), 1, 1
            self._kernels[f"{self._cell_type}_step"](
                blocks, _THREADS, *before, self._memory, clips, width, self._places()
            )
        else:
            self._hand_on(*before)

    def _places(self) -> tuple[Any, ...]:
        given, beside = self._given, self._beside
        passed = [] if given is None or beside is None else [(given, beside)]
        return places([self._hidden, *self._to], passed)

    def _hand_on(self, came: Tensor, again: Tensor | None = None) -> None:
        if again is None:
            enter, forget, fresh, leave = came.float().chunk(4, dim=1)
            self._memory.mul_(forget.sigmoid()).add_(enter.sigmoid() * fresh.tanh())
            hidden = leave.sigmoid() * self._memory.tanh()
        else:
            reset, update, fresh = came.float().chunk(3, dim=1)
            more, kept, old = again.float().chunk(3, dim=1)
            fresh = torch.tanh(fresh + torch.sigmoid(reset + more) * old)
            hidden = torch.lerp(fresh, self._memory, torch.sigmoid(update + kept))
            self._memory.copy_(hidden)
        for place in (self._hidden, *self._to):
            place.copy_(hidden)
        if self._given is not None and self._beside is not None:
            self._beside.copy_(self._given)

    def load_state(self, hidden: Tensor, memory: Tensor) -> None:
        self._hidden.copy_(hidden)
        self._memory.copy_(hidden if self._cell_type == "gru" else memory)

    def state(self) -> tuple[Tensor, Tensor]:
        if self._cell_type == "gru":
            return self._memory.clone(), torch.zeros_like(self._memory)
        return self._hidden.float(), self._memory.clone()


def _in(layer: Affine, dtype: torch.dtype) -> Affine:
    return Affine(layer.weights.to(dtype), layer.bias.to(dtype))
