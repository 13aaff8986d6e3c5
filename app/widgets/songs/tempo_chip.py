"""The tempo beside the title of the song; a click corrects it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.document.clip_names import clip_name
from app.document.model import Clip, Tempo
from app.widgets.songs.tempo_dialog import bpm_text


class TempoChip(QPushButton):
    """Hidden while there is no clip whose tempo it could be, and where there is no room for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "badge")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(20)
        font = self.font()
        font.setFeature(QFont.Tag("tnum"), 1)
        self.setFont(font)
        self._has_use = False
        self._has_room = True
        self.hide()

    def make_room(self, room: bool) -> None:
        """Says whether there is room for it."""
        self._has_room = room
        self.setVisible(self._has_use and room)

    def show_tempo(self, clip: Clip | None, found: Tempo | None, *, known: bool) -> None:
        """Args:
        found: what listening has found in the clip.
        known: whether it has been listened to.
        """
        self._has_use = clip is not None and known
        self.setVisible(self._has_use and self._has_room)
        if clip is None:
            return
        tempo = clip.tempo or found
        self.setText(bpm_text(tempo.bpm) if tempo is not None else "no tempo")
        how = "as corrected" if clip.tempo else "as heard" if found else "which none was found for"
        self.setToolTip(f"Tempo of {clip_name(clip)}, {how}. Click to correct it (B)")
        self.setAccessibleName(f"Tempo of {clip_name(clip)}: {self.text()}, {how}")
