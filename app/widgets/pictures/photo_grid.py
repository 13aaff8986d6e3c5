"""Photographs, small, in rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QScrollArea, QWidget

from app.document.words import isolated
from app.widgets import theme
from app.widgets.basics import passing_menu
from app.widgets.pictures.picture import read_scaled

_SIDE = 56
_COLUMNS = 4
_GAP = 8
_TALLEST_ROWS = 3


class Photo(QAbstractButton):
    """One photograph; Delete, or the cross that shows under the mouse, takes it off.

    Signals:
        remove_asked(str): its path.
    """

    remove_asked = Signal(str)

    def __init__(self, path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._picture = QPixmap()
        self.setFixedSize(_SIDE, _SIDE)
        self.setToolTip(f"{isolated(Path(path).name)}: click to take it off the list (the file stays)")
        self.setAccessibleName(f"Photograph {Path(path).name}: press to take it off")
        self.clicked.connect(lambda: self.remove_asked.emit(self.path))

    def load(self) -> None:
        """Reads the file; what cannot be read stays a grey square."""
        side = round(_SIDE * 1.6 * self.devicePixelRatioF())
        self._picture = QPixmap.fromImage(read_scaled(Path(self.path), side))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_asked.emit(self.path)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = passing_menu(self)
        menu.addAction("Take it off the list").triggered.connect(lambda: self.remove_asked.emit(self.path))
        menu.exec(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        rect = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(rect, 5, 5)
        painter.setClipPath(path)
        painter.fillRect(rect, QColor(theme.RAISED))
        if not self._picture.isNull():
            side = min(self._picture.width(), self._picture.height())
            left, top = (self._picture.width() - side) / 2, (self._picture.height() - side) / 2
            painter.drawPixmap(rect, self._picture, QRectF(left, top, side, side))
        if self.underMouse() or self.hasFocus():
            painter.fillRect(rect, theme.with_alpha(theme.GROUND, 0.6))
            painter.setPen(QPen(QColor(theme.TEXT), 2))
            painter.drawLine(22, 22, 34, 34)
            painter.drawLine(34, 22, 22, 34)


class PhotoGrid(QScrollArea):
    """All photographs of the catalogue; they are read one at a time, so that the window stays quick.

    Signals:
        remove_asked(str): the path of the one that should go.
    """

    remove_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._photos: dict[str, Photo] = {}
        self._unread: list[Photo] = []
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._inner)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._read_one)
        self.show_photographs(())

    def photo(self, path: str) -> Photo:
        """The cell of a photograph, by its path."""
        return self._photos[path]

    def show_photographs(self, paths: Sequence[str]) -> None:
        """Shows the photographs at these paths, in this order."""
        if list(self._photos) == list(paths) and paths:
            return
        for path in [path for path in self._photos if path not in paths]:
            gone = self._photos.pop(path)
            self._unread = [photo for photo in self._unread if photo is not gone]
            self._grid.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, path in enumerate(paths):
            if path not in self._photos:
                made = Photo(path)
                made.remove_asked.connect(self.remove_asked)
                self._photos[path] = made
                self._unread.append(made)
            self._grid.addWidget(self._photos[path], place // _COLUMNS, place % _COLUMNS)
        self._photos = {path: self._photos[path] for path in paths}
        rows = min(-(-len(paths) // _COLUMNS), _TALLEST_ROWS)
        self.setFixedHeight(max(rows * (_SIDE + _GAP) - _GAP, 0))
        self.setVisible(bool(paths))
        if self._unread:
            self._timer.start(0)

    def _read_one(self) -> None:
        if self._unread:
            self._unread.pop(0).load()
        else:
            self._timer.stop()
