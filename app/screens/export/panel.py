"""The right side of Export: formats, loudness, gaps, the checks, where to, and the one button."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDoubleSpinBox,
    QFrame,
    QProgressBar,
    QPushButton,
    QWidget,
)

from app.document.model import FORMAT_TITLES, Release
from app.document.words import isolate_names
from app.jobs.export import Check
from app.screens.export.check_list import CheckList
from app.widgets.basics import Elided, button, column, keep_off_edges, label, line, row, scrolling, time_left
from app.widgets.exported_list import ExportedList

_FORMAT_TIPS = {
    "flac": "Lossless, small: for keeping and for shops",
    "flac24": "Lossless, as fine as it was made: for archives, and for shops that ask for 24 bits",
    "wav": "Lossless, large: what every shop takes",
    "wav24": "Lossless, larger: for mastering programs",
    "mp3": "Plays everywhere: 320 kb/s throughout",
    "mp3v0": "Plays everywhere: as good, and smaller",
    "ogg": "Free, good at small sizes",
    "opus": "Free, best at small sizes",
}
_TARGETS: dict[str, float | None] = {"as made": None, "−14 LUFS": -14.0, "−9 LUFS": -9.0}
_FORMATS_IN_A_ROW = 4
_HONEST = (
    "An album folder with tags, cover, playlist, and a page that says how every second was made. It says openly that a "
    "neural network made the sound: some shops do not take such music, so read their rules first."
)


class ExportPanel(QFrame):
    """Signals:
    formats_wanted(tuple), loudness_wanted(object), gap_wanted(float), each_song_wanted(bool), limiter_wanted(bool): the
        artist changed them.
    way_asked(Check): the person wants to be where something can be put right.
    details_asked(), credits_asked(): buttons.
    folder_asked(Exported): the folder of an earlier release is to be shown.
    place_asked(), export_asked(), cancel_asked(), open_asked(), play_asked(): buttons.
    """

    formats_wanted = Signal(tuple)
    loudness_wanted = Signal(object)
    gap_wanted = Signal(float)
    each_song_wanted = Signal(bool)
    limiter_wanted = Signal(bool)
    way_asked = Signal(object)
    details_asked = Signal()
    credits_asked = Signal()
    folder_asked = Signal(object)
    place_asked = Signal()
    export_asked = Signal()
    cancel_asked = Signal()
    open_asked = Signal()
    play_asked = Signal()

    def __init__(self, studio: QWidget, parent: QWidget | None = None) -> None:
        """Args: studio: what hands songs over to a studio."""
        super().__init__(parent)
        self.studio = studio
        self.setProperty("kind", "side")
        self.setFixedWidth(368)
        self._is_blocked = False
        self._showing = False
        self.formats = {name: self._format_chip(name) for name in FORMAT_TITLES}
        self.targets: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        for text in (*_TARGETS, "custom"):
            chip = button(text, "chip")
            chip.setCheckable(True)
            chip.clicked.connect(self._on_target)
            self._group.addButton(chip)
            self.targets[text] = chip
        self.loudness = _number(-40.0, -5.0, " LUFS", "Loudness of the album in LUFS")
        self.loudness.valueChanged.connect(self._on_loudness)
        self.gap = _number(0.0, 30.0, " s", "Seconds of silence between songs")
        self.gap.valueChanged.connect(self._on_gap)
        self.one_gain = _choice("one gain", "Quiet songs stay quiet: the album is one piece")
        self.each_song = _choice("each song", "Every song is brought to that loudness by a gain of its own")
        self.limiter = _choice("limiter", "Holds back the highest peaks where the loudness asks for it")
        self._gains = QButtonGroup(self)
        for chip in (self.one_gain, self.each_song):
            self._gains.addButton(chip)
            chip.clicked.connect(lambda: self.each_song_wanted.emit(self.each_song.isChecked()))
        self.limiter.clicked.connect(lambda: self.limiter_wanted.emit(self.limiter.isChecked()))
        self._peaks = label("", "faint", wrap=True)
        self.checks = CheckList()
        self.checks.way_asked.connect(self.way_asked)
        self.details = button("Details for shops…", tip="Genre, date, ISRC, UPC, and your rights in the recordings")
        self.details.clicked.connect(self.details_asked)
        self.credits = button("Copy who did what", tip="People or the machine, in the words that shops ask in")
        self.credits.clicked.connect(self.credits_asked)
        self.before = ExportedList()
        self.before.folder_asked.connect(self.folder_asked)
        self.place = Elided("", "dim")
        self.place_button = button("Change…", tip="Choose the folder that the album is put in")
        self.place_button.clicked.connect(self.place_asked)
        self._doing = Elided("", "dim")
        self._left = label("", "faint", tabular=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName("Export")
        self.cancel = button("Cancel", tip="Nothing half-finished is left behind")
        self.cancel.clicked.connect(self.cancel_asked)
        self.export = button("Export album", "primary", tip="Ctrl+Return")
        self.export.setMinimumHeight(42)
        self.export.clicked.connect(self.export_asked)
        self._result = label("", "", wrap=True)
        self.open = button("Open folder", icon="folder")
        self.open.clicked.connect(self.open_asked)
        self.play = button("Play release", icon="play")
        self.play.clicked.connect(self.play_asked)
        self._progress, self._done = QWidget(), QWidget()
        self._fill()
        self.show_idle()

    def _format_chip(self, name: str) -> QPushButton:
        chip = button(FORMAT_TITLES[name], "chip", tip=_FORMAT_TIPS[name])
        chip.setCheckable(True)
        chip.clicked.connect(self._on_format)
        return chip

    def _fill(self) -> None:
        targets, chips = list(self.targets.values()), list(self.formats.values())
        formats = [chips[at : at + _FORMATS_IN_A_ROW] for at in range(0, len(chips), _FORMATS_IN_A_ROW)]
        scroll = scrolling(
            column(
                label("Format", "heading"),
                column(*(row(*some, 1, spacing=6) for some in formats), spacing=6),
                label("Loudness", "heading"),
                row(*targets, 1, spacing=5),
                row(self.loudness, 1),
                row(self.one_gain, self.each_song, self.limiter, 1, spacing=5),
                self._peaks,
                row(label("Gap between songs", "dim"), 1, self.gap),
                row(self.details, self.credits, 1, spacing=6),
                line(),
                label("Before you press", "heading"),
                self.checks,
                line(),
                self.studio,
                self.before,
                1,
                spacing=10,
                margins=(16, 18, 16, 8),
            )
        )
        doing = row(self._doing, self._left)
        doing.setStretch(0, 1)
        self._progress.setLayout(column(doing, self._bar, row(1, self.cancel), spacing=8))
        self._done.setLayout(column(self._result, row(self.open, self.play, 1), spacing=8))
        place = row(label("To", "faint"), self.place, self.place_button)
        place.setStretch(1, 1)
        foot = column(
            line(),
            self._done,
            self._progress,
            place,
            label(_HONEST, "faint", wrap=True),
            self.export,
            spacing=10,
            margins=(16, 0, 16, 16),
        )
        self.setLayout(column(scroll, foot, spacing=0))

    # showing

    def show_release(self, release: Release) -> None:
        """Formats, loudness and gap as the document has them."""
        self._showing = True
        for name, chip in self.formats.items():
            chip.setChecked(name in release.formats)
        known = next((text for text, target in _TARGETS.items() if target == release.loudness), "custom")
        if self.targets["custom"].isChecked() and release.loudness == self.loudness.value():
            # the artist's own number may happen to be one of the usual ones
            known = "custom"
        self.targets[known].setChecked(True)
        self.loudness.setVisible(known == "custom")
        if release.loudness is not None:
            self.loudness.setValue(release.loudness)
        self.gap.setValue(release.gap_seconds)
        (self.each_song if release.each_song else self.one_gain).setChecked(True)
        self.limiter.setChecked(release.limiter)
        for chip in (self.one_gain, self.each_song, self.limiter):
            chip.setVisible(release.loudness is not None)
        self._peaks.setText(_peak_words(release))
        self._showing = False

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Shows what was found; something bad locks the export."""
        self.checks.show_checks(checks)
        self._is_blocked = any(check.level == "bad" for check in checks)
        self.export.setEnabled(not self._is_blocked and not self.is_busy)

    @property
    def is_busy(self) -> bool:
        """Whether an export is shown as going on."""
        return not self._progress.isHidden()

    def show_place(self, place: Path, words: str) -> None:
        """Shows where the release goes."""
        self.place.show_text(words)
        self.place.setToolTip(str(place))

    def show_idle(self) -> None:
        """Nothing is being exported."""
        self._progress.hide()
        self._done.hide()
        self._lock(False)

    def show_progress(self, fraction: float, doing: str, seconds_left: float) -> None:
        """Shows how far the export is, and locks the settings."""
        self._progress.show()
        self._done.hide()
        self._bar.setValue(round(fraction * 1000))
        self._doing.show_text(doing)
        self._left.setText(time_left(seconds_left))
        self._lock(True)

    def show_done(self, words: str) -> None:
        """Shows what came of the export."""
        self.show_idle()
        self._result.setText(isolate_names(words))
        self._done.show()

    def _lock(self, busy: bool) -> None:
        self.export.setEnabled(not busy and not self._is_blocked)
        self.export.setText("Exporting…" if busy else "Export album")
        chips = (*self.formats.values(), *self.targets.values(), self.one_gain, self.each_song, self.limiter)
        for widget in (*chips, self.loudness, self.gap, self.place_button, self.details):
            widget.setEnabled(not busy)

    # what the artist changes

    @Slot()
    def _on_format(self) -> None:
        wanted = tuple(name for name, chip in self.formats.items() if chip.isChecked())
        if not wanted:
            # there is no album without a file
            chip = self.sender()
            if isinstance(chip, QPushButton):
                chip.setChecked(True)
            return
        self.formats_wanted.emit(wanted)

    @Slot()
    def _on_target(self) -> None:
        chosen = next(text for text, chip in self.targets.items() if chip.isChecked())
        self.loudness.setVisible(chosen == "custom")
        self.loudness_wanted.emit(_TARGETS.get(chosen, self.loudness.value()))

    @Slot(float)
    def _on_loudness(self, value: float) -> None:
        if not self._showing:
            self.loudness_wanted.emit(value)

    @Slot(float)
    def _on_gap(self, value: float) -> None:
        if not self._showing:
            self.gap_wanted.emit(value)


def _choice(text: str, tip: str) -> QPushButton:
    chip = button(text, "chip", tip=tip)
    chip.setCheckable(True)
    return chip


def _peak_words(release: Release) -> str:
    if release.loudness is None:
        return "no gain and no limiter: what reaches over full scale is cut off, and told"
    whose = "each song" if release.each_song else "the album"
    if release.limiter:
        return f"true peak kept under −1 dBTP, one gain for {whose}"
    return f"one gain for {whose}, as far as its peaks leave room under −1 dBTP"


def _number(least: float, most: float, unit: str, name: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(least, most)
    box.setDecimals(1)
    box.setSingleStep(0.5)
    box.setSuffix(unit)
    box.setFixedWidth(104)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    keep_off_edges(box)
    box.setAccessibleName(name)
    box.setKeyboardTracking(False)
    return box
