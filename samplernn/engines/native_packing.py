"""A folded model as the native library takes it."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from samplernn.engines.folded import Affine, Folded, FoldedCell, FoldedTier
from samplernn.native import library as native


class Packing:
    """`model` points into arrays that live as long as this does."""

    def __init__(self, folded: Folded) -> None:
        self._kept: list[Any] = []
        config, prediction = folded.config, folded.prediction
        tiers = [self._tier(tier) for tier in folded.tiers]
        self.model = native.Model(
            levels=config.levels, width=config.width, units=config.sample_units, layers=config.layers,
            tier_count=len(tiers), gru=config.cell == "gru", lookback=config.lookback,
            context_length=config.context_length, order=config.predictor, residuals=config.surprises,
            tiers=self._all(native.Tier, tiers),
            tables=self._at(folded.tables),
            third=self._affine(folded.third), output=self._affine(folded.output),
            hear=self._at(prediction.hear if prediction else None),
            lpc=self._at(prediction.lpc if prediction else None),
            values=self._at(prediction.values if prediction else None),
            residual_scale=prediction.scale if prediction else 1.0,
        )  # fmt: skip

    def _tier(self, tier: FoldedTier) -> native.Tier:
        expand = native.Affine() if tier.expand is None else self._matrix(tier.expand)
        skip_projection = native.Affine() if tier.skip_projection is None else self._affine(tier.skip_projection)
        cells = self._all(native.Cell, [self._cell(cell) for cell in tier.cells])
        return native.Tier(tier.size, tier.ratio, expand, skip_projection, self._affine(tier.upsample), cells)

    def _cell(self, cell: FoldedCell) -> native.Cell:
        return native.Cell(self._matrix(cell.inward, cell.bias), self._at(cell.recurrent))

    def _affine(self, affine: Affine) -> native.Affine:
        return self._matrix(affine.weights, affine.bias)

    def _matrix(self, weights: Tensor, bias: Tensor | None = None) -> native.Affine:
        return native.Affine(self._at(weights), self._at(bias), *weights.shape)

    def _all(self, struct: type[ctypes.Structure], each: list[Any]) -> Any:
        """Several structures in a row."""
        array = (struct * len(each))(*each)
        self._kept.append(array)
        return array

    def _at(self, values: Tensor | None) -> int | None:
        """Where the values are in memory; None for none."""
        if values is None:
            return None
        array: NDArray[np.float32] = np.ascontiguousarray(values.detach().cpu().numpy(), dtype=np.float32)
        self._kept.append(array)
        return array.ctypes.data
