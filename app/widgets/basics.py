"""The small parts that every screen is made of. Their look is in `resources/style.qss`, by the `kind` property."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QMargins, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.document.words import counted as counted
from app.document.words import duration_in_words, isolate_names, plural
from app.widgets import theme

Box = TypeVar("Box", QVBoxLayout, QHBoxLayout)


def label(text: str = "", kind: str = "", *, wrap: bool = False, tabular: bool = False) -> QLabel:
    """A label. Kinds: title, heading, dim, faint, big, badge, badge-good, badge-warn, badge-bad."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    set_kind(made, kind)
    made.setWordWrap(wrap)
    if kind.startswith("badge"):
        made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    if tabular:
        set_tabular(made)
    return made


def set_tabular(shown: QLabel) -> None:
    """Makes all digits equally wide, so that numbers that change stay where they are."""
    font = shown.font()
    font.setFeature(QFont.Tag("tnum"), 1)
    shown.setFont(font)


def button(text: str, kind: str = "", *, icon: str = "", tip: str = "") -> QPushButton:
    """A button. Kinds: primary (the one thing to do here), chip (a small round choice), quiet, danger."""
    made = QPushButton(text)
    set_kind(made, kind)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon:
        made.setIcon(theme.icon(icon, theme.GROUND if kind == "primary" else theme.TEXT))
    if tip:
        made.setToolTip(tip)
    return made


def keep_off_edges(field: QAbstractSpinBox) -> None:
    """Keeps the text of a number field off its edges: the padding of the style sheet does not reach it."""
    field.lineEdit().setTextMargins(7, 0, 7, 0)


def set_kind(widget: QWidget, kind: str) -> None:
    """Changes the look of a widget that may be on screen already."""
    if widget.property("kind") == kind:
        return
    widget.setProperty("kind", kind)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def line() -> QFrame:
    """A thin rule between two groups."""
    made = QFrame()
    made.setProperty("kind", "line")
    made.setFixedHeight(1)
    return made


def column(
    *items: QWidget | QLayout | int, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """A column of widgets and layouts; a number is a stretch of that weight."""
    made = QVBoxLayout()
    return _filled(made, items, spacing, margins)


def row(
    *items: QWidget | QLayout | int, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """A row of widgets and layouts; a number is a stretch of that weight."""
    made = QHBoxLayout()
    return _filled(made, items, spacing, margins)


def _filled(
    box: Box, items: tuple[QWidget | QLayout | int, ...], spacing: int, margins: tuple[int, int, int, int]
) -> Box:
    box.setSpacing(spacing)
    box.setContentsMargins(*margins)
    for item in items:
        if isinstance(item, QWidget):
            box.addWidget(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        else:
            box.addStretch(item)
    return box


def scrolling(layout: QLayout, *, beside_bar: int = 0) -> QScrollArea:
    """What is laid out, to be scrolled up and down where there is no room for all of it.

    Args: beside_bar: pixels kept free beside the bar, while there is one.
    """
    inner = QWidget()
    inner.setLayout(layout)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inner)
    if beside_bar:
        around = layout.contentsMargins()
        scroll.verticalScrollBar().rangeChanged.connect(
            lambda least, most: layout.setContentsMargins(around + QMargins(0, 0, beside_bar if most > least else 0, 0))
        )
    return scroll


def empty_page(title: str, words: QLabel, *buttons: QPushButton) -> QWidget:
    """What a screen shows while it has nothing to show: why, and what to do next."""
    page = QWidget()
    page.setLayout(
        row(
            1,
            column(2, column(label(title, "title"), words, row(*buttons, 1), spacing=10), 3),
            1,
            margins=(16, 0, 16, 0),
        )
    )
    return page


class Card(QFrame):
    """A rounded panel."""

    def __init__(self, layout: QLayout | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        if layout is not None:
            self.setLayout(layout)


class SidePanel(QFrame):
    """The column at the right of a screen; the last thing to do goes to its foot."""

    def __init__(self, width: int = 320, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "side")
        self.setFixedWidth(width)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 16, 16, 16)
        self.body.setSpacing(8)


class Facts(QWidget):
    """Names at the left, values at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._values: dict[str, QLabel] = {}

    def put(self, name: str, value: str, kind: str = "") -> None:
        """Sets the value of a name, adding the line where it is new."""
        if name not in self._values:
            place = len(self._values)
            shown = label("", tabular=True)
            shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(label(name, "dim"), place, 0)
            self._grid.addWidget(shown, place, 1, Qt.AlignmentFlag.AlignRight)
            self._values[name] = shown
        self._values[name].setText(value)
        set_kind(self._values[name], kind)

    def value(self, name: str) -> str:
        """The text that is shown for a name."""
        return self._values[name].text()


class Elided(QLabel):
    """A label of one line that ends in "…" where there is no room."""

    def __init__(self, text: str = "", kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_kind(self, kind)
        self._whole = ""
        self.show_text(text)

    @property
    def whole(self) -> str:
        """The text, as far as it is shown or not."""
        return self._whole

    def show_text(self, text: str) -> None:
        """Shows a text, ended by "…" where there is not enough room; the tip has the whole."""
        self._whole = text = isolate_names(text)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = max(self.width(), 24)
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))


def caption(name: str) -> str:
    """A name as the text of a button or of a line in a menu, where "&" and tabs would mean something else."""
    return " ".join(name.replace("&", "&&").split("\t"))


def count_in(box: QSpinBox, one: str) -> None:
    """Writes the unit of a number behind it: "1 epoch", "2 epochs"."""

    def show(value: int) -> None:
        box.setSuffix(f" {plural(value, one).split(' ', 1)[1]}")

    box.valueChanged.connect(show)
    show(box.value())


def passing_menu(parent: QWidget) -> QMenu:
    """A menu that is gone for good once it is closed."""
    made = QMenu(parent)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return made


def decibels(level: float) -> str:
    """A level with a true minus sign: "−1.5 dB"."""
    return f"{level:+.1f} dB".replace("-", "−").replace("+0.0", "0.0").replace("−0.0", "0.0")


def duration(seconds: float) -> str:
    """m:ss, or h:mm:ss from an hour on."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def long_duration(seconds: float) -> str:
    """In words: 48 s, 2 m 36 s, 10 h 06 m."""
    return duration_in_words(seconds, minute="m")


def time_left(seconds: float) -> str:
    """How long something will still take, as one would say it; "" where it is not known."""
    if seconds < 0:
        return ""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 90:
        return f"{round(seconds / 5) * 5} s left"
    if seconds < 5400:
        return f"{round(seconds / 60)} min left"
    return f"{seconds / 3600:.1f} h left"
