"""Forward and backward pass of a stack of LSTM layers as a wavefront: each layer one frame behind the one below it.

What a layer does at a frame depends on itself a frame earlier and on the layer below at the same frame. In wave w layer
k does frame w - k, so all of them need nothing but wave w - 1: one batched matrix product and one kernel for the cells
serve all layers, and there are frames + layers - 1 steps instead of frames * layers. The same holds backwards.

Every wave keeps the hidden values of all layers side by side, so that what a layer takes (the layer below, then itself)
lies in one piece without being copied:

    hidden [waves + 1, batch, 1 + layers, width]   place 0 is empty, as nothing is below the first layer
    gates  [waves, batch, layers + 1, 4 * width]   the last place is empty, as nothing is above the last layer
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from samplernn.cuda.compiler import kernels

_THREADS = 128
_UNITS = 4
"""Units that one thread does."""


class Wavefront(torch.autograd.Function):
    """`apply(x, hidden, cell, outer, inner, skip_weights)`; gives (out, hidden, cell), the states without gradients.

    Args of `apply`, all but the cells in one float type:
        x: [batch * frames, inputs], batch first.
        hidden, cell: [layers, batch, width], float32.
        outer: [layers, 4 * width, inputs], what every layer takes from x.
        inner: [layers, 4 * width, 2 * width], what it takes from the layer below and from itself.
        skip_weights: [layers, width, width], the skip projections, whose results are summed; None for the last
            layer as it is.

    out is [batch, frames, width].
    """

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, hidden: Tensor, cell: Tensor, outer: Tensor, inner: Tensor, skip_weights: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Arguments and results are those of the class."""
        layers, batch, width = hidden.shape
        frames, dtype = len(x) // batch, x.dtype
        waves = frames + layers - 1
        shape = _Shape(layers, batch, width, frames)
        x = x.view(batch, frames, -1).transpose(0, 1).reshape(frames * batch, -1)
        store = x.new_empty(waves + 1, batch, layers + 1, width)
        gates = x.new_empty(waves, batch, layers + 1, 4 * width)
        cells = cell.new_empty(waves + 1, layers, batch, width)
        store[:, :, 0] = 0
        for k in range(layers):
            store[k, :, k + 1] = hidden[k]
            cells[k, k] = cell[k]
            torch.mm(x, outer[k].t(), out=shape.rows(gates, k))
        for wave in range(waves):
            active = shape.active(wave)
            taken = shape.pairs(store[wave], active)
            shape.each(gates[wave], active).baddbmm_(taken, inner[active].transpose(1, 2))
            _forward_cells(gates[wave], cells[wave], cells[wave + 1], store[wave + 1], active)
        outs = [shape.rows(store[1:], k, k + 1) for k in range(layers)]
        if skip_weights is None:
            out = outs[-1].clone()
        else:
            out = outs[0] @ skip_weights[0].t()
            for k in range(1, layers):
                out.addmm_(outs[k], skip_weights[k].t())
        ctx.save_for_backward(x, store, cells, gates, outer, inner, skip_weights)
        ctx.shape = shape
        last = [frames + k for k in range(layers)]
        hidden = torch.stack([store[wave, :, k + 1] for k, wave in enumerate(last)]).float()
        cell = torch.stack([cells[wave, k] for k, wave in enumerate(last)])
        ctx.mark_non_differentiable(hidden, cell)
        return out.to(dtype).view(frames, batch, width).transpose(0, 1).contiguous(), hidden, cell

    @staticmethod
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor | None, ...]:
        """The gradients of all arguments, in their order; the gates that were kept are overwritten with theirs."""
        x, store, cells, gates, outer, inner, skip_weights = ctx.saved_tensors
        shape: _Shape = ctx.shape
        layers, batch, width, frames = shape.layers, shape.batch, shape.width, shape.frames
        waves = len(gates)
        out = above[0].transpose(0, 1).reshape(frames * batch, width)
        below = out.new_zeros if skip_weights is None else out.new_empty
        grad = below(waves, batch, layers, width)
        for k in range(layers) if skip_weights is not None else (layers - 1,):
            rows = shape.rows(grad, k)
            rows.copy_(out) if skip_weights is None else torch.mm(out, skip_weights[k], out=rows)
        gates[:, :, layers] = 0
        for k in range(layers):
            gates[:k, :, k] = 0
            gates[frames + k :, :, k] = 0
        carried = cells.new_zeros(layers, batch, width)
        back = _backwards(inner)
        for wave in reversed(range(waves)):
            active = shape.active(wave)
            if wave < waves - 1:
                gate_grads = shape.pairs(gates[wave + 1], active)
                shape.each(grad[wave], active).baddbmm_(gate_grads, back[active])
            _backward_cells(gates[wave], cells[wave], cells[wave + 1], grad[wave], carried, active)
        gate_grads = torch.stack([gates[k, :, k] for k in range(layers)])
        first = torch.bmm(gate_grads, inner[:, :, width:]).float() if ctx.needs_input_grad[1] else None
        grown = shape.diagonal(gates, 4 * width).transpose(1, 2)
        taken = shape.diagonal(store, 2 * width)
        inputs = None
        if ctx.needs_input_grad[0]:
            inputs = shape.rows(gates, 0) @ outer[0]
            for k in range(1, layers):
                inputs.addmm_(shape.rows(gates, k), outer[k])
            inputs = inputs.view(frames, batch, -1).transpose(0, 1).reshape(batch * frames, -1)
        skip_weights_grad = None
        if skip_weights is not None:
            skip_weights_grad = torch.stack([out.t() @ shape.rows(store[1:], k, k + 1) for k in range(layers)])
        outer_gradient = torch.bmm(grown, x.expand(layers, -1, -1))
        return inputs, first, carried, outer_gradient, torch.bmm(grown, taken), skip_weights_grad


