"""Painting the lanes: lines of time, sections, crossfades, what is chosen, the playhead."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from app.document.clip_names import clip_name, lane_name
from app.document.model import SONG_RATE, Clip, Section, Song
from app.widgets import theme
from app.widgets.basics import duration
from app.widgets.timeline.clip_cache import SectionCache
from app.widgets.timeline.geometry import Rows, TimeScale, ticks
from app.widgets.timeline.hit import grips
from app.widgets.timeline.section_picture import LABEL_HEIGHT, look_of
from app.widgets.timeline.waves import shades_of

_MOST_LABELS = 600
_LEAST_WIDTH_FOR_LABEL = 26
_LEAST_WIDTH_FOR_CROSSFADE = 5


@dataclass
class Scene:
    """All that is to be seen of a song."""

    song: Song = field(default_factory=lambda: Song(id=""))
    clips: Mapping[str, Clip] = field(default_factory=dict)
    colours: Mapping[str, QColor] = field(default_factory=dict)
    """By id of the clip."""
    scale: TimeScale = field(default_factory=TimeScale)
    rows: Rows = field(default_factory=Rows)
    selection: frozenset[str] = frozenset()
    hovered: str = ""
    playhead: int = 0
    guide: int | None = None
    lasso: QRect | None = None
    loop: tuple[int, int] | None = None

    def x(self, frame: int) -> int:
        """The pixel of a frame. It keeps its distance to all others while the view is scrolled."""
        per_pixel = self.scale.frames_per_pixel
        return round(frame / per_pixel) - round(self.scale.start / per_pixel)


def described(scene: Scene, chosen: Sequence[Section]) -> str:
    """What is selected, for those who do not see it."""
    if not chosen:
        return "No section is selected."
    first = chosen[0]
    clip = scene.clips.get(first.clip)
    lane = next(place for place, lane in enumerate(scene.song.lanes) if first in lane.sections)
    start, end = duration(first.start / SONG_RATE), duration(first.end / SONG_RATE)
    others = f", and {len(chosen) - 1} more" if len(chosen) > 1 else ""
    return f"{clip_name(clip) if clip else 'missing clip'}, lane {lane_name(lane)}, {start} to {end}{others}"


class Labels:
    """Short texts as pictures: drawing text anew for each of hundreds of sections is slow."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, int, float], QPixmap] = OrderedDict()

    def picture(self, text: str, colour: QColor, weight: QFont.Weight, dpr: float) -> QPixmap:
        key = (text, colour.rgba(), weight.value, dpr)
        known = self._kept.get(key)
        if known is None:
            known = self._kept[key] = _text_picture(text, colour, weight, dpr)
            if len(self._kept) > _MOST_LABELS:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return known


def _text_picture(text: str, colour: QColor, weight: QFont.Weight, dpr: float) -> QPixmap:
    font = theme.ui_font(12, weight=weight, tabular=True)
    metrics = QFontMetricsF(font)
    width = math.ceil(metrics.horizontalAdvance(text)) + 1
    pixmap = QPixmap(math.ceil(width * dpr), math.ceil(LABEL_HEIGHT * dpr))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(
        QRectF(0, 0, width, LABEL_HEIGHT), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text
    )
    painter.end()
    return pixmap


def gain_text(gain_db: float) -> str:
    """A level with a true minus sign: "−1.5 dB"."""
    return f"{gain_db:+.1f} dB".replace("-", "−").replace("+0.0", "0.0").replace("−0.0", "0.0")


class LanePainter:
    """Paints a scene; holds nothing but pictures."""

    def __init__(self, cache: SectionCache) -> None:
        self._cache = cache
        self._labels = Labels()

    def paint(self, painter: QPainter, scene: Scene, area: QRect, dpr: float, until: float) -> bool:
        """Paints what of the scene lies in `area`; False where some sections are only stretched, for want of time."""
        self._cache.begin(until)
        painter.fillRect(area, QColor(theme.GROUND))
        _paint_times(painter, scene, area)
        whole = True
        for place, lane in enumerate(scene.song.lanes):
            top = scene.rows.top(place)
            if top < area.bottom() + 1 and top + scene.rows.height > area.top():
                shown = [part for part in lane.sections if _in_view(scene, part, area)]
                for part, after in zip_longest(shown, shown[1:]):
                    room = scene.x(after.start) if after is not None else area.right() + 1
                    whole &= self._paint_section(painter, scene, part, top, area, room, dpr)
                _paint_crossfades(painter, scene, lane.sections, top, area)
                for part in shown:
                    _paint_choice(painter, scene, part, top, area)
        self._cache.shrink()
        _paint_marks(painter, scene, area)
        return whole

    def _paint_section(
        self,
        painter: QPainter,
        scene: Scene,
        part: Section,
        top: int,
        area: QRect,
        room: int,
        dpr: float,
    ) -> bool:
        """Args: room: where the next section begins, on top of this one."""
        clip = scene.clips.get(part.clip)
        colour = scene.colours.get(part.clip) or QColor(theme.FAINT)
        look = look_of(part, colour, scene.scale.frames_per_pixel, scene.rows.height, dpr)
        x = scene.x(part.start)
        visible = (area.left(), area.right())
        whole = self._cache.draw(painter, part.id, look, clip, x, top, visible)
        if look.width >= _LEAST_WIDTH_FOR_LABEL and scene.rows.height >= 48:
            self._paint_labels(painter, part, clip, colour, max(x, 0), min(x + look.width, max(room, x)), top, dpr)
        return whole

    def _paint_labels(
        self,
        painter: QPainter,
        part: Section,
        clip: Clip | None,
        colour: QColor,
        left: int,
        right: int,
        top: int,
        dpr: float,
    ) -> None:
        _, _, ink, _ = shades_of(colour.rgb())
        name = self._labels.picture(
            clip_name(clip).replace(" ", "") if clip else "clip missing", ink, QFont.Weight.Medium, dpr
        )
        room = right - left - 16
        _draw_cut(painter, name, QPoint(left + 9, top + 1), room, dpr)
        gain = self._labels.picture(gain_text(part.gain_db), theme.with_alpha(ink, 0.75), QFont.Weight.Normal, dpr)
        gain_width = round(gain.width() / dpr)
        if room - name.width() / dpr > gain_width + 12:
            painter.drawPixmap(right - 8 - gain_width, top + 1, gain)


