"""A folded model as the native library takes it."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from samplernn.folded import Affine, Folded, FoldedCell, FoldedTier
from samplernn.native import library as native

Values = NDArray[np.float32]


class Packing:
    """`model` points into arrays that live as long as this does."""

    def __init__(self, folded: Folded) -> None:
        self._kept: list[Any] = []
        config, prediction = folded.config, folded.prediction
        tiers = [self._tier(tier) for tier in folded.tiers]
        self.model = native.Model(
            levels=config.levels, width=config.width, units=config.sample_units, layers=config.layers,
            tier_count=len(tiers), gru=config.cell == "gru", lookback=config.lookback, reach=config.reach,
            order=config.predictor, surprises=config.surprises,
            tiers=self._all(native.Tier, tiers),
            tables=None if folded.tables is None else self._at(_array(folded.tables)),
            third=self._folded(folded.third), output=self._folded(folded.output),
            hear=self._at(_array(prediction.hear)) if prediction else None,
            taps=self._at(_array(prediction.taps)) if prediction else None,
            values=self._at(_array(prediction.values)) if prediction else None,
            typical=prediction.typical if prediction else 1.0,
        )  # fmt: skip

    def _tier(self, tier: FoldedTier) -> native.Tier:
        return native.Tier(
            tier.size,
            tier.ratio,
            native.Affine() if tier.expand is None else self._affine(_array(tier.expand)),
            native.Affine() if tier.heard is None else self._folded(tier.heard),
            self._folded(tier.upsample),
            self._all(native.Cell, [self._cell(cell) for cell in tier.cells]),
        )

    def _cell(self, cell: FoldedCell) -> native.Cell:
        inward = self._affine(_array(cell.inward), _array(cell.bias))
        return native.Cell(inward, self._at(_array(cell.recurrent)))

    def _folded(self, affine: Affine) -> native.Affine:
        return self._affine(_array(affine.weights), _array(affine.bias))

    def _affine(self, weights: Values, bias: Values | None = None) -> native.Affine:
        return native.Affine(self._at(weights), None if bias is None else self._at(bias), *weights.shape)

    def _all(self, kind: type[ctypes.Structure], each: list[Any]) -> Any:
        """Several structures in a row."""
        array = (kind * len(each))(*each)
        self._kept.append(array)
        return array

    def _at(self, values: Values) -> int:
        """Where the values are in memory."""
        values = np.ascontiguousarray(values, dtype=np.float32)
        self._kept.append(values)
        return values.ctypes.data


def _array(values: Tensor) -> Values:
    array: Values = values.detach().cpu().numpy()
    return array
