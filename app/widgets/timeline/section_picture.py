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
class Look:
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
        return max(round(self.length / self.frames_per_pixel), 2)


def look_of(section: Section, colour: QColor, frames_per_pixel: float, height: int, dpr: float) -> Look:
    return Look(
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


def paint_slice(look: Look, clip: Clip | None, place: int, waves: Waves) -> QPixmap:
    """The pixels from `place * SLICE` on of the picture of a section; `clip` is None where it is missing."""
    left = place * SLICE
    width = min(SLICE, look.width - left)
    pixmap = QPixmap(math.ceil(width * look.dpr), math.ceil(look.height * look.dpr))
    pixmap.setDevicePixelRatio(look.dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # Ends that lie outside the slice are moved near: painters lose precision far away.
    near, far = max(-left, -64), min(look.width - left, SLICE + 64)
    outline = QRectF(near + 0.5, 0.5, far - near - 1, look.height - 1)
    outer, _, _, ground = shades_of(look.colour)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground if clip is not None else QColor(theme.RAISED))
    painter.drawRoundedRect(outline, _RADIUS, _RADIUS)
    if clip is not None:
        _paint_wave(painter, look, clip, left, width, waves)
    _paint_fades(painter, look, left, outline)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.with_alpha(outer, 0.85) if clip is not None else QColor(theme.BAD), 1))
    painter.drawRoundedRect(outline, _RADIUS, _RADIUS)
    painter.end()
    return pixmap


def _paint_wave(painter: QPainter, look: Look, clip: Clip, left: int, width: int, waves: Waves) -> None:
    columns = math.ceil(width * look.dpr)
    start = look.offset + left * look.frames_per_pixel
    window = waves.window(clip, start, columns / look.dpr * look.frames_per_pixel, columns)
    top = LABEL_HEIGHT if look.height >= 48 else 2
    room = look.height - top - _FOOT
    outer, inner, _, _ = shades_of(look.colour)
    if window is None:
        painter.fillRect(QRectF(1, top + room / 2, width - 2, 1), theme.with_alpha(outer, 0.4))
        return
    gain = np.float32(10 ** (look.gain_db / 20))
    if look.frames_per_pixel <= _MOST_FOR_SAMPLES and _paint_samples(painter, look, clip, left, width, waves):
        return
    image = wave_image(window[0] * gain, window[1] * gain, round(room * look.dpr), outer, inner)
    image.setDevicePixelRatio(look.dpr)
    painter.drawImage(QPointF(0, top), image)


def _paint_samples(painter: QPainter, look: Look, clip: Clip, left: int, width: int, waves: Waves) -> bool:
    """Draws every sample as a point on the line through them; False where they are not at hand."""
    first = max(math.floor(look.offset + (left - 8) * look.frames_per_pixel), 0)
    last = min(math.ceil(look.offset + (left + width + 8) * look.frames_per_pixel) + 1, look.offset + look.length)
    samples = waves.samples(clip, first, max(last - first, 0))
    if samples is None:
        return False
    top = LABEL_HEIGHT if look.height >= 48 else 2
    half = (look.height - top - _FOOT) / 2
    gain = 10 ** (look.gain_db / 20)
    points = [
        QPointF(
            (first + place - look.offset) / look.frames_per_pixel - left,
            top + half - half * min(max(level * gain, -1.0), 1.0),
        )
        for place, level in enumerate(samples.tolist())
    ]
    outer, _, ink, _ = shades_of(look.colour)
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


def _paint_fades(painter: QPainter, look: Look, left: int, outline: QRectF) -> None:
    fade_in, fade_out = (frames / look.frames_per_pixel for frames in look.fades)
    in_cut, out_cut = (frames / look.frames_per_pixel for frames in look.cuts)
    begin, end = -left - in_cut, look.width - left + out_cut
    sides = ((begin, begin + fade_in, look.curves[0]), (end, end - fade_out, look.curves[1]))
    for corner, inner, shape in sides:
        if abs(inner - corner) < 1 or max(corner, inner) < -64 or min(corner, inner) > SLICE + 64:
            continue
        painter.save()
        painter.setClipRect(outline)
        curve = _fade_curve(corner, inner, look.height, shape)
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
