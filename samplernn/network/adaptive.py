"""A filter that goes on adapting to the residuals of the guide's predictor, sample by sample.

It is the normalised LMS filter (Nagumo and Noda, 1967; as in the cascades of lossless coders): from the last residuals
e, in units of the scale at their time, it foretells the next one,

    y = w . h,   h the last residuals,   w += STEP * (e - y) / (1 + h . h) * h

and moves the middle of the prior by y scales. A guide tells levels and notes; what exactly sounds between them, this
learns from the sound itself. As units and levels are the guide's, it cannot drift away from them.

The native library has the same in `native/source/adaptive.h`.
"""

from __future__ import annotations

import ctypes
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad

from samplernn import prior_constants as constants
from samplernn.native import library as native
from samplernn.network.layers import State

STEP = 0.04
"""Step size of the normalised LMS filter; networks are learnt with it."""
MOST = 3.0
"""The prior is moved by so many scales at most; networks are learnt with it."""


class Adapted(NamedTuple):
    """What the filter of each stream has come to, all float32."""

    weights: Tensor
    """[streams, taps], for the oldest residual first."""
    errors: Tensor
    """The last residuals, [streams, taps], the newest last."""
    moved: Tensor
    """By how much the last predictions were moved, [streams, count]."""

    @staticmethod
    def of(state: State, taps: int) -> Adapted:
        """As a recurrent state holds it, behind those of the tiers: see `as_state`."""
        hidden, cell = state[0][0], state[1][0]
        return Adapted(hidden[:, :taps], cell[:, :taps], hidden[:, taps:])

    def as_state(self) -> State:
        """(weights and moved, errors), each [1, streams, taps + count]."""
        return torch.cat([self.weights, self.moved], 1)[None], pad(self.errors, (0, self.moved.shape[1]))[None]


def first_adapted(streams: int, taps: int, count: int, device: torch.device) -> State:
    """The state before anything was heard."""
    empty = torch.zeros(1, streams, taps + count, device=device)
    return empty, empty.clone()


@torch.no_grad()
def adapt(errors: Tensor, there: Tensor, before: Adapted) -> Adapted:
    """Runs the filters over the residuals that came next, [streams, samples], clamped.

    Args:
        there: [streams, samples], whether there is a guide; elsewhere nothing is moved, and no filter changes.

    Returns:
        The filters after it; `moved` is of all samples, [streams, samples].
    """
    if (found := _by_library(errors, there, before)) is not None:
        return found
    weights, taps = before.weights.clone(), before.weights.shape[1]
    line = torch.cat([before.errors, errors], 1)
    moved = torch.zeros_like(errors)
    for t in range(errors.shape[1]):
        heard, now = line[:, t : t + taps], there[:, t]
        foretold = (weights * heard).sum(1)
        gain = STEP * (errors[:, t] - foretold) / (1.0 + (heard * heard).sum(1))
        weights += torch.where(now, gain, 0.0)[:, None] * heard
        moved[:, t] = torch.where(now, foretold.clamp(-MOST, MOST), 0.0)
    return Adapted(weights, line[:, -taps:].clone(), moved)


def clamped(residuals: Tensor) -> Tensor:
    """Residuals, in units of their scale, as the filter hears them."""
    return residuals.clamp(-constants.RESIDUAL_LIMIT, constants.RESIDUAL_LIMIT)


def _by_library(errors: Tensor, there: Tensor, before: Adapted) -> Adapted | None:
    """`adapt` by the native library; None where it is not there or not on the CPU."""
    library = native.library()
    if library is None or not native.knows_adaptive(library) or errors.device.type != "cpu":
        return None
    errors, there = errors.contiguous(), there.to(torch.uint8).contiguous()
    weights, last = before.weights.clone(memory_format=torch.contiguous_format), before.errors.contiguous().clone()
    moved = torch.empty_like(errors)
    asked = native.Adapting(
        streams=len(errors), samples=errors.shape[1], taps=weights.shape[1], step=STEP, most=MOST,
        errors=errors.data_ptr(), there=there.data_ptr(), weights=weights.data_ptr(), last=last.data_ptr(),
        moved=moved.data_ptr(),
    )  # fmt: skip
    if not library.deepcuts_adapt(ctypes.byref(asked), native.SETS.index(native.instruction_sets()[-1])):
        return None
    return Adapted(weights, last, moved)
