"""What shops ask of a release besides its sound and its names, asked in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QLineEdit, QWidget

from app.document.edits.release import set_facts, set_isrc
from app.document.errors import UserError
from app.document.model import Project
from app.document.release_facts import ReleaseFacts
from app.widgets.basics import button, column, label, line, row
from app.widgets.dialogs.fitting import Dialog

_FIELDS = {
    "genre": ("Genre", "Metal"),
    "date": ("Date", "2026, or 2026-11-30"),
    "composer": ("Composer", ""),
    "label": ("Label", ""),
    "upc": ("UPC", "12 or 13 digits"),
}
"""By the names of `ReleaseFacts`: what stands before the field, and what it may look like."""
_LEAST_WIDTH = 460


class DetailsDialog(Dialog):
    """Asks; `value` is the document as it was answered. All may be left empty."""

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Details for shops")
        self.value = project
        facts = project.release.facts
        self.fields = {name: _field(title, hint, getattr(facts, name)) for name, (title, hint) in _FIELDS.items()}
        self._songs = [song for song in project.songs if song.frames]
        self.isrcs = [_field(f"ISRC of {song.title}", "QM-ABC-26-00001", song.isrc) for song in self._songs]
        self.rights = QCheckBox("I may use the recordings that the model learnt from")
        self.rights.setChecked(facts.rights)
        self.trouble = label("", "dim", wrap=True)
        self.trouble.hide()
        self.keep = button("Keep", "primary")
        self.keep.setDefault(True)
        self.keep.clicked.connect(self._keep)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        words = label("They go into the tags of every file. What you leave empty is left out.", "dim", wrap=True)
        words.setMinimumWidth(_LEAST_WIDTH)
        whose = label("They are yours, or whoever holds the rights has granted it.", "faint", wrap=True)
        self.fill(
            column(
                label("Details for shops", "title"), words, self._facts(), line(), label("ISRC", "heading"),
                self._codes(), line(), self.rights, whose, self.trouble, spacing=12,
            ),
            row(1, cancel, self.keep, margins=(0, 10, 0, 0)),
        )  # fmt: skip

    def _facts(self) -> QWidget:
        return _rows([(_FIELDS[name][0], field) for name, field in self.fields.items()])

    def _codes(self) -> QWidget:
        titles = [f"{place}  {song.title or 'no title yet'}" for place, song in enumerate(self._songs, start=1)]
        return _rows(list(zip(titles, self.isrcs, strict=True)))

    @Slot()
    def _keep(self) -> None:
        texts = {name: field.text() for name, field in self.fields.items()}
        try:
            value = set_facts(self.value, ReleaseFacts(**texts, rights=self.rights.isChecked()))
            for song, field in zip(self._songs, self.isrcs, strict=True):
                value = set_isrc(value, song.id, field.text())
        except UserError as error:
            self.trouble.setText(str(error))
            self.trouble.show()
            return
        self.value = value
        self.accept()


def ask_details(project: Project, parent: QWidget | None) -> Project | None:
    """The document with the details as they were answered; None where the person cancels."""
    dialog = DetailsDialog(project, parent)
    agreed = dialog.exec() == QDialog.DialogCode.Accepted
    value = dialog.value if agreed else None
    dialog.deleteLater()
    return value


def _field(name: str, hint: str, text: str) -> QLineEdit:
    field = QLineEdit(text)
    field.setPlaceholderText(hint)
    field.setAccessibleName(name)
    return field


def _rows(named: list[tuple[str, QLineEdit]]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(8)
    grid.setHorizontalSpacing(16)
    for place, (name, field) in enumerate(named):
        shown = label(name, "dim")
        shown.setBuddy(field)
        grid.addWidget(shown, place, 0)
        grid.addWidget(field, place, 1)
    grid.setColumnStretch(1, 1)
    return made
