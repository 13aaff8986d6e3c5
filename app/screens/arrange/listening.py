"""Listening on the Arrange screen: to what is selected, to clips under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot

from app.screens.arrange.context import ArrangeContext, ArrangePart

_HOVER_MS = 180
"""Milliseconds that the pointer has to rest on a clip until it plays."""


class ListenActions(ArrangePart):
    """Ways to hear something else than the song from the playhead on."""

    def __init__(self, context: ArrangeContext) -> None:
        super().__init__(context)
        clips, keys = context.clips, context.keys
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
        context.timeline.selection_changed.connect(self._show_use)
        self._show_use()

    def play_selection(self) -> None:
        """Plays the song from the start of the first to the end of the last selected section."""
        chosen = self._state.chosen()
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
        self.play_chosen.setEnabled(bool(self._state.selection))
