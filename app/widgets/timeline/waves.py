"""Waveforms as pictures."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from app.document.model import Clip

Floats = NDArray[np.float32]
Window = tuple[Floats, Floats]


class Waves(Protocol):
    """Where waveforms come from."""

    def window(self, clip: Clip, start: float, frames: float, width: int) -> Window | None:
        """The least and greatest level (-1..1) of each of `width` columns that share a part of a clip evenly.

        Args:
            start, frames: the part, in frames of the song.

        Returns:
            None while they are still being worked out.
        """
        ...

    def samples(self, clip: Clip, start: int, frames: int) -> Floats | None:
        """The levels of the frames of a part of a clip; None until they have been read."""
        ...


def wave_image(lows: Floats, highs: Floats, height: int, outer: QColor, inner: QColor) -> QImage:
    """A picture one pixel wide for each column: the whole swing in `outer`, its inner half in `inner`.

    Args:
        lows, highs: -1..1, beyond which the picture is cut off.
        height: of the picture, in pixels.
    """
    width = len(highs)
    if not width or height < 1:
        return QImage()
    middle = (height - 1) / 2
    tops = np.clip(np.rint(middle - highs * middle), 0, height - 1).astype(np.int16)
    feet = np.clip(np.rint(middle - lows * middle), 0, height - 1).astype(np.int16)
    inner_tops = np.rint((tops + middle) / 2).astype(np.int16)
    inner_feet = np.rint((feet + middle) / 2).astype(np.int16)
    rows = np.arange(height, dtype=np.int16)[:, None]
    shades = np.zeros((height, -(-width // 4) * 4), np.uint8)
    swing = (rows >= tops) & (rows <= feet)
    shades[:, :width] = swing
    shades[:, :width] += swing & (rows >= inner_tops) & (rows <= inner_feet)
    image = QImage(shades.data, width, height, shades.shape[1], QImage.Format.Format_Indexed8)
    image.setColorTable([0, outer.rgba(), inner.rgba()])
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


@lru_cache(maxsize=256)
def shades_of(rgb: int) -> tuple[QColor, QColor, QColor, QColor]:
    """For an age colour: outer wave, inner wave, text on it, ground of the section."""
    colour = QColor.fromRgb(rgb)
    return (
        colour,
        _mixed(colour, QColor(255, 255, 255), 0.22),
        _mixed(colour, QColor(255, 255, 255), 0.62),
        _mixed(QColor(14, 15, 17), colour, 0.20),
    )


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    def mix(a: int, b: int) -> int:
        return round(a + (b - a) * share)

    return QColor(mix(one.red(), other.red()), mix(one.green(), other.green()), mix(one.blue(), other.blue()))
