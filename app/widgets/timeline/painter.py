"""Painting the lanes: lines of time, sections, crossfades, what is chosen, the playhead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF

from app.document.bars import bar_frames, bars_of_section
from app.document.clip_names import MISSING, clip_name
from app.document.model import Lane, Section
from app.document.stretches import Crossfade, crossfades, stretches
from app.widgets import theme
from app.widgets.basics import decibels
from app.widgets.timeline.clip_cache import SectionCache
from app.widgets.timeline.geometry import ticks
from app.widgets.timeline.hit import grips
from app.widgets.timeline.labels import Labels
from app.widgets.timeline.scene import Scene
from app.widgets.timeline.section_picture import appearance_of
from app.widgets.timeline.snap import accents_of
from app.widgets.timeline.waves import shades_of

_LEAST_WIDTH_FOR_LABEL, _LEAST_HEIGHT_FOR_LABEL = 26, 48
_LEAST_WIDTH_FOR_CROSSFADE = 5
_CURVE_STEPS = 16
"""Straight lines that a curve is drawn with."""
_MOST_LANES = 200
"""Whose crossfades are kept."""
_BETWEEN_LABELS = 12
_BLEED = 2
"""Pixels that lines and pictures may reach beyond their edges, at scales such as 1.25."""
_LABEL_TOP = 3
"""Pixels from the top of a section to its name, so that the grips of fades do not cover it."""
_ACCENT_WIDTH = 9
_CHOSEN = QPen(QColor(theme.TEXT), 1.5)
_BAR = theme.with_alpha(theme.GROUND, 0.6)
_LEAST_BETWEEN_BARS = 16
"""Pixels; where bars lie closer, they are not seen."""
_MARKER = theme.with_alpha(theme.SECOND, 0.45)


@dataclass(frozen=True)
class _Repaint:
    """One repaint: what is painted with, what, and where."""

    painter: QPainter
    scene: Scene
    area: QRect
    """In pixels of the view: what lies outside need not be painted."""
    dpr: float
    """Device pixels per pixel."""


class LanePainter:
    """Paints a scene; it keeps pictures and crossfades, and no other state."""

    def __init__(self, cache: SectionCache) -> None:
        self._cache = cache
        self._labels = Labels()
        self._crossfades: dict[str, tuple[tuple[Section, ...], list[Crossfade]]] = {}
        """By id of the lane, with the sections that they were found in."""

    def paint(self, painter: QPainter, scene: Scene, width: int, area: QRect, dpr: float, until: float) -> bool:
        """Paints what of the scene lies in `area`; False where some sections are only stretched, for want of time.

        What is painted there does not depend on the area: it only says where painting can be spared.

        Args:
            width: of the whole view, in pixels.
        """
        self._cache.begin(until)
        painter.fillRect(area, QColor(theme.GROUND))
        _paint_times(painter, scene, area)
        on = _Repaint(painter, scene, area.adjusted(-_BLEED, -_BLEED, _BLEED, _BLEED), dpr)
        whole = True
        for place, lane in enumerate(scene.shown_song.lanes):
            top = scene.rows.top(place)
            if top <= on.area.bottom() and top + scene.rows.height > on.area.top():
                sections, shown = lane.sections, []
                for number, part in enumerate(sections):
                    if _in_view(scene, part, on.area):
                        shown.append(part)
                        begin = scene.x(sections[number - 1].end) if number else 0
                        end = scene.x(sections[number + 1].start) if number + 1 < len(sections) else width
                        whole &= self._paint_section(on, part, top, (max(begin, 0), min(end, width)))
                _paint_crossfades(on, self._crossfades_of(lane), top)
                _paint_motifs(on, shown, top)
                _paint_choice(on, shown, top)
        self._cache.shrink()
        _paint_marks(painter, scene, area)
        return whole

    def _crossfades_of(self, lane: Lane) -> list[Crossfade]:
        known = self._crossfades.get(lane.id)
        if known is None or known[0] is not lane.sections:
            if len(self._crossfades) > _MOST_LANES:
                self._crossfades.clear()
            known = self._crossfades[lane.id] = (lane.sections, crossfades(stretches(lane.sections)))
        return known[1]

    def _paint_section(self, on: _Repaint, part: Section, top: int, free: tuple[int, int]) -> bool:
        """Paints a section; False where its picture is only stretched, for want of time.

        Args:
            free: the left and right end of what the sections beside it leave to its label; beyond, they overlap.
        """
        scene = on.scene
        appearance = appearance_of(part, _colour(scene, part), scene.scale.frames_per_pixel, scene.rows.height, on.dpr)
        x = scene.x(part.start)
        clip = scene.clips.get(part.clip) if scene.flaws.get(part.clip) != MISSING else None
        visible = (on.area.left(), on.area.right())
        whole = self._cache.draw(on.painter, part.id, appearance, clip, QPoint(x, top), visible)
        _paint_bars(on, part, top)
        if appearance.width >= _LEAST_WIDTH_FOR_LABEL and scene.rows.height >= _LEAST_HEIGHT_FOR_LABEL:
            left, right = max(x, min(free[0], x + appearance.width)), min(x + appearance.width, max(free[1], x))
            self._paint_labels(on, part, top, (left, right))
        return whole

    def _paint_labels(self, on: _Repaint, part: Section, top: int, between: tuple[int, int]) -> None:
        """Paints the name of the clip and the gain of a section, as far as they fit between two pixels."""
        left, right = between
        clip, flaw = on.scene.clips.get(part.clip), on.scene.flaws.get(part.clip, "")
        _, _, ink, _ = shades_of(_colour(on.scene, part).rgb())
        room = right - left - 16
        words = clip_name(clip).replace(" ", "") if clip else "clip missing"
        if part.clip in part.alternatives:
            words += f" · {part.alternatives.index(part.clip) + 1}/{len(part.alternatives)}"
        named = QColor(theme.BAD) if flaw else ink
        name = self._labels.fitting(f"{words} {flaw}".rstrip(), room, named, QFont.Weight.Medium, on.dpr)
        if name is None and clip is not None:
            name = self._labels.fitting(f"e{clip.epoch}", room, named, QFont.Weight.Medium, on.dpr)
        if name is None:
            return
        on.painter.drawPixmap(left + 9, top + _LABEL_TOP, name)
        faint = theme.with_alpha(ink, 0.75)
        gain = self._labels.picture(decibels(part.gain_db), faint, QFont.Weight.Normal, on.dpr)
        if room - (name.width() + gain.width()) / on.dpr > _BETWEEN_LABELS:
            on.painter.drawPixmap(right - 8 - round(gain.width() / on.dpr), top + _LABEL_TOP, gain)


def _colour(scene: Scene, part: Section) -> QColor:
    """That of the age of its clip."""
    return scene.colours.get(part.clip) or QColor(theme.FAINT)


@contextmanager
def _smooth(painter: QPainter) -> Iterator[None]:
    """Paints with antialiasing inside a `with`, and without it afterwards."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        yield
    finally:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_choice(on: _Repaint, shown: Sequence[Section], top: int) -> None:
    """Frames the selected sections, and paints the grips of the fades where these can be dragged."""
    painter, scene, area = on.painter, on.scene, on.area
    chosen = [part for part in shown if part.id in scene.selection]
    if chosen:
        painter.setPen(_CHOSEN)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        per_pixel, height = scene.scale.frames_per_pixel, scene.rows.height - 1.5
        with _smooth(painter):
            for part in chosen:
                x = scene.x(part.start)
                left = max(x, area.left() - 64)
                right = min(x + max(round(part.length / per_pixel), 2), area.right() + 64)
                painter.drawRoundedRect(QRectF(left + 0.75, top + 0.75, right - left - 1.5, height), 6, 6)
    for part in shown:
        if part.id == scene.hovered or (part.id in scene.selection and len(scene.selection) == 1):
            _paint_grips(painter, scene, part, top)


