"""The map with what stands around it: how much it shows, what is chosen, what can be done with it and with a path."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QStackedLayout, QWidget

from app.document.words import counted, plural
from app.widgets.basics import Elided, button, column, label, row, set_kind
from app.widgets.map.view import MapView

HINT = (
    "Under the pointer plays at once · click: choose · 1\u20135: stars · X: no · drag: onto a lane · draw: a path ·"
    " wheel: closer"
)
_SAID, _SHOWN = range(2)


class MapPanel(QFrame):
    """Shows the map, or in a sentence why there is none yet.

    Signals:
        close_asked(): the lanes are wanted alone.
        play_path_asked(), song_asked(): the path is to be heard, or made a song of.
        alike_asked(), place_asked(): find sections like the chosen one; put it on a lane.
    """

    close_asked = Signal()
    play_path_asked = Signal()
    song_asked = Signal()
    alike_asked = Signal()
    place_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "map-panel")
        self.view = MapView()
        self._sum = Elided("", "faint")
        self.play_path = button("Play along the path", tip="Draw a path on the map first; Shift draws over points")
        self.song = button("Path to a song", tip="A new song of the sections along the path, crossfaded")
        self.shut = button("", icon="close", tip="Close the map (V)")
        self.shut.setAccessibleName("Close the map")
        self.what = Elided(HINT, "faint")
        self.alike = button("Find sections like this", tip="The nearest in sound, on the map and in the list (I)")
        self.place = button("Put on a lane", tip="At the playhead, on a lane that has room (Return on a clip)")
        for each, asked in (
            (self.play_path, self.play_path_asked),
            (self.song, self.song_asked),
            (self.shut, self.close_asked),
            (self.alike, self.alike_asked),
            (self.place, self.place_asked),
        ):
            each.clicked.connect(asked)
        self.words = label("", "dim", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("How far the map is")
        self.progress.setMaximumWidth(320)
        self._lay_out()
        self.view.path_changed.connect(self.show_use)
        self.view.chosen.connect(self.show_use)
        self.show_waiting("", None)
        self.show_use()

    def _lay_out(self) -> None:
        said = QWidget()
        bar = row(1, self.progress, 1)
        bar.setStretch(1, 2)
        said.setLayout(column(1, self.words, bar, 1, margins=(24, 8, 24, 8), spacing=10))
        frame = QFrame()
        set_kind(frame, "picture")
        self._pages = QStackedLayout(frame)
        self._pages.setContentsMargins(1, 1, 1, 1)
        self._pages.addWidget(said)
        self._pages.addWidget(self.view)
        head = row(label("Map", "heading"), self._sum, self.play_path, self.song, self.shut, spacing=8)
        head.setStretch(1, 1)
        foot = row(self.what, self.alike, self.place, spacing=8)
        foot.setStretch(0, 1)
        whole = column(head, frame, foot, spacing=8, margins=(14, 10, 14, 10))
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.setTabOrder(self.view, self.alike)
        self.setTabOrder(self.alike, self.place)
        self.setTabOrder(self.place, self.play_path)
        self.setTabOrder(self.play_path, self.song)

    def show_map(self, sections: int, seconds: float) -> None:
        """There is a map of so many sections of clips, each so long."""
        self._sum.show_text(f"{plural(sections, 'section')} of {seconds:g} s" if sections else counted(0))
        self._pages.setCurrentIndex(_SHOWN)

    def show_waiting(self, words: str, fraction: float | None) -> None:
        """Why there is no map yet, and how far it is, 0..1; None where nothing is under way."""
        self.words.setText(words)
        self.progress.setVisible(fraction is not None)
        self.progress.setValue(round(1000 * (fraction or 0.0)))
        self._sum.show_text("")
        self._pages.setCurrentIndex(_SAID)

    def show_what(self, words: str) -> None:
        """What is said of the chosen section, or of the one under the pointer; "" for what can be done here."""
        self.what.show_text(words or HINT)
        set_kind(self.what, "" if words else "faint")

    def show_use(self) -> None:
        """Shows what can be done now."""
        path = self.view.path
        self.play_path.setEnabled(len(path) > 1)
        self.song.setEnabled(len(path) > 1)
        current = self.view.current
        self.alike.setEnabled(current is not None)
        self.place.setEnabled(current is not None and not current.is_album)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 220)
