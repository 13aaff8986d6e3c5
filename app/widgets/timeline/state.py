"""What a timeline shows of a song, and what the person is doing with it. No widgets.

The view shows this state and turns the mouse's work into calls of it; screens and tests read it and set it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor

from app.document.model import Project, Section, Song
from app.document.tree import find
from app.widgets.timeline.accent_marks import AccentMarks
from app.widgets.timeline.geometry import TimeScale, fitted
from app.widgets.timeline.gestures import Gesture, still_there
from app.widgets.timeline.scene import Scene
from app.widgets.timeline.snap import Snapping

Change = Literal["song", "selection", "playhead", "loop", "scale", "lane height", "scroll", "cancelled", "marks"]
"""What has changed. "cancelled": a drag was given up; "marks": what is hovered, the lasso, accents or flaws."""
Edit = Callable[[Project], Project]

ZOOM_STEP = 1.25
_LEAST_HEIGHT, _MOST_HEIGHT = 40, 320
_FOLLOW_FROM, _FOLLOW_TO = 0.9, 0.1
"""Shares of the width: a playhead that plays beyond the first is brought back to the second."""
_KEPT_IN_VIEW = 60
"""Pixels of the song that scrolling by hand leaves in view."""


class TimelineState(Scene):
    """The scene, with the methods that change it; each tells its listeners what it has changed.

    Args:
        width: gives the width of the view now, in pixels.

    Attributes:
        project: the document that is shown.
        song: as it is in the document, without what a drag would do (which `shown_song` has).
        gesture: the drag that is under way.
        current_lane: the number of the lane whose empty part was clicked last; None where a section was.
        follow: whether the view scrolls along with the playhead while the song plays.
    """

    def __init__(self, width: Callable[[], int]) -> None:
        super().__init__()
        self._width = width
        self._listeners: list[Callable[[Change], None]] = []
        self.project = Project()
        self.song = Song(id="")
        self.gesture: Gesture | None = None
        self.current_lane: int | None = None
        self.follow = True

    def on_change(self, listener: Callable[[Change], None]) -> None:
        """Calls the function after each change."""
        self._listeners.append(listener)

    def _tell(self, change: Change) -> None:
        for listener in self._listeners:
            listener(change)

    # the song and what is selected

    def show_song(self, project: Project, song: str, colours: Mapping[str, QColor]) -> None:
        """Shows a song of the document; "" for none. Keeps of selection and drag what still has its sections.

        Args:
            colours: by id of the clip.
        """
        other = song != self.song.id
        if project.clips is not self.project.clips:
            self.clips = {clip.id: clip for clip in project.clips}
        self.project = project
        self.song = find(project.songs, song) if song else Song(id="")
        self.colours = colours
        if self.gesture is not None and (other or not still_there(project, self.gesture.moved)):
            self.cancel()
        self._show_gesture()
        self.select(self.selection & {part.id for lane in self.song.lanes for part in lane.sections})
        if other:
            self.current_lane = None
            self.fit()

    def select(self, ids: Iterable[str]) -> None:
        """Selects these sections and no others."""
        ids = frozenset(ids)
        if ids != self.selection:
            self.selection = ids
            self._tell("selection")

    def chosen(self) -> list[Section]:
        """The selected sections, lane by lane."""
        return [part for lane in self.song.lanes for part in lane.sections if part.id in self.selection]

    # marks

    def set_playhead(self, frame: int, *, playing: bool = False) -> None:
        """Moves the playhead; `playing`: it moves because the song plays, so the view may follow it."""
        if frame == self.playhead:
            return
        self.playhead = frame
        follows = playing and self.follow and self.gesture is None
        if follows and not 0 <= self.near_x(frame) <= self._width() * _FOLLOW_FROM:
            self.scroll_to(frame - self.scale.frames(self._width() * _FOLLOW_TO))
        else:
            self._tell("playhead")

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """The first and last frame that are repeated; None for no loop."""
        if loop != self.loop:
            self.loop = loop
            self._tell("loop")

    def set_accents(self, marks: Mapping[str, AccentMarks]) -> None:
        """Where the clips have their accents, by id of the clip: they are marked, and drags snap onto them."""
        self.marks.put(marks)
        self._tell("marks")

    def set_flaws(self, flaws: Mapping[str, str]) -> None:
        """What is wrong with the files of clips, by id of the clip."""
        self.flaws = flaws
        self._tell("marks")

    def set_hovered(self, section: str) -> None:
        """The section under the pointer; "" for none."""
        if section != self.hovered:
            self.hovered = section
            self._tell("marks")

    def set_lasso(self, area: QRect | None) -> None:
        """The rectangle that is drawn to select, in pixels of the viewport; None for none."""
        self.lasso = area
        self._tell("marks")

    # drags

    @property
    def is_dragging(self) -> bool:
        """Sections, clips, a marker or a lasso."""
        return self.gesture is not None or self.lasso is not None

    def begin(self, gesture: Gesture) -> None:
        """Begins a drag: `drag` moves it on, `drop` or `cancel` ends it."""
        self.gesture = gesture

    def drag(self, x: float, y: float, snapping: Snapping | None) -> None:
        """The hand is at a place of the viewport now; `snapping` is None where nothing is to snap."""
        if self.gesture is not None:
            self.gesture.drag(self.scale.frame(x), self.rows.lane_at(y), snapping)
            self._show_gesture()

    def drop(self, edit: Callable[[str, Edit], object]) -> None:
        """The hand lets go: what it did becomes one edit, which `edit` makes from a name and a function."""
        gesture, self.gesture = self.gesture, None
        self.guide = None
        if gesture is not None:
            edit(gesture.name, gesture.apply)
        self._show_gesture()

    def cancel(self) -> None:
        """Gives the drag up; nothing has changed."""
        self.gesture = None
        self.guide = None
        self._tell("cancelled")
        self.set_lasso(None)
        self._show_gesture()

    def _show_gesture(self) -> None:
        self.shown_song = self.song
        if self.gesture is not None:
            self.shown_song = find(self.gesture.apply(self.project).songs, self.song.id)
            self.guide = self.gesture.guide
        self._tell("song")

    # zoom and scroll

    def set_scale(self, scale: TimeScale) -> None:
        """Shows another stretch of the song."""
        self.scale = scale
        self._tell("scale")

    def zoom(self, factor: float, anchor: float | None = None) -> None:
        """Zooms about a place of the viewport; without one, about the playhead where it is in view, else the middle."""
        if anchor is None:
            x = self.x(self.playhead)
            anchor = x if 0 <= x <= self._width() else self._width() / 2
        self.set_scale(self.scale.zoomed(factor, anchor))

    def zoom_in(self) -> None:
        """Zooms by two steps of the wheel."""
        self.zoom(ZOOM_STEP**2)

    def zoom_out(self) -> None:
        """Zooms out by two steps of the wheel."""
        self.zoom(ZOOM_STEP**-2)

    def fit(self) -> None:
        """Brings the whole song into view."""
        self.set_scale(fitted(self.song.frames, self._width()))

    def scroll_to(self, start: float) -> None:
        """Brings a frame to the left edge."""
        self.set_scale(self.scale.scrolled_to(start))

    def scroll_by(self, pixels: float) -> None:
        """Scrolls as a hand does: some of the song, or of what is dragged beyond its end, stays in view."""
        scale = self.scale
        furthest = max(self.shown_song.frames - scale.frames(_KEPT_IN_VIEW), scale.start)
        self.scroll_to(min(scale.start + scale.frames(pixels), furthest))

    def show_place(self, frame: int) -> None:
        """Scrolls to a frame that is not in view."""
        if not 0 <= self.x(frame) <= self._width() - 40:
            self.scroll_to(frame - self.scale.frames(self._width() * 0.2))

    def show_stretch(self, start: int, end: int) -> None:
        """Scrolls as little as it takes to see all from one frame to another; its beginning, where it is too long."""
        room = self.scale.frames(self._width() - 40)
        first = self.scale.start
        if end - start > room:
            self.show_place(start)
        elif start < first or end > first + room:
            self.scroll_to(start if start < first else end - room)

    def scrolled(self, start: float | None, top: int) -> None:
        """The scroll bars were moved: to a frame (None: not along the song), and to so many pixels from the top."""
        self.rows = replace(self.rows, scroll=top)
        if start is not None:
            self.scale = self.scale.scrolled_to(start)
        self._tell("scroll")

    def set_lane_height(self, height: int) -> None:
        """In pixels, within limits."""
        self.rows = replace(self.rows, height=min(max(height, _LEAST_HEIGHT), _MOST_HEIGHT))
        self._tell("lane height")