def _paint_bars(on: _Repaint, part: Section, top: int) -> None:
    """Cuts a fine line into a section wherever one of its bars begins."""
    scene, clip = on.scene, on.scene.clips.get(part.clip)
    if clip is None or clip.tempo is None:
        return
    per_pixel = scene.scale.frames_per_pixel
    if bar_frames(clip.tempo) < _LEAST_BETWEEN_BARS * per_pixel:
        return
    begin, end = (scene.scale.frame(x) for x in (on.area.left() - 1, on.area.right() + 1))
    for frame in bars_of_section(part, clip, begin, end):
        if part.start < frame < part.end:  # its edges are seen anyway
            on.painter.fillRect(scene.x(frame), top + 1, 1, scene.rows.height - 2, _BAR)


def _in_view(scene: Scene, part: Section, area: QRect) -> bool:
    return scene.x(part.start) - 8 <= area.right() and scene.x(part.end) + 8 >= area.left()


def _paint_times(painter: QPainter, scene: Scene, area: QRect) -> None:
    if scene.loop is not None:
        left, right = scene.near_x(scene.loop[0]), scene.near_x(scene.loop[1])
        shade = QRect(left, area.top(), right - left, area.height()).intersected(area)
        painter.fillRect(shade, theme.with_alpha(theme.SECOND, 0.07))
    strong, weak = QColor(theme.RAISED), theme.with_alpha(theme.RAISED, 0.6)
    for tick in ticks(scene.scale, area.right() + 1):
        x = round(tick.x)
        if area.left() <= x <= area.right():
            painter.fillRect(QRect(x, area.top(), 1, area.height()), strong if tick.label else weak)


