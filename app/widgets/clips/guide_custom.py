"""How else than closely a guide is followed: what of it, how fine its notes, and in which order bars may come."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.document.guide_choice import Fineness, GuideChoice, GuideParts, GuideSource
from app.widgets.basics import button, label, row

_PARTS: dict[GuideParts, str] = {"both": "both", "strokes": "strokes only", "notes": "notes only"}
_FINENESS: dict[Fineness, str] = {"fine": "fine notes", "medium": "medium", "coarse": "coarse notes"}


class GuideCustom(QWidget):
    """The fields; they count while `toggle` is on, which shows them.

    Args:
        before: what was chosen last time.
        name_width: pixels of the name before the fields.

    Signals:
        changed(): something else was chosen, or the fields count now, or no longer.
    """

    changed = Signal()

    def __init__(self, before: GuideChoice, name_width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.toggle = button("Custom…", "chip", tip="Follow its strokes or its notes alone, and how fine these are")
        self.parts, self.fineness = QComboBox(), QComboBox()
        self.parts.setAccessibleName("What of the guide is followed")
        self.parts.setToolTip("Without notes the model finds its own; without strokes its own rhythm")
        for part, words in _PARTS.items():
            self.parts.addItem(words, part)
        self.fineness.setAccessibleName("How fine the notes are")
        self.fineness.setToolTip(
            "Fine: every partial where it lies. Medium: below 500 Hz alone. Coarse: semitones, which share the least"
            " with a recording"
        )
        for fineness, words in _FINENESS.items():
            self.fineness.addItem(words, fineness)
        self.in_a_row = button("bars in a row", "chip", tip="Bars may follow each other as they do on the album")
        for chip in (self.toggle, self.in_a_row):
            chip.setCheckable(True)
            chip.setAutoDefault(False)
        name = label("Following", "dim")
        name.setFixedWidth(name_width)
        self.setLayout(row(name, self.parts, self.fineness, self.in_a_row, 1, spacing=8))
        self.parts.setCurrentIndex(self.parts.findData(before.heed))
        self.fineness.setCurrentIndex(self.fineness.findData(before.fineness))
        self.in_a_row.setChecked(before.in_a_row)
        self.toggle.setChecked(replace(before, source="album").manner != "")
        self.setVisible(self.toggle.isChecked())
        self.toggle.toggled.connect(self.setVisible)
        for signal in (self.toggle.toggled, self.in_a_row.toggled, self.parts.activated, self.fineness.activated):
            signal.connect(self._on_changed)

    def show_use(self, source: GuideSource) -> None:
        """Which of the fields mean something for a guide from there."""
        self.toggle.setEnabled(source != "none")
        self.setEnabled(source != "none")
        self.fineness.setEnabled(self.parts.currentData() != "strokes")
        self.in_a_row.setEnabled(source == "album")

    def applied_to(self, choice: GuideChoice) -> GuideChoice:
        """The choice, followed as the fields say."""
        if not self.toggle.isChecked():
            return choice
        return replace(
            choice,
            heed=self.parts.currentData(),
            fineness=self.fineness.currentData(),
            in_a_row=self.in_a_row.isChecked(),
        )

    def _on_changed(self) -> None:
        self.fineness.setEnabled(self.parts.currentData() != "strokes")
        self.changed.emit()
