"""What is known of the guide that is chosen: its name, its picture, and a way to hear it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QStackedLayout, QWidget

from app.widgets import theme
from app.widgets.basics import Elided, button, column, duration, label, row, set_kind
from app.widgets.clips.beat_editor import BeatEditor
from app.widgets.clips.form_editor import FormEditor
from app.widgets.clips.guide_picture import GuidePicture

GuideControls = Literal["none", "grid", "file", "form"]
"""None, those of a grid to draw a beat on, of a file that a beat comes from, or of a form that is cut from bars."""
_PICTURE_HEIGHT = 102
_BESIDE = 10
"""Pixels at both sides of the picture."""
_SAID, _SHOWN, _DRAWN = range(3)
"""Pages of the frame: words, the picture, the grid."""


@dataclass(frozen=True, eq=False)
class ShownGuide:
    """A guide as it is shown."""

    strokes: NDArray[np.float32]
    """[frames, bands] in dB, the lowest band first."""
    seconds: float
    """How much of it the picture shows."""
    length: float | None = None
    """Of the recording in seconds; None where it has no length of its own, or none is known."""
    bpm: float | None = None
    parts: tuple[tuple[str, float], ...] = ()
    """The name of each of its parts, and how many seconds that lasts."""


class GuideView(QWidget):
    """Shows a guide, or in a sentence why there is none to see.

    Signals:
        hear_asked(): hear it, or stop it where it is heard.
        file_asked(): choose another recording.
    """

    hear_asked = Signal()
    file_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Elided("", "heading")
        self.facts = label("", "badge", tabular=True)
        self.hear = button("Hear the guide", icon="play", tip="As noise that is shaped by it: no model, no album")
        self.hear.clicked.connect(self.hear_asked)
        self.undo = button("", "quiet", icon="undo", tip="Undo what was drawn or put into another order (Ctrl+Z)")
        self.redo = button("", "quiet", icon="redo", tip="Redo (Ctrl+Shift+Z)")
        self.undo.setAccessibleName("Undo")
        self.redo.setAccessibleName("Redo")
        self.picture, self.form = GuidePicture(), FormEditor(self)
        self.parts = self.form.parts
        self.words = label("", "dim", wrap=True)
        self.file = button("Choose a file…")
        self.file.clicked.connect(self.file_asked)
        self.beat = BeatEditor(self)
        self._progress = QProgressBar()
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("How far the guide is worked out")
        for each in (self.hear, self.file, self.undo, self.redo):
            each.setAutoDefault(False)
        self.caption, self._shown_length = Elided("", "faint"), label("", "faint", tabular=True)
        self._frame = QFrame()
        self._frame.setFixedHeight(_PICTURE_HEIGHT)
        set_kind(self._frame, "picture")
        self._pages = self._make_pages()
        self._plan = QWidget()  # the blocks stand below what the picture shows of them
        self._plan.setLayout(row(self.parts, margins=(_BESIDE, 0, _BESIDE, 0)))
        steps = row(self.undo, self.redo, spacing=2)
        head = row(self.name, self.facts, 1, steps, self.hear, spacing=10)
        head.setStretch(0, 1000)  # the name takes what the button leaves, as far as it needs it
        foot = row(self.caption, self._shown_length)
        foot.setStretch(0, 1)
        below = (self.beat.controls, self.beat.file_controls, self.form.controls)
        self.setLayout(column(head, self._frame, self._plan, foot, *below, spacing=6))
        self.show_controls("none")
        self.show_nothing("", "")

    def _make_pages(self) -> QStackedLayout:
        pages = QStackedLayout(self._frame)
        said, shown, drawn = QWidget(), QWidget(), QWidget()
        said.setLayout(column(1, self.words, row(self.file, 1), self._progress, 1, margins=(16, 8, 16, 8)))
        shown.setLayout(column(self.picture, margins=(_BESIDE, 10, _BESIDE, 10)))
        drawn.setLayout(column(self.beat.grid, margins=(12, 10, 10, 10)))
        for page in (said, shown, drawn):
            pages.addWidget(page)
        return pages

    def show_controls(self, which: GuideControls) -> None:
        """Whether a beat is drawn here, in the place of the picture, and with which controls below."""
        self._with = which
        self._plan.setVisible(which == "form")
        self.form.controls.setVisible(which == "form")
        self.beat.controls.setVisible(which == "grid")
        self.beat.file_controls.setVisible(which == "file")

    def _turn_to(self, page: int) -> None:
        self._pages.setCurrentIndex(_DRAWN if self._with == "grid" else page)

    def _say(self, name: str, words: str, *, kind: str, progress: float = 0.0, with_file: bool = False) -> None:
        self._name(name)
        self.facts.hide()
        self.hear.setEnabled(False)
        self.words.setText(words)
        set_kind(self.words, kind)
        self.file.setVisible(with_file)
        self._progress.setVisible(progress > 0.0)
        self._progress.setValue(round(1000 * progress))
        self._turn_to(_SAID)
        self.caption.show_text(words if self._with == "grid" else "")
        set_kind(self.caption, kind if self._with == "grid" and kind == "warn" else "faint")
        self._shown_length.setText("")

    def _name(self, name: str) -> None:
        self.name.show_text(name)
        # the facts stand right behind the name, as far as there is room
        self.name.setMaximumWidth(self.name.fontMetrics().horizontalAdvance(self.name.whole) + 4)

    def show_nothing(self, name: str, words: str, *, with_file: bool = False) -> None:
        """Says in a sentence why there is nothing to see.

        Args:
            with_file: whether to offer to choose a recording.
        """
        self._say(name, words, kind="dim", with_file=with_file)

    def show_problem(self, name: str, words: str, *, with_file: bool) -> None:
        """Says why there is no guide; `with_file` as `show_nothing` has it."""
        self._say(name, words, kind="warn", with_file=with_file)

    def show_progress(self, name: str, words: str, fraction: float) -> None:
        """It is being worked out; where nothing is known of how far (0.0), it is only said."""
        self._say(name, words, kind="dim", progress=fraction)

    def show_guide(self, name: str, guide: ShownGuide, caption: str) -> None:
        """Shows its picture; from now on it can be heard."""
        self._name(name)
        facts = [duration(guide.length)] if guide.length else []
        facts += [f"{guide.bpm:.0f} bpm"] if guide.bpm else []
        self.facts.setText(" · ".join(facts))
        self.facts.setVisible(bool(facts))
        self.hear.setEnabled(True)
        self.picture.show_strokes(guide.strokes, guide.seconds)
        self.form.show_guide(guide.parts, guide.seconds, guide.bpm)
        self._turn_to(_SHOWN)
        self.caption.show_text(caption)
        set_kind(self.caption, "faint")
        self._shown_length.setText("" if self._with == "grid" else duration(guide.seconds))

    def show_outdated(self) -> None:
        """Leaves the picture of a guide there, faintly, while the one that is chosen now is worked out."""
        self.hear.setEnabled(False)
        self.picture.show_outdated()

    def show_heard(self, heard: bool) -> None:
        """Whether it is heard right now."""
        self.hear.setText("Stop" if heard else "Hear the guide")
        self.hear.setIcon(theme.icon("stop" if heard else "play"))

    def show_drop(self, over: bool) -> None:
        """Shows whether something that can be dropped hangs over it."""
        set_kind(self._frame, "picture-over" if over else "picture")
