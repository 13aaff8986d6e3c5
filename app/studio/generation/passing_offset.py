"""Freeing sound of its offset while it passes by; `app.studio.audio.dc_offset` does so with sound that is whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.studio.audio.dc_offset import LOWEST_HZ
from app.studio.torch_import import wait_for_torch

OffsetState = NDArray[np.float64] | None
"""Of the filter; None before the first block."""


class PassingOffset:
    """A Butterworth high-pass of second order; it starts settled on the mean of the first block.

    Attributes:
        state: after the last block; another one may be put in its place, to go on from there.
    """

    def __init__(self, rate: int) -> None:
        from scipy.signal import butter

        wait_for_torch()
        self._sections: NDArray[np.float64] = butter(2, LOWEST_HZ, "highpass", fs=rate, output="sos")
        self.state: OffsetState = None

    def free(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """The next block, float32 [n], without what lies below 7 Hz."""
        from scipy.signal import sosfilt, sosfilt_zi

        if self.state is None:
            self.state = sosfilt_zi(self._sections) * np.mean(block, dtype=np.float64)
        free, self.state = sosfilt(self._sections, block.astype(np.float64), zi=self.state)
        return np.asarray(free, np.float32)