def _paint_crossfades(on: _Repaint, crossed: Sequence[Crossfade], top: int) -> None:
    """Two curves that cross wherever the mix fades from one section to the next."""
    painter, scene, area = on.painter, on.scene, on.area
    height = scene.rows.height - 2
    for cross in crossed:
        left, right = scene.x(cross.rising.start), scene.x(cross.rising.end)
        if right - left < _LEAST_WIDTH_FOR_CROSSFADE or right < area.left() or left > area.right():
            continue
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.with_alpha(theme.TEXT, 0.8), 1.2))
        with _smooth(painter):
            for ramp in (cross.falling, cross.rising):
                path = QPainterPath(QPointF(left, top + 1 + height * (1 - ramp.level(0.0))))
                for step in range(1, _CURVE_STEPS + 1):
                    share = step / _CURVE_STEPS
                    path.lineTo(left + (right - left) * share, top + 1 + height * (1 - ramp.level(share)))
                painter.drawPath(path)


def _paint_grips(painter: QPainter, scene: Scene, part: Section, top: int) -> None:
    places = grips(part, scene.scale)
    if places is None:
        return
    painter.setPen(QPen(QColor(theme.GROUND), 1.5))
    painter.setBrush(QColor(theme.TEXT))
    with _smooth(painter):
        for x in places:
            painter.drawEllipse(QPointF(x, top + 5.0), 4.5, 4.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_motifs(on: _Repaint, shown: Sequence[Section], top: int) -> None:
    """Underlines the sections that belong to a motif."""
    painter, scene, area = on.painter, on.scene, on.area
    foot = top + scene.rows.height - 5
    for part in shown:
        if part.motif:
            left, right = max(scene.x(part.start) + 6, area.left()), min(scene.x(part.end) - 6, area.right())
            if left < right:
                painter.fillRect(QRect(left, foot, right - left, 2), QColor(theme.SECOND))


def _paint_accents(painter: QPainter, scene: Scene, area: QRect) -> None:
    """Small triangles along the top, for the selected sections, or else for those of the first lane that has any."""
    parts = [part for lane in scene.shown_song.lanes for part in lane.sections if part.id in scene.selection]
    if not parts:
        parts = list(next((lane.sections for lane in scene.shown_song.lanes if lane.sections), ()))
    # those a little before the area decide which there is room for in it
    near = area.adjusted(-2 * _ACCENT_WIDTH, 0, _ACCENT_WIDTH, 0)
    frames = {frame for part in parts if _in_view(scene, part, near) for frame in accents_of(part, scene.accents)}
    places = sorted({x for frame in frames if max(-5, near.left()) < (x := scene.x(frame)) <= near.right()})
    # on several lanes there may be one right beside another
    places = [x for before, x in pairwise([-_ACCENT_WIDTH, *places]) if x - before >= _ACCENT_WIDTH]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.SECOND))
    path = QPainterPath()
    for x in places:
        path.addPolygon(QPolygonF([QPointF(x - 4, 0), QPointF(x + 4, 0), QPointF(x, 5)]))
    with _smooth(painter):
        painter.drawPath(path)


def _paint_marks(painter: QPainter, scene: Scene, area: QRect) -> None:
    for marker in scene.shown_song.markers:
        painter.fillRect(QRect(scene.near_x(marker.frame), area.top(), 1, area.height()), _MARKER)
    if scene.accents:
        _paint_accents(painter, scene, area)
    if scene.guide is not None:
        painter.fillRect(QRect(scene.near_x(scene.guide), area.top(), 1, area.height()), QColor(theme.SECOND))
    if scene.lasso is not None:
        painter.fillRect(scene.lasso, theme.with_alpha(theme.SECOND, 0.12))
        painter.setPen(QPen(theme.with_alpha(theme.SECOND, 0.9), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(scene.lasso.adjusted(0, 0, -1, -1))
    x = scene.near_x(scene.playhead)
    painter.fillRect(QRect(x - 1, area.top(), 2, area.height()), QColor(theme.ACCENT))
