"""The releases that were exported before: what, when, how, and the way to their folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.document.exported import Exported
from app.document.model import FORMAT_TITLES
from app.document.words import isolated
from app.widgets.basics import Elided, button, column, label, line, row

_MOST_SHOWN = 12


class ExportedList(QWidget):
    """Hidden as long as there are none.

    Signals:
        folder_asked(Exported): the folder of one is to be shown.
    """

    folder_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Exported, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.buttons: list[QPushButton] = []
        self.setLayout(column(line(), label("Exported before", "heading"), self._rows, spacing=10))
        self.hide()

    def show_releases(self, exported: Sequence[Exported], project: Path) -> None:
        """Shows the newest of them.

        Args:
            project: the project’s folder.
        """
        newest = tuple(exported[:_MOST_SHOWN])
        if newest == self._shown:
            return
        self._shown = newest
        self.buttons.clear()
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for one in newest:
            self._rows.addWidget(self._row(one, one.path(project)))
        self.setVisible(bool(newest))

    def _row(self, exported: Exported, path: Path) -> QWidget:
        name = Elided(path.name)
        formats = ", ".join(FORMAT_TITLES.get(form, form.upper()) for form in exported.formats)
        place = "the project’s own releases" if not Path(exported.folder).is_absolute() else str(path.parent)
        about = Elided(" · ".join(filter(None, (exported.date, formats, isolated(place)))), "faint")
        about.setToolTip(isolated(str(path)))
        folder = button("", icon="folder", tip="Show its folder")
        folder.setAccessibleName(f"Show the folder of {path.name}")
        folder.clicked.connect(lambda: self.folder_asked.emit(exported))
        self.buttons.append(folder)
        whole = QWidget()
        layout = row(column(name, about, spacing=1), folder, spacing=8)
        layout.setStretch(0, 1)
        whole.setLayout(layout)
        return whole
