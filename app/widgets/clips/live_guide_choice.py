"""What sound plays along to, chosen in a line, and how closely; for where there is no room for a picture of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.document.guide_choice import GuideChoice, GuideSource, is_pattern_file
from app.widgets.basics import caption, column, label, row, set_kind
from app.widgets.clips.guide_words import SOURCES
from app.widgets.controls.value_range import ValueRange
from app.widgets.controls.value_slider import ValueSlider
from app.widgets.dialogs.questions import ask_open_file

_OFFERED: tuple[GuideSource, ...] = ("none", "dream", "album", "recording")
_FILE = _OFFERED.index("recording")
NAMES_WIDTH = 88
"""Pixels of the name of the line, and of others above it."""
_LONGEST_NAME = 40
"""Letters of a file's name in the list."""


class LiveGuideChoice(QWidget):
    """Asks what to play along to, and says what has come of it.

    Signals:
        chosen(GuideChoice): another guide, or another one of the same kind.
        follow_moved(float): how closely, 0..1.
    """

    chosen = Signal(object)
    follow_moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.recording: Path | None = None
        self.sources = QComboBox()
        self.sources.setAccessibleName("Play along to")
        self.sources.setToolTip("What happens when; the model makes the sound. Choose a dream again for another one")
        for source in _OFFERED:
            self.sources.addItem(SOURCES[source][0], source)
        self.sources.activated.connect(self._on_activated)
        self.follow = ValueSlider("How closely", ValueRange(0, 100, 100, lambda value: f"{value} %"))
        self.follow.setToolTip("Heard at once: at 0 % the guide is not followed at all")
        self.follow.moved.connect(lambda percent: self.follow_moved.emit(percent / 100))
        self.words = label("", "faint", wrap=True, tabular=True)
        self._last = 0
        """The line that was chosen before."""
        name = label("Play along to", "dim")
        name.setFixedWidth(NAMES_WIDTH)
        named = row(name, self.sources, spacing=12)
        named.setStretch(1, 1)
        self.setLayout(column(named, self.words, self.follow, spacing=8))
        self._show()

    @property
    def choice(self) -> GuideChoice:
        """What is chosen."""
        source: GuideSource = self.sources.currentData()
        follow = self.follow.value / 100
        if source == "recording" and self.recording is not None and is_pattern_file(self.recording):
            return GuideChoice("pattern", follow=follow, pattern=self.recording)
        return GuideChoice(source, self.recording if source == "recording" else None, follow)

    def take_recording(self, path: Path) -> None:
        """Chooses this file to play along to."""
        self.recording = path
        name = path.name if len(path.name) <= _LONGEST_NAME else f"{path.name[: _LONGEST_NAME - 1]}…"
        self.sources.setItemText(_FILE, caption(name))
        self.sources.setCurrentIndex(_FILE)
        self._tell()

    def _on_activated(self, line: int) -> None:
        if line == _FILE:
            folder = self.recording.parent if self.recording else None
            path = ask_open_file(self, "Play along to a recording", folder=folder)
            if path is not None:
                self.take_recording(path)
            else:
                self.sources.setCurrentIndex(self._last)
        else:
            self._tell()

    def _tell(self) -> None:
        self._last = self.sources.currentIndex()
        self._show()
        self.chosen.emit(self.choice)

    def _show(self) -> None:
        self.show_guide(None)
        self.follow.setEnabled(self._last > 0)

    def _say(self, words: str, kind: str) -> None:
        self.words.setText(words)
        set_kind(self.words, kind)

    def show_progress(self, fraction: float, words: str) -> None:
        """How far the guide is that was chosen last."""
        self._say(f"{words} · {round(100 * fraction)} %", "faint")

    def show_guide(self, bpm: float | None) -> None:
        """The guide that was chosen last is heard, or will be; its tempo, where it is known."""
        meaning = SOURCES[self.sources.currentData()][1]
        self._say(f"{bpm:.0f} bpm · {meaning}" if bpm else meaning, "faint")

    def show_problem(self, why: str) -> None:
        """Why the guide that was chosen last cannot be had: nothing is played along to."""
        self._last = 0
        self.sources.setCurrentIndex(0)
        self.follow.setEnabled(False)
        self._say(why, "warn")
