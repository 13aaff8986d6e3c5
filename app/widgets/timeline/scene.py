"""What of a song is seen: the song, its clips, the stretch in view, and all marks over it. No widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor

from app.document.model import Clip, Song
from app.widgets.timeline.accent_marks import VisibleAccents
from app.widgets.timeline.geometry import Rows, TimeScale
from app.widgets.timeline.snap import Accents

_FAR = 100_000
"""Pixels; Qt's painters and widgets lose precision with larger coordinates."""


@dataclass
class Scene:
    """All that the painter needs to know."""

    shown_song: Song = field(default_factory=lambda: Song(id=""))
    """The song as it is painted: with what a drag that is under way would do."""
    clips: Mapping[str, Clip] = field(default_factory=dict)
    colours: Mapping[str, QColor] = field(default_factory=dict)
    """By id of the clip."""
    flaws: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with the files of clips: "missing", "damaged"; by id of the clip."""
    scale: TimeScale = field(default_factory=TimeScale)
    rows: Rows = field(default_factory=Rows)
    selection: frozenset[str] = frozenset()
    """Ids of sections."""
    hovered: str = ""
    """The section under the pointer, or ""."""
    playhead: int = 0
    """In frames of the song, as are `guide` and both ends of `loop`."""
    guide: int | None = None
    """Where a vertical line shows onto what a drag snaps."""
    lasso: QRect | None = None
    """The rectangle drawn with the mouse to select what it touches, in pixels of the viewport."""
    loop: tuple[int, int] | None = None
    marks: VisibleAccents = field(default_factory=VisibleAccents)

    @property
    def accents(self) -> Accents:
        """Those that are seen at this zoom, by id of the clip."""
        return self.marks.at(self.scale.frames_per_pixel)

    def x(self, frame: int) -> int:
        """The pixel of a frame. Scrolling moves all frames by the same number of pixels."""
        per_pixel = self.scale.frames_per_pixel
        return round(frame / per_pixel) - round(self.scale.start / per_pixel)

    def near_x(self, frame: int) -> int:
        """As `x`, but cut off at ±100 000, which Qt can still paint."""
        return min(max(self.x(frame), -_FAR), _FAR)
