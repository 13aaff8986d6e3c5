"""One section as a picture: ground, waveform, fades and outline."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from app.document.fades import fade_level
from app.document.model import Clip, FadeCurve, Section
from app.widgets import theme
from app.widgets.timeline.labels import LABEL_HEIGHT
from app.widgets.timeline.waves import Waves, shades_of, wave_image

SLICE = 512
"""Pictures of long sections are cut into slices of so many pixels."""
_RADIUS = 6.0
_FOOT = 6
_MOST_FOR_SAMPLES = 1 / 5
"""Frames in a pixel from which on single samples are drawn."""
_POINT = 2.2


@dataclass(frozen=True)
class SectionAppearance:
    """All that the picture of a section depends on."""

    clip: str
    offset: int
    length: int
    gain_db: float
    fades: tuple[int, int]
    cuts: tuple[int, int]
    """What of the fades lies outside the section."""
    curves: tuple[FadeCurve, FadeCurve]
    colour: int
    frames_per_pixel: float
    height: int
    dpr: float

    @property
    def width(self) -> int:
        """In pixels, 2 at least."""
        return max(round(self.length / self.frames_per_pixel), 2)


def appearance_of(
    section: Section, colour: QColor, frames_per_pixel: float, height: int, dpr: float
) -> SectionAppearance:
    """What the picture of a section depends on, at a zoom, a height in pixels and device pixels per pixel."""
    return SectionAppearance(
        section.clip,
        section.offset,
        section.length,
        section.gain_db,
        (section.fade_in, section.fade_out),
        (section.fade_in_cut, section.fade_out_cut),
        (section.fade_in_curve, section.fade_out_curve),
        colour.rgb(),
        frames_per_pixel,
        height,
        dpr,
    )


def paint_slice(appearance: SectionAppearance, clip: Clip | None, place: int, waves: Waves) -> QPixmap:
    """The pixels from `place * SLICE` on of the picture of a section; `clip` is None where it is missing."""
    left = place * SLICE
    width = min(SLICE, appearance.width - left)
    pixmap = QPixmap(math.ceil(width * appearance.dpr), math.ceil(appearance.height * appearance.dpr))
    pixmap.setDevicePixelRatio(appearance.dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # Ends that lie outside the slice are moved near: painters lose precision far away.
    near, far = max(-left, -64), min(appearance.width - left, SLICE + 64)
    outline = QRectF(near + 0.5, 0.5, far - near - 1, appearance.height - 1)
    outer, _, _, ground = shades_of(appearance.colour)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground if clip is not None else QColor(theme.RAISED))
    painter.drawRoundedRect(outline, _RADIUS, _RADIUS)
    if clip is not None:
        _paint_wave(painter, appearance, clip, left, width, waves)
    _paint_fades(painter, appearance, left, outline)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.with_alpha(outer, 0.85) if clip is not None else QColor(theme.BAD), 1))
    painter.drawRoundedRect(outline, _RADIUS, _RADIUS)
    painter.end()
    return pixmap


def _paint_wave(
    painter: QPainter, appearance: SectionAppearance, clip: Clip, left: int, width: int, waves: Waves
) -> None:
    columns = math.ceil(width * appearance.dpr)
    start = appearance.offset + left * appearance.frames_per_pixel
    window = waves.window(clip, start, columns / appearance.dpr * appearance.frames_per_pixel, columns)
    top = LABEL_HEIGHT if appearance.height >= 48 else 2
    room = appearance.height - top - _FOOT
    outer, inner, _, _ = shades_of(appearance.colour)
    if window is None:
        painter.fillRect(QRectF(1, top + room / 2, width - 2, 1), theme.with_alpha(outer, 0.4))
        return
    gain = np.float32(10 ** (appearance.gain_db / 20))
    if appearance.frames_per_pixel <= _MOST_FOR_SAMPLES and _paint_samples(
        painter, appearance, clip, left, width, waves
    ):
        return
    image = wave_image(window[0] * gain, window[1] * gain, round(room * appearance.dpr), outer, inner)
    image.setDevicePixelRatio(appearance.dpr)
    painter.drawImage(QPointF(0, top), image)


def _paint_samples(
    painter: QPainter, appearance: SectionAppearance, clip: Clip, left: int, width: int, waves: Waves
) -> bool:
    """Draws every sample as a point on the line through them; False where they are not at hand."""
    first = max(math.floor(appearance.offset + (left - 8) * appearance.frames_per_pixel), 0)
    last = min(
        math.ceil(appearance.offset + (left + width + 8) * appearance.frames_per_pixel) + 1,
        appearance.offset + appearance.length,
    )
    samples = waves.samples(clip, first, max(last - first, 0))
    if samples is None:
        return False
    top = LABEL_HEIGHT if appearance.height >= 48 else 2
    half = (appearance.height - top - _FOOT) / 2
    gain = 10 ** (appearance.gain_db / 20)
    points = [
        QPointF(
            (first + place - appearance.offset) / appearance.frames_per_pixel - left,
            top + half - half * min(max(level * gain, -1.0), 1.0),
        )
        for place, level in enumerate(samples.tolist())
    ]
    outer, _, ink, _ = shades_of(appearance.colour)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.with_alpha(outer, 0.5), 1))
    painter.drawLine(QPointF(0, top + half), QPointF(width, top + half))
    painter.setPen(QPen(outer, 1.4))
    painter.drawPolyline(points)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    for point in points:
        painter.drawEllipse(point, _POINT, _POINT)
    return True


def _paint_fades(painter: QPainter, appearance: SectionAppearance, left: int, outline: QRectF) -> None:
    fade_in, fade_out = (frames / appearance.frames_per_pixel for frames in appearance.fades)
    in_cut, out_cut = (frames / appearance.frames_per_pixel for frames in appearance.cuts)
    begin, end = -left - in_cut, appearance.width - left + out_cut
    sides = ((begin, begin + fade_in, appearance.curves[0]), (end, end - fade_out, appearance.curves[1]))
    for corner, inner, shape in sides:
        if abs(inner - corner) < 1 or max(corner, inner) < -64 or min(corner, inner) > SLICE + 64:
            continue
        painter.save()
        painter.setClipRect(outline)
        curve = _fade_curve(corner, inner, appearance.height, shape)
        shade = QPainterPath(curve)
        shade.lineTo(corner, 0)
        shade.closeSubpath()
        painter.fillPath(shade, theme.with_alpha(theme.GROUND, 0.55))
        painter.setPen(QPen(theme.with_alpha(theme.TEXT, 0.75), 1.2))
        painter.drawPath(curve)
        painter.restore()


def _fade_curve(corner: float, inner: float, height: int, shape: FadeCurve) -> QPainterPath:
    """From silence at the foot of the corner up to full level, as it is heard."""
    path = QPainterPath(QPointF(corner, height - 1))
    for step in range(1, 17):
        share = step / 16
        level = fade_level(shape, share)
        path.lineTo(corner + (inner - corner) * share, (height - 1) * (1 - level) + 1)
    return path
