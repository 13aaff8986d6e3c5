"""The panel beside the pictures: how new candidates are to be made."""

from __future__ import annotations

import random

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QSpinBox, QWidget

from app.document.model import Album, Cover
from app.jobs.artwork import DEFAULT_SETTINGS, CoverSettings
from app.widgets.basics import SidePanel, button, column, keep_off_edges, label, line, row, scrolling, time_left
from app.widgets.controls.choice_card import ChoiceCards
from app.widgets.controls.value_range import ValueRange
from app.widgets.controls.value_slider import ValueSlider
from app.widgets.dialogs.progress_box import ProgressBox

_METHODS = {
    "self": ("Made of itself", "the old cover, in small pieces of itself"),
    "photos": ("Band photographs", "the cover styled by each photo, overlaid"),
    "plain": ("Plain picture", "use an image as it is"),
}
_BLENDS = ("overlay", "soft light", "screen", "multiply")
_AT_ONCE, _AT_ONCE_BY_NETWORK = 6, 2


class ArtworkSettings(SidePanel):
    """Signals:
    make_asked(): the person wants candidates made by these settings, or to choose a picture.
    cover_asked(): the person wants to choose the cover of the album.
    cancel_asked(): the person wants that stopped.
    network_asked(): the person wants to know of the network of the paper.
    """

    make_asked = Signal()
    cover_asked = Signal()
    cancel_asked = Signal()
    network_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(320, parent)
        self._album = Album()
        self._candidates = 0
        self._network_here = False
        self._is_busy = False
        self.methods = ChoiceCards()
        for key, (name, words) in _METHODS.items():
            self.methods.add(key, name, words)
        self.methods.chosen.connect(self._show)
        self.pieces = ValueSlider(
            "Piece size", ValueRange(2, 12, round(DEFAULT_SETTINGS.pieces), lambda value: f"1/{value}")
        )
        self.strength = _percent("Style over content", DEFAULT_SETTINGS.strength)
        self.blend = QComboBox()
        self.blend.addItems([name.capitalize() for name in _BLENDS])
        self.blend.setAccessibleName("Photographs are laid over each other by")
        self.blend.setToolTip("How photographs are laid over each other")
        self.weight = _percent("Strength of each", DEFAULT_SETTINGS.weight)
        self.photographs = ValueSlider("Photographs at once", ValueRange(1, 5, DEFAULT_SETTINGS.photographs, str))
        self.seed = QSpinBox()
        self.seed.setRange(0, 999_999)
        self.seed.setValue(random.randrange(10_000))
        self.seed.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("The same seed gives the same picture")
        keep_off_edges(self.seed)
        self.paper = _chip("Paper", "Pieces of paper, cut out and pasted: seconds on any computer")
        self.by_network = _chip("Network", "The network of the paper: seconds on a graphics card, minutes without one")
        self._makers = QButtonGroup(self)
        for each in (self.paper, self.by_network):
            self._makers.addButton(each)
        self.paper.setChecked(True)
        self._makers.buttonClicked.connect(self._show)
        self.network = button("Use the network of the paper…", tip="What it is, and how to get it")
        self.network.clicked.connect(self.network_asked)
        self.progress = ProgressBox()
        self.progress.cancel_asked.connect(self.cancel_asked)
        self.make = button("", "primary")
        self.make.clicked.connect(self._on_make)
        self._why_not = label("", "faint", wrap=True)
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        self._maker = QWidget()
        self._maker.setLayout(row(label("Made with", "dim"), 1, self.paper, self.by_network, spacing=6))
        self._blending = QWidget()
        self._blending.setLayout(
            column(
                row(label("Laid over by", "dim"), 1, self.blend),
                self.weight,
                self.photographs,
                spacing=8,
            )
        )
        self._settings = QWidget()
        self._settings.setLayout(
            column(
                self.pieces,
                self.strength,
                self._blending,
                row(label("Seed", "dim"), 1, self.seed),
                self._maker,
                self.network,
                spacing=8,
            )
        )
        body = column(label("Make pictures", "heading"), self.methods, line(), self._settings, self.progress, 1)
        self.body.addWidget(scrolling(body, beside_bar=8), 1)
        self.body.addWidget(self._why_not)
        self.body.addWidget(self.make)

    @property
    def count(self) -> int:
        """How many candidates are made at once."""
        return _AT_ONCE_BY_NETWORK if self._uses_network else _AT_ONCE

    def settings(self) -> CoverSettings:
        """How the next candidates are to look."""
        return CoverSettings(
            method=self.methods.key,
            pieces=float(self.pieces.value),
            strength=self.strength.value / 100,
            mode=_BLENDS[self.blend.currentIndex()],
            weight=self.weight.value / 100,
            photographs=self.photographs.value,
            network=self._uses_network,
        )

    def seeds(self) -> range:
        """One for each of the next candidates."""
        return range(self.seed.value(), self.seed.value() + self.count)

    def put_settings(self, cover: Cover) -> None:
        """Shows how a candidate was made, as a start for others; one that was not made changes nothing."""
        if cover.method not in ("self", "photos"):
            return
        self.methods.choose(cover.method)
        self.pieces.put(round(cover.pieces))
        self.strength.put(round(cover.strength * 100))
        self.weight.put(round(cover.weight * 100))
        if cover.mode in _BLENDS:
            self.blend.setCurrentIndex(_BLENDS.index(cover.mode))
        (self.by_network if cover.network and self._network_here else self.paper).setChecked(True)
        self._show()

    def show_album(self, album: Album, candidates: int, network_here: bool) -> None:
        """What there is to make pictures of."""
        self._album, self._candidates, self._network_here = album, candidates, network_here
        if not network_here:
            self.paper.setChecked(True)
        self._show()

    def use_network(self) -> None:
        """Chooses the network of the paper."""
        self.by_network.setChecked(True)
        self._show()

    def next_seed(self, used: int) -> None:
        """Goes on to the seed after the `used` ones."""
        self.seed.setValue((self.seed.value() + used) % self.seed.maximum())

    # while something is made

    def begin(self) -> None:
        """Candidates are being made."""
        self._is_busy = True
        self.progress.begin("Looking at the picture…")
        self._show()

    def show_progress(self, fraction: float, text: str, seconds_left: float) -> None:
        """How far that is."""
        left = time_left(seconds_left)
        self.progress.show_progress(fraction, f"Working: {text}" + (f" · {left}" if left else ""))

    def end(self) -> None:
        """No more are being made."""
        self._is_busy = False
        self._show()

    @property
    def _uses_network(self) -> bool:
        return self._network_here and self.by_network.isChecked()

    @property
    def _needs_cover(self) -> bool:
        """Without photographs either, the names are set in type."""
        return self.methods.key == "self" and not self._album.cover and bool(self._album.photographs)

    @Slot()
    def _on_make(self) -> None:
        (self.cover_asked if self._needs_cover else self.make_asked).emit()

    @Slot()
    def _show(self) -> None:
        method = self.methods.key
        why_not = ""
        if method == "photos" and not self._album.photographs:
            why_not = "Drop photographs of the band here, or add them under Album."
        elif self._needs_cover:
            why_not = "Made of itself needs the album’s cover, and there is none yet. Choose one, or band photographs."
        elif method == "self" and not self._album.cover:
            why_not = "The album has no cover: its name is set in type instead. Click the empty place to choose one."
        self._why_not.setText(why_not)
        self._why_not.setVisible(bool(why_not))
        self._settings.setVisible(method != "plain")
        self._blending.setVisible(method == "photos")
        self._maker.setVisible(self._network_here)
        self.network.setVisible(not self._network_here and not self._is_busy)
        self.progress.setVisible(self._is_busy)
        more = f"Make {self.count} more" if self._candidates else f"Make {self.count}"
        self.make.setText(
            "Choose a picture…" if method == "plain" else "Choose the cover…" if self._needs_cover else more
        )
        self.make.setEnabled(not self._is_busy and not (method == "photos" and why_not))


def _percent(name: str, share: float) -> ValueSlider:
    return ValueSlider(name, ValueRange(0, 100, round(100 * share), lambda value: f"{value} %"))


def _chip(name: str, tip: str) -> QPushButton:
    made = button(name, "chip", tip=tip)
    made.setCheckable(True)
    return made
