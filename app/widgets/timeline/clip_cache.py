"""Pictures of sections, kept while they may be wanted again."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QPainter, QPixmap

from app.document.model import Clip
from app.widgets.timeline.section_picture import SLICE, SectionAppearance, paint_slice
from app.widgets.timeline.waves import Waves

_MOST_BYTES = 160 * 2**20


@dataclass
class _Pictures:
    appearance: SectionAppearance
    slices: dict[int, QPixmap] = field(default_factory=dict)
    older: _Pictures | None = None
    """What the section looked like before: it stands in, stretched, until the new slices are painted."""

    @property
    def bytes(self) -> int:
        size = sum(picture.width() * picture.height() * 4 for picture in self.slices.values())
        return size + (self.older.bytes if self.older else 0)


class SectionCache:
    """Paints sections from kept pictures, and makes missing ones as long as the time for a repaint lasts."""

    def __init__(self, waves: Waves, clock: Callable[[], float] = time.perf_counter) -> None:
        self._waves = waves
        self._clock = clock
        self._kept: OrderedDict[str, _Pictures] = OrderedDict()
        self._has_grown = False
        self._until = 0.0
        self._has_made = False

    def begin(self, until: float) -> None:
        """Begins a repaint; after `until`, a time of the clock, it makes at most one new picture."""
        self._until = until
        self._has_made = False

    def draw(
        self,
        painter: QPainter,
        section: str,
        appearance: SectionAppearance,
        clip: Clip | None,
        at: QPoint,
        visible: tuple[int, int],
    ) -> bool:
        """Draws the part of a section that is in view; False where some of it is only stretched, for want of time.

        Args:
            section: its id.
            clip: None where its file is missing.
            at: its top left corner.
            visible: the left and right end of what is in view, on the same axis as `at`.
        """
        x, y = at.x(), at.y()
        pictures = self._pictures(section, appearance)
        first = max(visible[0] - x, 0) // SLICE
        last = min(visible[1] - x, appearance.width - 1) // SLICE
        wanted = range(first, last + 1)
        if any(place not in pictures.slices for place in wanted):
            # However slow the machine, every repaint makes one picture: in the end all are there.
            if self._has_made and self._clock() > self._until and pictures.older is not None:
                _draw_stretched(painter, pictures.older, appearance, at)
                return False
            for place in wanted:
                if place not in pictures.slices:
                    pictures.slices[place] = paint_slice(appearance, clip, place, self._waves)
                    self._has_grown = self._has_made = True
        pictures.older = None
        for place in wanted:
            painter.drawPixmap(x + place * SLICE, y, pictures.slices[place])
        return True

    def _pictures(self, section: str, appearance: SectionAppearance) -> _Pictures:
        known = self._kept.get(section)
        if known is None:
            known = self._kept[section] = _Pictures(appearance)
        elif known.appearance != appearance:
            older = known if known.slices else known.older
            if older is not None:
                older.older = None
            known = self._kept[section] = _Pictures(appearance, older=older)
        self._kept.move_to_end(section)
        return known

    def forget_clip(self, clip: str) -> None:
        """Drops the pictures of a clip whose waveform has become known."""
        for section in [section for section, kept in self._kept.items() if kept.appearance.clip == clip]:
            del self._kept[section]

    def shrink(self) -> None:
        """Drops the pictures that were drawn longest ago until the rest takes at most 160 MiB."""
        if not self._has_grown:
            return
        self._has_grown = False
        size = sum(kept.bytes for kept in self._kept.values())
        while size > _MOST_BYTES and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            size -= gone.bytes


def _draw_stretched(painter: QPainter, older: _Pictures, appearance: SectionAppearance, at: QPoint) -> None:
    wide = appearance.width / older.appearance.width
    tall = appearance.height / older.appearance.height
    for place, picture in older.slices.items():
        width, height = picture.width() / older.appearance.dpr, picture.height() / older.appearance.dpr
        goal = QRectF(at.x() + place * SLICE * wide, at.y(), width * wide, height * tall)
        painter.drawPixmap(goal, picture, QRectF(picture.rect()))
