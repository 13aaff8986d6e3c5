"""Matrix products of a few rows with weights that stay: packed once, in half the bytes where that is quicker."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import linear

from samplernn.engines.folded import Affine

_LARGE = 2**18
"""Numbers in a matrix from which reading them takes longer than rounding the rows to bfloat16 and back."""
_MANY = 4
"""Rows from which oneDNN's float32 products beat those that PyTorch takes by itself on some processors."""


class Product:
    """x to x @ weights + bias, for float32 [rows, inputs]; the sums are float32."""

    def __init__(self, affine: Affine, dtype: torch.dtype, rows: int) -> None:
        """`dtype` is what the weights may be rounded to; `rows` is how many each x will have."""
        weights, bias = affine.weights, affine.bias
        halves = dtype is torch.bfloat16 and (weights.numel() >= _LARGE or weights.device.type != "cpu")
        self._dtype = dtype if halves else torch.float32
        self._packed = _can_pack(weights, self._dtype) and (halves or rows >= _MANY)
        self._bias = bias.to(self._dtype)
        self._weights = weights
        if self._packed:
            turned = weights.t().contiguous().to(self._dtype)
            self._weights = torch.ops.mkldnn._reorder_linear_weight(turned, rows)
        elif halves:
            self._weights = weights.t().contiguous().to(self._dtype)

    def __call__(self, x: Tensor) -> Tensor:
        if self._packed:
            found: Tensor = torch.ops.mkldnn._linear_pointwise(
                x.to(self._dtype), self._weights, self._bias, "none", [], ""
            )
            return found.float()
        if self._dtype is torch.float32:
            return torch.addmm(self._bias, x, self._weights)
        return linear(x.to(self._dtype), self._weights, self._bias).float()


def _can_pack(weights: Tensor, dtype: torch.dtype) -> bool:
    """oneDNN's packed products are not part of PyTorch's public interface: not every build has them.

    Those in bfloat16 need a processor with AVX-512.
    """
    onednn = torch.ops.mkldnn
    there = hasattr(onednn, "_reorder_linear_weight") and hasattr(onednn, "_linear_pointwise")
    if not there or weights.device.type != "cpu" or not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    if dtype is torch.bfloat16:
        return hasattr(onednn, "_is_mkldnn_bf16_supported") and bool(onednn._is_mkldnn_bf16_supported())
    return True
