"""Windows that are never larger than the screen they are on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QLayout, QScrollArea, QSizePolicy, QWidget

from app.widgets.basics import column

_FRAME = QSize(8, 40)
"""About what a frame and its title take around a window."""
_LEAST_HEIGHT = 96
_BAR, _BESIDE_BAR = 12, 8


def room_for(window: QWidget) -> QSize:
    """The largest that a window may be on its screen, bars of the desktop and its own frame taken off."""
    return window.screen().availableSize() - _FRAME


class ContentHeightArea(QScrollArea):
    """Wants to be as tall as what is in it, and scrolls where it cannot be."""

    def __init__(self, layout: QLayout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inner = inner = QWidget()
        inner.setLayout(layout)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setWidget(inner)
        inner.installEventFilter(self)
        self.verticalScrollBar().rangeChanged.connect(
            lambda least, most: layout.setContentsMargins(0, 0, _BESIDE_BAR if most > least else 0, 0)
        )

    def sizeHint(self) -> QSize:
        inner = self._inner
        hint, width = inner.sizeHint(), max(self.width(), self.minimumSizeHint().width())
        return QSize(hint.width(), max(inner.heightForWidth(width), inner.minimumSizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        inner = self._inner.minimumSizeHint()
        return QSize(inner.width() + _BAR, min(inner.height(), _LEAST_HEIGHT))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class MinimumSizeArea(QScrollArea):
    """Fills the room there is; where that is less than the least that is needed, what is in it scrolls."""

    def __init__(self, layout: QLayout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(_MinimumSizePage(layout))


class _MinimumSizePage(QWidget):
    """What is laid out, at its least: a layout of its own would ask for its usual height (QScrollArea)."""

    def __init__(self, layout: QLayout) -> None:
        super().__init__()
        self._page = QWidget(self)
        self._page.setLayout(layout)
        self._page.installEventFilter(self)

    def minimumSizeHint(self) -> QSize:
        return self._page.minimumSizeHint()

    def sizeHint(self) -> QSize:
        return self._page.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._page.setGeometry(self.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class Dialog(QDialog):
    """A question in a window of its own. Where the screen is small, what stands above its foot scrolls."""

    def fill(
        self,
        body: QLayout,
        foot: QLayout | None = None,
        *,
        spacing: int = 12,
        margins: tuple[int, int, int, int] = (22, 20, 22, 20),
    ) -> None:
        """Puts in what is asked, and under it the buttons, which always stay in sight."""
        self.setLayout(column(ContentHeightArea(body), *([foot] if foot else []), spacing=spacing, margins=margins))

    def showEvent(self, event: QShowEvent) -> None:
        self._fit()
        super().showEvent(event)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._fit()
        return done

    def _fit(self) -> None:
        wanted = self.size().expandedTo(self.sizeHint()).boundedTo(room_for(self))
        if wanted != self.size():
            self.resize(wanted)
