"""Pasting the song titles of the whole catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from app.jobs.catalogue import titles_in
from app.widgets.basics import button, column, counted, label, row


class CatalogueDialog(QDialog):
    """A field with one title a line; `titles` are those of it, without numbering and the like."""

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Song titles")
        self.resize(480, 520)
        self.field = QPlainTextEdit("\n".join(titles))
        self.field.setAccessibleName("Song titles, one a line")
        self.field.setPlaceholderText("One title a line, from as many albums as you like")
        self.field.setTabChangesFocus(True)
        self._count = label("", "faint", tabular=True)
        self.take = button("Use these titles", "primary")
        self.take.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        words = "Paste the titles of all songs of the artist. New titles are made from their letters and words."
        self.setLayout(
            column(
                label(words, "dim", wrap=True),
                self.field,
                row(self._count, 1, cancel, self.take),
                spacing=12,
                margins=(18, 16, 18, 16),
            )
        )
        self.field.textChanged.connect(self._show_count)
        self._show_count()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    @property
    def titles(self) -> tuple[str, ...]:
        return titles_in(self.field.toPlainText())

    def _show_count(self) -> None:
        count = len(self.titles)
        self._count.setText(f"{counted(count)} title{'' if count == 1 else 's'}")
