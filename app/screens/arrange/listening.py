"""Listening on the Arrange screen: to what is selected, to clips under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from app.screens.arrange.keys import Keys
from app.screens.arrange.sound import ArrangeSound
from app.widgets.clips.clip_panel import ClipPanel
from app.widgets.timeline.view import TimelineView

_HOVER_MS = 180
"""A pointer that is only passing by is not kept waiting for."""


class ListenActions(QObject):
    """Ways to hear something else than the song from the playhead on."""

    def __init__(self, sound: ArrangeSound, timeline: TimelineView, clips: ClipPanel, keys: Keys) -> None:
        super().__init__(timeline)
        self._sound = sound
        self._timeline = timeline
        self._under_pointer = ""
        self._heard = ""
        self._rests = QTimer(self)
        self._rests.setSingleShot(True)
        self._rests.setInterval(_HOVER_MS)
        self._rests.timeout.connect(self._hear)
        self.play_chosen = keys.anywhere("Play what is selected", self.play_selection, "P")
        self.hover = keys.switch("Hear clips under the pointer", self._on_switch, "H", on=False)
        clips.hover.toggled.connect(self.hover.setChecked)
        self.hover.toggled.connect(clips.hover.setChecked)
        clips.list.hovered.connect(self._on_hovered)
        timeline.selection_changed.connect(self._show_use)
        self._show_use()

    def play_selection(self) -> None:
        """The song from the start of the first to the end of the last selected section."""
        chosen = self._timeline.state.chosen()
        if chosen:
            self._sound.play_part(min(part.start for part in chosen), max(part.end for part in chosen))

    @Slot(str)
    def _on_hovered(self, clip: str) -> None:
        self._under_pointer = clip
        if clip != self._heard:
            self._stop()
        if self.hover.isChecked() and clip:
            self._rests.start()
        else:
            self._rests.stop()

    def _hear(self) -> None:
        self._heard = self._under_pointer
        self._sound.play_clip(self._heard)

    def _stop(self) -> None:
        if self._heard and self._sound.playing_clip == self._heard:
            self._sound.toggle_clip(self._heard)
        self._heard = ""

    def _on_switch(self, on: bool) -> None:
        if not on:
            self._rests.stop()
            self._stop()

    def _show_use(self) -> None:
        self.play_chosen.setEnabled(bool(self._timeline.state.selection))