def _paint_choice(painter: QPainter, scene: Scene, part: Section, top: int, area: QRect) -> None:
    """What shows that a section is selected, and what its fades can be dragged by."""
    if part.id in scene.selection:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.TEXT), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x = scene.x(part.start)
        end = x + max(round(part.length / scene.scale.frames_per_pixel), 2)
        left, right = max(x, area.left() - 64), min(end, area.right() + 64)
        painter.drawRoundedRect(QRectF(left + 0.75, top + 0.75, right - left - 1.5, scene.rows.height - 1.5), 6, 6)
    if part.id == scene.hovered or (part.id in scene.selection and len(scene.selection) == 1):
        _paint_grips(painter, scene, part, top)


def _draw_cut(painter: QPainter, picture: QPixmap, at: QPoint, room: int, dpr: float) -> None:
    width = min(picture.width(), round(room * dpr))
    if width > 0:
        painter.drawPixmap(QPointF(at), picture, QRectF(0, 0, width, picture.height()))


def _in_view(scene: Scene, part: Section, area: QRect) -> bool:
    return scene.x(part.start) - 8 <= area.right() and scene.x(part.end) + 8 >= area.left()


def _paint_times(painter: QPainter, scene: Scene, area: QRect) -> None:
    if scene.loop is not None:
        left, right = scene.x(scene.loop[0]), scene.x(scene.loop[1])
        shade = QRect(left, area.top(), right - left, area.height()).intersected(area)
        painter.fillRect(shade, theme.with_alpha(theme.SECOND, 0.07))
    strong, weak = QColor(theme.RAISED), theme.with_alpha(theme.RAISED, 0.6)
    for tick in ticks(scene.scale, area.right() + 1):
        x = round(tick.x)
        if area.left() <= x <= area.right():
            painter.fillRect(QRect(x, area.top(), 1, area.height()), strong if tick.label else weak)


def _paint_crossfades(painter: QPainter, scene: Scene, sections: tuple[Section, ...], top: int, area: QRect) -> None:
    """Two curves that cross wherever a section begins before the one before it has ended, as the mix has it."""
    for before, after in pairwise(sections):
        left, right = scene.x(after.start), scene.x(before.end)
        is_crossfade = before.end < after.end and right - left >= _LEAST_WIDTH_FOR_CROSSFADE
        if not is_crossfade or right < area.left() or left > area.right():
            continue
        falling, rising = QPainterPath(), QPainterPath()
        height = scene.rows.height - 2
        for step in range(17):
            angle = step / 16 * math.pi / 2
            x = left + (right - left) * step / 16
            for path, level in ((falling, math.cos(angle)), (rising, math.sin(angle))):
                point = QPointF(x, top + 1 + height * (1 - level))
                if step:
                    path.lineTo(point)
                else:
                    path.moveTo(point)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.with_alpha(theme.TEXT, 0.8), 1.2))
        painter.drawPath(falling)
        painter.drawPath(rising)


def _paint_grips(painter: QPainter, scene: Scene, part: Section, top: int) -> None:
    places = grips(part, scene.scale)
    if places is None:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.GROUND), 1.5))
    painter.setBrush(QColor(theme.TEXT))
    for x in places:
        painter.drawEllipse(QPointF(x, top + 5.0), 4.5, 4.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_marks(painter: QPainter, scene: Scene, area: QRect) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if scene.guide is not None:
        painter.fillRect(QRect(scene.x(scene.guide), area.top(), 1, area.height()), QColor(theme.SECOND))
    if scene.lasso is not None:
        painter.fillRect(scene.lasso, theme.with_alpha(theme.SECOND, 0.12))
        painter.setPen(QPen(theme.with_alpha(theme.SECOND, 0.9), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(scene.lasso.adjusted(0, 0, -1, -1))
    x = scene.x(scene.playhead)
    painter.fillRect(QRect(x - 1, area.top(), 2, area.height()), QColor(theme.ACCENT))
