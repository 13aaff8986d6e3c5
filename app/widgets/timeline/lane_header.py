"""The heads of the lanes at the left of the timeline: name, pan, gain, mute, solo."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from app.document.clip_names import lane_name
from app.document.model import LEAST_GAIN_DB, MOST_GAIN_DB, Lane
from app.widgets import theme
from app.widgets.basics import button, decibels, label, passing_menu
from app.widgets.controls.drag_number import DragNumber
from app.widgets.controls.focus import keep_keys
from app.widgets.controls.value_range import ValueRange
from app.widgets.timeline.geometry import Rows

HEADER_WIDTH = 72
_ROOMY = 92
_FOOT = 36
PAN_LIMITS = ("This is all the way to the left.", "This is all the way to the right.")
_GAIN_LIMITS = (
    f"{decibels(LEAST_GAIN_DB)} is as good as silence; M mutes the lane.",
    f"More than {decibels(MOST_GAIN_DB)} would bring up nothing but noise: raise the sections instead.",
)


def pan_text(pan: float) -> str:
    """C in the middle, else the side and how far: "L 70"."""
    share = round(abs(pan) * 100)
    return "C" if not share else f"{'L' if pan < 0 else 'R'} {share}"


_PAN = ValueRange(-1.0, 1.0, 0.0, pan_text, step=0.05, limits=PAN_LIMITS)
_GAIN = ValueRange(LEAST_GAIN_DB, MOST_GAIN_DB, 0.0, decibels, step=0.5, limits=_GAIN_LIMITS)
"""In decibels."""


class LaneHeader(QWidget):
    """The head of one lane.

    Signals:
        mute_asked(str, bool), solo_asked(str, bool): lane, and whether.
        pan_asked(str, float), gain_asked(str, float): lane and value; many come during one drag.
        let_go(): the drag is over.
        remove_asked(str): lane.
    """

    mute_asked = Signal(str, bool)
    solo_asked = Signal(str, bool)
    pan_asked = Signal(str, float)
    gain_asked = Signal(str, float)
    let_go = Signal()
    remove_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lane = ""
        self._shown: tuple[object, ...] = ()
        self._name = label("", "heading")
        self._name.setParent(self)
        self.pan = DragNumber("Pan", _PAN, self)
        self.gain = DragNumber("Gain", _GAIN, self)
        self.mute = _switch("M", "lane-mute", self)
        self.solo = _switch("S", "lane-solo", self)
        self.remove = QToolButton(self)
        self.remove.setText("×")
        self.remove.setProperty("kind", "lane-remove")
        self.mute.clicked.connect(lambda on: self.mute_asked.emit(self.lane, on))
        self.solo.clicked.connect(lambda on: self.solo_asked.emit(self.lane, on))
        self.pan.moved.connect(lambda pan: self.pan_asked.emit(self.lane, pan))
        self.gain.moved.connect(lambda gain: self.gain_asked.emit(self.lane, gain))
        self.pan.let_go.connect(self.let_go)
        self.gain.let_go.connect(self.let_go)
        self.remove.clicked.connect(lambda: self.remove_asked.emit(self.lane))
        keep_keys(self)

    def show_lane(self, place: int, lane: Lane) -> None:
        """Shows a lane, by its number from 0 on."""
        shown = (place, lane.id, lane.gain_db, lane.pan, lane.mute, lane.solo)
        if shown == self._shown:
            return
        self._shown = shown
        self.lane = lane.id
        name = lane_name(place)
        self._name.setText(name)
        self.pan.put(lane.pan)
        self.gain.put(lane.gain_db)
        self.mute.setChecked(lane.mute)
        self.solo.setChecked(lane.solo)
        self.setAccessibleName(f"Lane {name}")
        for part, words in ((self.mute, "Mute"), (self.solo, "Solo"), (self.remove, "Remove")):
            part.setAccessibleName(f"{words} lane {name}")
            part.setToolTip(f"{words} lane {name}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, height = self.width(), self.height()
        roomy = height >= _ROOMY
        self._name.setGeometry(8, 7, width - 36, 18)
        self.remove.setGeometry(width - 24, 6, 18, 18)
        self.pan.setGeometry(4, 27, width - 12, 19)
        self.gain.setGeometry(4, 47, width - 12, 19)
        self.pan.setVisible(roomy)
        self.gain.setVisible(roomy)
        top = 72 if roomy else max(height - 26, 26)
        self.mute.setGeometry(8, top, 24, 20)
        self.solo.setGeometry(36, top, 24, 20)
        self.mute.setVisible(height >= 48)
        self.solo.setVisible(height >= 48)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.LINE))
        painter.setBrush(QColor(theme.PANEL))
        painter.drawRoundedRect(QRectF(-8, 0.5, self.width() + 5.5, self.height() - 1), 7, 7)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = passing_menu(self)
        menu.addAction("Remove lane").triggered.connect(self.remove.click)
        menu.exec(event.globalPos())


def _switch(text: str, kind: str, parent: QWidget) -> QPushButton:
    made = button(text, kind)
    made.setParent(parent)
    made.setCheckable(True)
    return made


class LaneHeaders(QWidget):
    """The heads of all lanes of a song, moved along with them, and the button for another lane.

    Signals: as those of `LaneHeader`, and
        add_asked(): another lane, please.
    """

    mute_asked = Signal(str, bool)
    solo_asked = Signal(str, bool)
    pan_asked = Signal(str, float)
    gain_asked = Signal(str, float)
    let_go = Signal()
    remove_asked = Signal(str)
    add_asked = Signal()

    foot_height = _FOOT

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = Rows()
        self.headers: list[LaneHeader] = []
        self.add = button("+ lane", "lane-add", tip="Another lane")
        self.add.setParent(self)
        self.add.setAccessibleName("Add a lane")
        self.add.clicked.connect(self.add_asked)

    def show_lanes(self, lanes: tuple[Lane, ...]) -> None:
        """Shows a header for each lane."""
        while len(self.headers) > len(lanes):
            gone = self.headers.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.headers) < len(lanes):
            self.headers.append(self._header())
        for place, (header, lane) in enumerate(zip(self.headers, lanes, strict=True)):
            header.show_lane(place, lane)
        self.place(self._rows)

    def place(self, rows: Rows) -> None:
        """Moves the headers beside their lanes."""
        self._rows = rows
        for place, header in enumerate(self.headers):
            header.setGeometry(0, rows.top(place), self.width(), rows.height)
            header.show()
        self.add.setGeometry(6, rows.top(len(self.headers)) + 2, self.width() - 14, 24)

    def _header(self) -> LaneHeader:
        header = LaneHeader(self)
        for theirs, ours in (
            (header.mute_asked, self.mute_asked),
            (header.solo_asked, self.solo_asked),
            (header.pan_asked, self.pan_asked),
            (header.gain_asked, self.gain_asked),
            (header.let_go, self.let_go),
            (header.remove_asked, self.remove_asked),
        ):
            theirs.connect(ours)
        self.add.raise_()
        QWidget.setTabOrder(header.remove, self.add)
        return header

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.GROUND))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(theme.RAISED))
