"""Building blocks: weight-normed matrices and the recurrent stack of a frame tier.

Formulas and starting values are those of Mehri et al. (2017) and of the network of the 2018 paper built on it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from samplernn.config import Cell
from samplernn.network.recurrent import gru, is_worth_it, lstm

State: TypeAlias = tuple[Tensor, Tensor]
"""Hidden and cell values of a stack, each [layers, batch, width], float32; those of a GRU's cell mean nothing."""

FORGET_BIAS = 3.0
GATES = {"lstm": 4, "gru": 3}


class Matrix(nn.Module):
    """A weight [outputs, inputs], held as direction and length per output unit when normed: W = g V / ||V||."""

    def __init__(self, inputs: int, outputs: int, *, init_std: float, normed: bool) -> None:
        """`init_std` is the standard deviation of the initial weights, which are uniform."""
        super().__init__()
        start = torch.empty(outputs, inputs).uniform_(-1.0, 1.0) * (init_std * math.sqrt(3.0))
        self.direction = nn.Parameter(start)
        self.length = nn.Parameter(start.norm(dim=1)) if normed else None

    @torch.no_grad()
    def start(self, row: int, weight: Tensor) -> None:
        """Starts the outputs from `row` on with `weight` [outputs, inputs] instead."""
        rows = slice(row, row + len(weight))
        self.direction[rows] = weight
        if self.length is not None:
            self.length[rows] = weight.norm(dim=1)

    def folded(self, dtype: torch.dtype = torch.float32) -> Tensor:
        """The plain matrix, [outputs, inputs]."""
        if self.length is None:
            return self.direction.to(dtype)
        if torch.is_grad_enabled():  # in one reading and one back, but it takes no row of zeros
            weight = torch._weight_norm(self.direction, self.length[:, None], 0)
        else:
            weight = self.direction * (self.length / self.direction.norm(dim=1).clamp_min(1e-12))[:, None]
        return weight.to(dtype)


class Linear(nn.Module):
    """x W^T + b with a `Matrix`; computes in the dtype of x."""

    def __init__(self, inputs: int, outputs: int, *, init_std: float, normed: bool, bias: bool = True) -> None:
        super().__init__()
        self.matrix = Matrix(inputs, outputs, init_std=init_std, normed=normed)
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None

    def forward(self, x: Tensor, addend: Tensor | None = None) -> Tensor:
        """[..., inputs] to [..., outputs]; added to `addend` where given, for [n, inputs] without bias."""
        if addend is not None:
            return torch.addmm(addend, x, self.matrix.folded(x.dtype).t())
        flat = x.reshape(-1, x.shape[-1])  # torch takes fifty times as long in bf16 for what lies in pieces
        bias = None if self.bias is None else self.bias.to(x.dtype)
        return linear(flat, self.matrix.folded(x.dtype), bias).view(*x.shape[:-1], -1)


def he_std(inputs: int) -> float:
    """Standard deviation of initial weights that keeps the variance through a ReLU (He et al. 2015, eq. 10)."""
    return math.sqrt(2.0 / inputs)


def lecun_std(inputs: int) -> float:
    """Standard deviation of initial weights that keeps the variance (LeCun et al. 1998, 4.6)."""
    return math.sqrt(1.0 / inputs)


class RecurrentLayer(nn.Module):
    """One recurrent layer with one bias, on the side of the input.

    An LSTM has no peepholes, gates in the order in, forget, cell, out, and a forget bias of 3. A GRU is that of cuDNN
    and PyTorch, gates in the order reset, update, new: the reset gate scales what the recurrent product says of the
    new value, where the GRU of Mehri et al. (2017) scales the state before that product.
    """

    def __init__(self, inputs: int, width: int, *, cell: Cell, normed: bool) -> None:
        super().__init__()
        self.cell = cell
        gates = GATES[cell]
        self.inward = Matrix(inputs, gates * width, init_std=lecun_std(inputs), normed=normed)
        self.recurrent = Matrix(width, gates * width, init_std=lecun_std(width), normed=normed)
        self.bias = nn.Parameter(torch.zeros(gates * width))
        with torch.no_grad():
            if cell == "lstm":
                self.bias[width : 2 * width] = FORGET_BIAS
            else:
                self.recurrent.start(2 * width, nn.init.orthogonal_(torch.empty(width, width)))

    def forward(self, x: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The output [batch, frames, width] for x [batch, frames, inputs], and both states after it.

        hidden and cell are [1, batch, width], float32; a GRU hands its cell on as it came.
        """
        dtype = x.dtype
        inward, recurrent = self.inward.folded(dtype), self.recurrent.folded(dtype)
        if is_worth_it(x, recurrent.shape[1]):
            if self.cell == "gru":
                out, hidden = gru(x, hidden[0], inward, recurrent, self.bias)
                return out, hidden[None], cell
            out, hidden, cell = lstm(x, hidden[0], cell[0], inward, recurrent, self.bias)
            return out, hidden[None], cell[None]
        bias = self.bias.to(dtype)
        weights = [inward, recurrent, bias, torch.zeros_like(bias)]
        if x.is_cuda:
            weights = _in_one_piece(weights)
        if self.cell == "gru":
            out, hidden = torch._VF.gru(x, hidden.to(dtype), weights, True, 1, 0.0, self.training, False, True)
            return out, hidden.float(), cell
        out, hidden, cell = torch._VF.lstm(
            x, (hidden.to(dtype), cell.to(dtype)), weights, True, 1, 0.0, self.training, False, True
        )
        return out, hidden.float(), cell.float()


def _in_one_piece(parts: Sequence[Tensor]) -> list[Tensor]:
    """The same one behind the other in memory, as cuDNN wants the weights of a layer."""
    pieces = torch.split(torch.cat([part.flatten() for part in parts]), [part.numel() for part in parts])
    return [piece.view_as(part) for piece, part in zip(pieces, parts, strict=True)]


class Stack(nn.Module):
    """Recurrent layers, with skip connections as in Graves (2013): every layer takes the input, and all are summed.

    Layer k > 1 takes the output of layer k - 1 beside the raw input; the output is the sum of one linear projection
    per layer, of which only the first has a bias.
    """

    layers: Sequence[RecurrentLayer]
    heard: Sequence[Linear]
    """The skip projections; the name is a key of checkpoints."""

    def __init__(self, inputs: int, width: int, layers: int, *, cell: Cell, skip: bool, normed: bool) -> None:
        super().__init__()
        self.skip = skip and layers > 1
        deeper = width + inputs if self.skip else width
        self.layers = nn.ModuleList(  # type: ignore[assignment]
            RecurrentLayer(deeper if k else inputs, width, cell=cell, normed=normed) for k in range(layers)
        )
        projections = layers if self.skip else 0
        self.heard = nn.ModuleList(  # type: ignore[assignment]
            Linear(width, width, init_std=he_std(width), normed=normed, bias=k == 0) for k in range(projections)
        )

    def forward(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """x [batch, frames, inputs] to [batch, frames, width], and the state after it."""
        hidden, cell = state
        after: list[tuple[Tensor, Tensor]] = []
        above = x
        total: Tensor | None = None
        for k, layer in enumerate(self.layers):
            taken = torch.cat([above, x], dim=-1) if self.skip and k > 0 else above
            above, h, c = layer(taken, hidden[k : k + 1], cell[k : k + 1])
            after.append((h, c))
            if self.skip:
                part = self.heard[k](above)
                total = part if total is None else total + part
        state = (torch.cat([h for h, _ in after]), torch.cat([c for _, c in after]))
        return (above if total is None else total), state
