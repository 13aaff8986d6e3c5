"""The K weighting of ITU-R BS.1770-4, annex 1: how loud each frequency counts. One set of coefficients for the app.

The standard gives the coefficients of its two filters for 48 kHz only. They are those of an analogue shelf and an
analogue high pass under the bilinear transform, so that the same numbers serve any rate: B. De Man, "Evaluation of
implementations of the EBU R128 loudness measurement", AES Convention 145, 2018; libebur128 uses the same ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_OFFSET_LUFS = -0.691
"""ITU-R BS.1770-4, equation 2: what K weighting adds to a sine of 1 kHz, taken off again."""
_SHELF_HZ = 1681.9744509555319
_SHELF_Q = 0.7071752369554193
_SHELF_GAIN = 10 ** (3.99984385397 / 20)
"""Of all that lies well above the shelf's frequency; linear."""
_SHELF_BEND = 0.499666774155
"""The gain at the shelf's own frequency is the gain above it to this power."""
_HIGH_PASS_HZ = 38.13547087613982
_HIGH_PASS_Q = 0.5003270373253953


def lufs_of(power: float) -> float:
    """Loudness in LUFS of K-weighted sound of this mean square (above 0), the sum of both sides."""
    return _OFFSET_LUFS + 10.0 * float(np.log10(power))


def power_of(lufs: float) -> float:
    """The mean square of K-weighted sound of this loudness: the inverse of `lufs_of`."""
    return float(10.0 ** ((lufs - _OFFSET_LUFS) / 10.0))


def k_weighting(rate: int) -> NDArray[np.float64]:
    """The shelf and the high pass at `rate` Hz as second-order sections [2, 6]: b0 b1 b2 a0 a1 a2, where a0 is 1."""
    k = np.tan(np.pi * _SHELF_HZ / rate)
    shelf = [
        *_quadratic(_SHELF_GAIN, _SHELF_GAIN**_SHELF_BEND * k / _SHELF_Q, k),
        *_quadratic(1.0, k / _SHELF_Q, k),
    ]
    k = np.tan(np.pi * _HIGH_PASS_HZ / rate)
    below = _quadratic(1.0, k / _HIGH_PASS_Q, k)
    high_pass = [*(below[0] * value for value in (1.0, -2.0, 1.0)), *below]
    sections = np.array([shelf, high_pass])
    sections /= sections[:, 3:4]
    return sections


def k_weights(frames: int, rate: int) -> NDArray[np.float64]:
    """|H|² of both filters together at the frequencies of a real FFT of `frames` samples: [frames // 2 + 1]."""
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(frames))
    weights = np.ones(len(turn))
    for section in k_weighting(rate):
        weights *= np.abs(np.polyval(section[2::-1], turn) / np.polyval(section[:2:-1], turn)) ** 2
    return weights


def _quadratic(whole: float, slope: float, k: float) -> tuple[float, float, float]:
    """`whole` s² + `slope`/k s + 1 under the bilinear transform, times k²: the factors of 1, 1/z and 1/z²."""
    return whole + slope + k**2, 2 * (k**2 - whole), whole - slope + k**2
