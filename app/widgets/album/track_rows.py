"""The tracks of the album: a row each, with a waveform to click and a box to switch it off."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QMenu, QWidget

from app.document.model import Track
from app.document.words import plural
from app.widgets.basics import Elided, column, duration, label, passing_menu, row, set_kind
from app.widgets.plots.waveform import Values, WaveformView

_ROW_HEIGHT = 45
_NARROW = 640


def format_words(track: Track) -> str:
    """ "FLAC 44.1 kHz stereo"."""
    channels = {1: "mono", 2: "stereo"}.get(track.channels, plural(track.channels, "channel"))
    return f"{track.format} {track.rate / 1000:g} kHz {channels}"


class TrackRow(QFrame):
    """One track.

    Signals (each with the id of the track):
        switched(str, bool): whether the model will hear it.
        play_asked(str, float): from where, 0..1.
        remove_asked(str)
        show_asked(str): show its file.
        peaks_asked(str): its waveform has another width now.
    """

    switched = Signal(str, bool)
    play_asked = Signal(str, float)
    remove_asked = Signal(str)
    show_asked = Signal(str)
    peaks_asked = Signal(str)

    def __init__(self, track: Track, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.id = track.id
        self.setProperty("kind", "track")
        self.setFixedHeight(_ROW_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.on = QCheckBox()
        self.on.setFixedWidth(18)
        self.number = label("", "faint", tabular=True)
        self.number.setFixedWidth(22)
        self.title = Elided()
        self.notes = label("", "badge-warn")
        self.notes.setVisible(False)
        self.wave = WaveformView()
        self.wave.setFixedHeight(26)
        self.format = label("", "faint", tabular=True)
        self.format.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.format.setFixedWidth(160)
        self.length = label("", "dim", tabular=True)
        self.length.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.length.setFixedWidth(46)
        self._name = QWidget()
        named = row(self.title, self.notes, spacing=8)
        named.setStretch(0, 1)
        self._name.setLayout(named)
        self.setLayout(
            row(
                self.on,
                self.number,
                self._name,
                self.wave,
                self.format,
                self.length,
                spacing=10,
                margins=(15, 0, 15, 0),
            )
        )
        self.on.clicked.connect(lambda on: self.switched.emit(self.id, on))
        self.wave.clicked.connect(lambda place: self.play_asked.emit(self.id, place))
        self.wave.resized.connect(lambda _: self.peaks_asked.emit(self.id))
        self.show_track(track)

    def show_track(self, track: Track) -> None:
        """Shows a track."""
        self.on.setChecked(track.on)
        self.on.setAccessibleName(f"Let the model hear {track.title}")
        self.on.setToolTip("The model hears this track" if track.on else "The model does not hear this track")
        self.number.setText(str(track.number or ""))
        self.title.show_text(track.title)
        set_kind(self.title, "" if track.on else "off")
        more = f" +{len(track.notes) - 1}" if len(track.notes) > 1 else ""
        self.notes.setText(f"{track.notes[0]}{more}" if track.notes else "")
        self.notes.setToolTip("\n".join(track.notes))
        self.notes.setVisible(bool(track.notes))
        self.format.setText(format_words(track))
        self.length.setText(duration(track.seconds))
        self.wave.set_dim(not track.on)
        self.wave.setAccessibleName(f"Play {track.title}")
        self.setAccessibleName(f"{track.title}, {duration(track.seconds)}, {format_words(track)}")

    def show_missing(self, why: str) -> None:
        """Says that the file cannot be read any more."""
        self.notes.setText("missing")
        self.notes.setToolTip(why)
        set_kind(self.notes, "badge-bad")
        self.notes.show()

    def show_last(self, is_last: bool) -> None:
        """The last row needs no rule under it."""
        set_kind(self, "track-last" if is_last else "track")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_asked.emit(self.id)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.play_asked.emit(self.id, 0.0)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.play_asked.emit(self.id, 0.0)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.setFocus()
        self.menu().exec(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with the track."""
        menu = passing_menu(self)
        menu.addAction("Play").triggered.connect(lambda: self.play_asked.emit(self.id, 0.0))
        switch = "Do not let the model hear it" if self.on.isChecked() else "Let the model hear it"
        menu.addAction(switch).triggered.connect(lambda: self.switched.emit(self.id, not self.on.isChecked()))
        menu.addAction("Show the file").triggered.connect(lambda: self.show_asked.emit(self.id))
        menu.addSeparator()
        menu.addAction("Remove from the album\tDel").triggered.connect(lambda: self.remove_asked.emit(self.id))
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self.format.setVisible(not narrow)
        self._name.setFixedWidth(max(round(self.width() * (0.36 if narrow else 0.27)), 120))


class TrackRows(QFrame):
    """The rows, one under another; arrow keys go up and down.

    Signals: those of `TrackRow`.
    """

    switched = Signal(str, bool)
    play_asked = Signal(str, float)
    remove_asked = Signal(str)
    show_asked = Signal(str)
    peaks_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._rows: dict[str, TrackRow] = {}
        self._body = column(spacing=0, margins=(1, 1, 1, 1))
        self.setLayout(self._body)

    def row(self, id: str) -> TrackRow:
        """The row of a track, by its id."""
        return self._rows[id]

    @property
    def ids(self) -> list[str]:
        """The ids of the tracks, in the order of the rows."""
        return list(self._rows)

    def show_tracks(self, tracks: Sequence[Track]) -> None:
        """Shows these tracks in this order; rows that are there already stay as they are."""
        wanted = [track.id for track in tracks]
        for id in [id for id in self._rows if id not in wanted]:
            self._drop(id)
        rows: dict[str, TrackRow] = {}
        for place, track in enumerate(tracks):
            made = self._rows.get(track.id)
            if made is None:
                made = self._make(track)
            else:
                made.show_track(track)
            if self._body.indexOf(made) != place:
                self._body.removeWidget(made)
                self._body.insertWidget(place, made)
            made.show_last(place == len(tracks) - 1)
            rows[track.id] = made
        self._rows = rows

    def show_peaks(self, id: str, mins: Values, maxs: Values) -> None:
        """Shows the waveform of a track, where it has a row: the least and greatest level of each column."""
        if id in self._rows:
            self._rows[id].wave.set_peaks(mins, maxs)

    def show_played(self, id: str, fraction: float | None) -> None:
        """Where the playhead is: in this track, and in no other."""
        for each in self._rows.values():
            each.wave.set_playhead(fraction if each.id == id else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        rows = list(self._rows.values())
        place = next((place for place, each in enumerate(rows) if each.hasFocus()), None)
        if step is not None and place is not None and 0 <= place + step < len(rows):
            rows[place + step].setFocus()
        else:
            super().keyPressEvent(event)

    def _make(self, track: Track) -> TrackRow:
        made = TrackRow(track)
        made.switched.connect(self.switched)
        made.play_asked.connect(self.play_asked)
        made.remove_asked.connect(self.remove_asked)
        made.show_asked.connect(self.show_asked)
        made.peaks_asked.connect(self.peaks_asked)
        return made

    def _drop(self, id: str) -> None:
        gone = self._rows.pop(id)
        if gone.hasFocus():
            gone.focusNextChild()
        self._body.removeWidget(gone)
        gone.hide()
        gone.deleteLater()
