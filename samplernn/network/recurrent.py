"""LSTM and GRU layers with a backward pass of our own, for CPUs where that of PyTorch takes half of a training step.

PyTorch works out the gradients of a layer's weights one frame after another. Here all frames are gathered first: the
product with the input, and every gradient of a weight, is one large matrix product; only the recurrent product itself
goes frame by frame. Products and what is kept for the way back are in the dtype of the input; states and gates are
computed in float32.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

_BLOCK = 2**19
"""Gate values that are worked on at a time on the way back: few enough for the processor's cache."""
_WORTH_IT = 768
"""Units from which on these layers are faster than those of torch."""


def is_worth_it(x: Tensor, width: int) -> bool:
    """Whether `lstm` and `gru` are faster than those of torch for x; in float32 theirs are well made."""
    return x.device.type == "cpu" and x.dtype is torch.bfloat16 and width >= _WORTH_IT and torch.is_grad_enabled()


def lstm(
    x: Tensor, hidden: Tensor, cell: Tensor, inward: Tensor, recurrent: Tensor, bias: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """An LSTM layer without peepholes, gates in the order in, forget, cell, out.

    Args:
        x: [batch, frames, inputs]
        hidden, cell: [batch, width], float32.
        inward: [4 * width, inputs], in the dtype of x.
        recurrent: [4 * width, width], in the dtype of x.
        bias: [4 * width], float32.

    Returns:
        The output [batch, frames, width], and both states after it.
    """
    found: tuple[Tensor, Tensor, Tensor] = _LSTM.apply(x, hidden, cell, inward, recurrent, bias)  # type: ignore[no-untyped-call]
    return found


def gru(x: Tensor, hidden: Tensor, inward: Tensor, recurrent: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """A GRU layer as cuDNN has it, gates in the order reset, update, new; arguments as for `lstm`, with three gates."""
    found: tuple[Tensor, Tensor] = _GRU.apply(x, hidden, inward, recurrent, bias)  # type: ignore[no-untyped-call]
    return found


def _entering(x: Tensor, inward: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """x with the frames in front, [frames * batch, inputs], and its product for the gates, [frames, batch, gates]."""
    batch, frames, inputs = x.shape
    flat = x.transpose(0, 1).reshape(frames * batch, inputs)
    return flat, torch.addmm(bias.to(x.dtype), flat, inward.t()).view(frames, batch, -1)


def _blocks(frames: int, size: int) -> list[tuple[int, int]]:
    """Stretches of frames, the last one first, of about `_BLOCK` numbers each where a frame has `size`."""
    step = max(_BLOCK // size, 1)
    return [(max(stop - step, 0), stop) for stop in range(frames, 0, -step)]


class _LSTM(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, hidden: Tensor, cell: Tensor, inward: Tensor, recurrent: Tensor, bias: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        flat, gates = _entering(x, inward, bias)
        frames, batch, width = len(gates), len(hidden), hidden.shape[1]
        hiddens = x.new_empty(frames + 1, batch, width)
        cells = x.new_empty(frames + 1, batch, width)
        hiddens[0], cells[0] = hidden, cell
        now, ratio = cell.clone(), recurrent.t()
        for t in range(frames):
            values = gates[t].addmm_(hiddens[t], ratio).float()
            values[:, : 2 * width].sigmoid_()
            values[:, 2 * width : 3 * width].tanh_()
            values[:, 3 * width :].sigmoid_()
            enter, forget, new, out = values.chunk(4, dim=1)
            now = (now * forget).addcmul_(enter, new)
            hidden = now.tanh().mul_(out)
            gates[t], hiddens[t + 1], cells[t + 1] = values, hidden, now
        ctx.save_for_backward(flat, gates, hiddens, cells, inward, recurrent)
        return hiddens[1:].transpose(0, 1), hidden, now

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor | None, ...]:
        flat, gates, hiddens, cells, inward, recurrent = ctx.saved_tensors
        frames, batch, width = gates.shape[0], gates.shape[1], gates.shape[2] // 4
        out, hidden, cell = above[0].transpose(0, 1), above[1].float().clone(), above[2].float().clone()
        turned = recurrent.t().contiguous().t()
        gate_grads = torch.empty_like(gates)
        for start, stop in _blocks(frames, batch * width * 4):
            values = gates[start:stop].float()
            enter, forget, new, leave = values.chunk(4, dim=2)
            end = cells[start + 1 : stop + 1].float().tanh()
            cell_factor = leave * (1.0 - end * end)
            out_factor = end.mul_(leave * (1.0 - leave))
            through = torch.cat(
                [new * enter * (1.0 - enter), cells[start:stop] * forget * (1.0 - forget), enter * (1.0 - new * new)], 2
            ).view(-1, batch, 3, width)
            for t in range(stop - 1, start - 1, -1):
                k = t - start
                hidden += out[t]
                cell.addcmul_(hidden, cell_factor[k])
                gate_grads[t, :, : 3 * width].view(batch, 3, width).copy_(through[k].mul_(cell[:, None]))
                gate_grads[t, :, 3 * width :] = out_factor[k].mul_(hidden)
                cell.mul_(forget[k])
                hidden = torch.mm(gate_grads[t], turned).float()
        x_grad, *weight_grads = _gradients(ctx, gate_grads, gate_grads, flat, hiddens, inward)
        return x_grad, hidden, cell, *weight_grads


class _GRU(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, hidden: Tensor, inward: Tensor, recurrent: Tensor, bias: Tensor
    ) -> tuple[Tensor, Tensor]:
        flat, entering = _entering(x, inward, bias)
        frames, batch, width = len(entering), len(hidden), hidden.shape[1]
        hiddens = x.new_empty(frames + 1, batch, width)
        gates = x.new_empty(frames, batch, 4 * width)
        hiddens[0] = hidden
        ratio = recurrent.t()
        for t in range(frames):
            values = torch.mm(hiddens[t], ratio).float()
            memory = values[:, 2 * width :]
            came = entering[t].float()
            reset, update = values[:, : 2 * width].add_(came[:, : 2 * width]).sigmoid_().chunk(2, dim=1)
            new = came[:, 2 * width :].addcmul_(reset, memory).tanh_()
            hidden = torch.lerp(new, hidden, update)
            gates[t, :, : 3 * width], gates[t, :, 3 * width :], hiddens[t + 1] = values, new, hidden
        ctx.save_for_backward(flat, gates, hiddens, inward, recurrent)
        return hiddens[1:].transpose(0, 1), hidden

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *above: Tensor) -> tuple[Tensor | None, ...]:
        flat, gates, hiddens, inward, recurrent = ctx.saved_tensors
        frames, batch, width = gates.shape[0], gates.shape[1], gates.shape[2] // 4
        out, hidden = above[0].transpose(0, 1), above[1].float().clone()
        turned = recurrent.t().contiguous().t()
        # towards reset, update, and the new value on the side of the memory; and on the side of the input
        gate_grads = torch.empty_like(gates)
        for start, stop in _blocks(frames, batch * width * 4):
            reset, update, memory, new = gates[start:stop].float().chunk(4, dim=2)
            new_factor = (1.0 - update) * (1.0 - new * new)
            through = torch.cat(
                [
                    new_factor * memory * reset * (1.0 - reset),
                    (hiddens[start:stop] - new) * update * (1.0 - update),
                    new_factor * reset,
                    new_factor,
                ],
                2,
            ).view(-1, batch, 4, width)
            for t in range(stop - 1, start - 1, -1):
                k = t - start
                hidden += out[t]
                gate_grads[t].view(batch, 4, width).copy_(through[k].mul_(hidden[:, None]))
                hidden = torch.mm(gate_grads[t, :, : 3 * width], turned).float().addcmul_(hidden, update[k])
        entering = torch.cat([gate_grads[:, :, : 2 * width], gate_grads[:, :, 3 * width :]], 2)
        recurrent_side = gate_grads[:, :, : 3 * width].contiguous()
        x_grad, *weight_grads = _gradients(ctx, entering, recurrent_side, flat, hiddens, inward)
        return x_grad, hidden, *weight_grads


def _gradients(
    ctx: Any,
    entering: Tensor,
    memory: Tensor,
    flat: Tensor,
    hiddens: Tensor,
    inward: Tensor,
) -> tuple[Tensor | None, ...]:
    """Gradients of x, and of both matrices and the bias, from those of the gates [frames, batch, gates].

    Args:
        entering, memory: on the side of the input and of the state; the same for an LSTM.
        flat, hiddens: x [frames * batch, inputs], and the state before the first and after every frame.
    """
    frames, batch, _ = entering.shape
    entering, memory = entering.flatten(0, 1), memory.flatten(0, 1)
    x = torch.mm(entering, inward).view(frames, batch, -1).transpose(0, 1) if ctx.needs_input_grad[0] else None
    inward_grad = torch.mm(entering.t(), flat)
    recurrent_grad = torch.mm(memory.t(), hiddens[:-1].flatten(0, 1))
    return x, inward_grad, recurrent_grad, entering.sum(0, dtype=torch.float32)
