"""A frame tier of LSTMs for few clips: one kernel per matrix product, limited only by the memory bandwidth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from samplernn.config import Cell
from samplernn.cuda.compiler import Kernel, kernels
from samplernn.engines.cuda.frame_steps import FrameSteps, ManyFrameSteps, places
from samplernn.engines.cuda.packing import gates_by_eights, packed
from samplernn.engines.folded import FoldedTier

_FEW = 8
"""Clips at most; with more of them cuBLAS is as fast."""
_THREADS = 512
_SOURCES = "tensor.cu", "places.cu", "frame_product.cu"


def frame_steps(tier: FoldedTier, cell: Cell, dtype: torch.dtype, clips: int, frame: Tensor | None) -> FrameSteps:
    """The fastest implementation for so many clips; arguments as for `ManyFrameSteps`."""
    if _suits(tier, cell, dtype, clips):
        try:
            return FewFrameSteps(tier, clips, frame)
        except LookupError:
            pass
    return ManyFrameSteps(tier, cell, dtype, clips, frame)


def _suits(tier: FoldedTier, cell: Cell, dtype: torch.dtype, clips: int) -> bool:
    device, width = tier.upsample.bias.device, len(tier.cells[0].recurrent)
    if device.type != "cuda" or torch.cuda.get_device_capability(device)[0] < 8:
        return False
    return dtype is torch.bfloat16 and cell == "lstm" and clips <= _FEW and (width | len(tier.upsample.bias)) % 16 == 0


class FewFrameSteps:
    """See `FrameSteps`. All is bfloat16 but the memory of the cells.

    What a layer takes, its input and then its own state, lies in one piece. Its new state is written beside at first,
    as all blocks of its kernel still read the old one; the next kernel carries it over.
    """

    def __init__(self, tier: FoldedTier, clips: int, frame: Tensor | None) -> None:
        """
        Raises:
            LookupError: there are no kernels.
        """
        width, layers = len(tier.cells[0].recurrent), len(tier.cells)
        new, dtype = tier.upsample.weights.new_zeros, torch.bfloat16
        inputs = [len(cell.inward) for cell in tier.cells]
        self._taken = [new(clips, -(-(of + width) // 16) * 16, dtype=dtype) for of in inputs]
        self._hidden = [taken[:, of : of + width] for taken, of in zip(self._taken, inputs, strict=True)]
        self._memory = [new(clips, width) for _ in tier.cells]
        self._expand = None if tier.expand is None else tier.expand.to(dtype)
        self._input = self._taken[0][:, : inputs[0]]
        self.frame = self._input if frame is None else frame
        outputs = layers if tier.skip_projection is not None else 1
        self._outs = new(clips, outputs * width, dtype=dtype)
        self._mixed = self._outs if tier.skip_projection is None else new(clips, width, dtype=dtype)
        self._flat = new(clips, len(tier.upsample.bias), dtype=dtype)
        self.conditioning = self._flat.view(clips, tier.ratio, -1)
        self._steps: list[_Product] = []
        for k, cell in enumerate(tier.cells):
            weights = gates_by_eights(torch.cat([cell.inward, cell.recurrent]))
            product = _Product(weights, gates_by_eights(cell.bias), self._taken[k], cells=True)
            to, carried = [], []
            if k > 0:
                carried.append((self._taken[k][:, :width], self._hidden[k - 1]))
            if k + 1 < layers:
                to.append(self._taken[k + 1][:, :width])
                if tier.skip_projection is not None:
                    carried.append((self._input, self._taken[k + 1][:, width : width + inputs[0]]))
            if tier.skip_projection is not None:
                to.append(self._outs[:, k * width : (k + 1) * width])
            elif k + 1 == layers:
                to.append(self._outs)
            product.connect(None, self._memory[k], places(to, carried))
            self._steps.append(product)
        carried = [(self._outs[:, -width:], self._hidden[-1])]
        if tier.skip_projection is not None:
            self._steps.append(
                _Product(tier.skip_projection.weights, tier.skip_projection.bias, self._outs, cells=False)
            )
            self._steps[-1].connect(self._mixed, None, places([], carried))
            carried = []
        self._steps.append(_Product(tier.upsample.weights, tier.upsample.bias, self._mixed, cells=False))
        self._steps[-1].connect(self._flat, None, places([], carried))

    def step(self, above: Tensor | None) -> None:
        """See `FrameSteps.step`."""
        if self._expand is not None and above is not None:
            torch.addmm(above, self.frame, self._expand, out=self._input)
        for product in self._steps:
            product.run()

    def load_state(self, hidden: Tensor, memory: Tensor) -> None:
        """See `FrameSteps.load_state`."""
        for mine, kept, new, cell in zip(self._hidden, self._memory, hidden, memory, strict=True):
            mine.copy_(new)
            kept.copy_(cell)

    def state(self) -> tuple[Tensor, Tensor]:
        """See `FrameSteps.state`."""
        return torch.stack([hidden.float() for hidden in self._hidden]), torch.stack(self._memory)


class _Product:
    """x @ weights + bias, for fixed places in memory."""

    def __init__(self, weights: Tensor, bias: Tensor, x: Tensor, *, cells: bool) -> None:
        self._weights, self._bias, self._x = packed(weights), bias.contiguous(), x
        tiles = self._weights.shape[0]
        each = 2 if cells else _each(tiles, torch.cuda.get_device_properties(bias.device).multi_processor_count)
        self._blocks = tiles // each
        found: Mapping[str, Kernel] = kernels(
            _SOURCES, ("product",), bias.device, REAL="bf16", TILES=each, STEPS=self._weights.shape[1],
            CLIPS=len(x), FRAME_CELL=int(cells),
        )  # fmt: skip
        self._product = found["product"]

    def connect(self, out: Tensor | None, memory: Tensor | None, where: tuple[Any, ...]) -> None:
        """`out` [clips, outputs] of a product alone, `memory` [clips, width] of an LSTM, and its `places`."""
        width = 0 if memory is None else memory.shape[1]
        stride = 0 if out is None else out.stride(0)
        x = self._x
        self._arguments = (
            x, x.stride(0), self._weights, self._bias, out, stride, memory, width, *where,
        )  # fmt: skip

    def run(self) -> None:
        self._product((self._blocks, 1, 1), _THREADS, self._arguments, early=True)


def _each(tiles: int, processors: int) -> int:
    """Tiles that a block does, so that about all processors have one block: 1, 2, 4, 8 or 16."""
    each = 1
    while each < 16 and tiles % (2 * each) == 0 and tiles > each * processors:
        each *= 2
    return each
