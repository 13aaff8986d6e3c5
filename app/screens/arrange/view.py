"""What of the song is seen, and what things fall onto: by keys and by the row below the timeline."""

from __future__ import annotations

from functools import partial

from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.widgets.timeline.geometry import TimeScale
from app.widgets.timeline.snap import SNAP_KINDS


class ViewActions(ArrangePart):
    """Actions that change no document."""

    def __init__(self, context: ArrangeContext) -> None:
        super().__init__(context)
        timeline, keys = context.timeline, context.keys
        self.zoom_in = keys.on_timeline("Zoom in", timeline.state.zoom_in, "+", "=")
        self.zoom_out = keys.on_timeline("Zoom out", timeline.state.zoom_out, "-")
        self.whole = keys.anywhere("Show the whole song", timeline.state.fit, "\\")
        keys.anywhere("Show what is selected", self.zoom_to_chosen, "Z")
        keys.anywhere("Show single samples at the playhead", self.zoom_to_samples, "Shift+Z")
        keys.on_timeline("Higher lanes", partial(self._heighten, 16), "Ctrl++", "Ctrl+=")
        keys.on_timeline("Lower lanes", partial(self._heighten, -16), "Ctrl+-")
        self.follow = keys.switch("Follow the playhead", self._set_follow, "F", on=timeline.state.follow)
        self.snap = keys.switch("Snap", self._set_snap, "N", on=timeline.snap.on)
        self.snap.setStatusTip("Snap; hold Alt while you drag for none")
        self.kinds = {
            kind: keys.switch(f"Snap to {kind}", partial(self._set_kind, kind), f"Alt+{place}", on=True)
            for place, kind in enumerate(SNAP_KINDS, start=1)
        }

    def zoom_to_chosen(self) -> None:
        """Brings the selected sections into view, as large as they fit."""
        chosen = self._state.chosen()
        if not chosen:
            return
        start, end = min(part.start for part in chosen), max(part.end for part in chosen)
        width = self._timeline.viewport().width()
        room = (end - start) * 0.05
        self._state.set_scale(TimeScale(max(start - room, 0.0), max((end - start + 2 * room) / width, 0.1)))

    def zoom_to_samples(self) -> None:
        """Zooms in at the playhead until single samples are seen."""
        per_pixel = 1 / 8
        half = self._timeline.viewport().width() / 2 * per_pixel
        self._state.set_scale(TimeScale(max(self._state.playhead - half, 0.0), per_pixel))

    def _heighten(self, by: int) -> None:
        self._state.set_lane_height(self._state.rows.height + by)

    def _set_snap(self, on: bool) -> None:
        self._timeline.snap.on = on

    def _set_kind(self, kind: str, on: bool) -> None:
        kinds = self._timeline.snap.kinds
        self._timeline.snap.kinds = kinds | {kind} if on else kinds - {kind}

    def _set_follow(self, on: bool) -> None:
        self._state.follow = on