class _Shape:
    """Views of what is kept by waves."""

    def __init__(self, layers: int, batch: int, width: int, frames: int) -> None:
        self.layers, self.batch, self.width, self.frames = layers, batch, width, frames

    def active(self, wave: int) -> slice:
        """The layers that have a frame to do."""
        return slice(max(0, wave - self.frames + 1), min(self.layers - 1, wave) + 1)

    def rows(self, waves: Tensor, layer: int, place: int | None = None) -> Tensor:
        """All frames of one layer, [frames * batch, units], from [waves, batch, places, units]."""
        _, batch, places, units = waves.shape
        begin = (layer * batch * places + (layer if place is None else place)) * units
        return waves.as_strided((self.frames * batch, units), (places * units, 1), waves.storage_offset() + begin)

    def each(self, wave: Tensor, active: slice) -> Tensor:
        """The active layers, [active, batch, units], of [batch, places, units]."""
        return wave[:, active].transpose(0, 1)

    def pairs(self, wave: Tensor, active: slice) -> Tensor:
        """Every active place and the next, [active, batch, 2 * units], of [batch, places, units]."""
        batch, places, units = wave.shape
        return wave.as_strided(
            (active.stop - active.start, batch, 2 * units),
            (units, places * units, 1),
            wave.storage_offset() + active.start * units,
        )

    def diagonal(self, waves: Tensor, units: int) -> Tensor:
        """`units` from the place of each layer on, at all of its frames, [layers, frames * batch, units]."""
        _, batch, places, each = waves.shape
        return waves.as_strided(
            (self.layers, self.frames * batch, units),
            ((batch * places + 1) * each, places * each, 1),
            waves.storage_offset(),
        )


def _backwards(inner: Tensor) -> Tensor:
    """What reaches a layer from its own gates a frame later and from those of the layer above, [layers, 8 w, w]."""
    layers, gates, both = inner.shape
    width = both // 2
    back = inner.new_zeros(layers, 2 * gates, width)
    back[:, :gates] = inner[:, :, width:]
    back[:-1, gates:] = inner[1:, :, :width]
    return back


def _forward_cells(gates: Tensor, before: Tensor, after: Tensor, hidden: Tensor, active: slice) -> None:
    """One wave of cells: gates become their values, and cells and hidden values of the next wave are written."""
    layers, batch, width = before.shape
    found = _kernels(gates)
    if found:
        found["lstm_forward"](
            _blocks(active, batch, width), _THREADS, gates, before, after, hidden,
            active.start, active.stop - active.start, batch, width, layers,
        )  # fmt: skip
        return
    enter, forget, fresh, leave = gates[:, active].float().chunk(4, dim=2)
    enter, forget, fresh, leave = enter.sigmoid(), forget.sigmoid(), fresh.tanh(), leave.sigmoid()
    cell = forget * before[active].transpose(0, 1) + enter * fresh
    gates[:, active] = torch.cat([enter, forget, fresh, leave], dim=2).to(gates.dtype)
    after[active] = cell.transpose(0, 1)
    hidden[:, active.start + 1 : active.stop + 1] = (leave * cell.tanh()).to(hidden.dtype)


def _backward_cells(gates: Tensor, before: Tensor, after: Tensor, grad: Tensor, carried: Tensor, active: slice) -> None:
    """The gradients of one wave of gates take the place of their values."""
    layers, batch, width = before.shape
    found = _kernels(gates)
    if found:
        found["lstm_backward"](
            _blocks(active, batch, width), _THREADS, gates, before, after, grad, carried,
            active.start, active.stop - active.start, batch, width, layers,
        )  # fmt: skip
        return
    enter, forget, fresh, leave = gates[:, active].float().chunk(4, dim=2)
    old, now = before[active].transpose(0, 1), after[active].transpose(0, 1).tanh()
    above = grad[:, active].float()
    cell = carried[active].transpose(0, 1) + above * leave * (1 - now * now)
    parts = [
        cell * fresh * enter * (1 - enter),
        cell * old * forget * (1 - forget),
        cell * enter * (1 - fresh * fresh),
        above * now * leave * (1 - leave),
    ]
    carried[active] = (cell * forget).transpose(0, 1)
    gates[:, active] = torch.cat(parts, dim=2).to(gates.dtype)


def _kernels(gates: Tensor) -> Any:
    real = "bf16" if gates.dtype is torch.bfloat16 else "float"
    return kernels("lstm_cell.cu", ("lstm_forward", "lstm_backward"), gates.device, REAL=real)


def _blocks(active: slice, batch: int, width: int) -> tuple[int, int, int]:
    return -(-(active.stop - active.start) * batch * width // (_UNITS * _THREADS)), 1, 1
