"""The column at the right of the timeline: how the chosen sections sound, and how their clip was made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.document.clip_names import clip_name
from app.document.model import SONG_RATE, Clip, Section, Song
from app.document.recipe_book import RECIPE_BOOK
from app.document.words import plural
from app.widgets.basics import (
    Card,
    Elided,
    Facts,
    SidePanel,
    button,
    column,
    decibels,
    duration,
    label,
    line,
    row,
    scrolling,
)
from app.widgets.controls.curve_button import CurveButton
from app.widgets.controls.value_range import ValueRange
from app.widgets.controls.value_slider import ValueSlider
from app.widgets.timeline.alternatives import Alternatives
from app.widgets.timeline.lane_header import PAN_LIMITS, pan_text

_LEAST_DB, _MOST_DB = -24.0, 12.0
_FADE_STEPS = 200
_LONGEST_FADE = 10.0
_GAIN_LIMITS = (
    f"{decibels(_LEAST_DB)} is the least here; turn the lane down, or mute it, for less.",
    f"{decibels(_MOST_DB)} is the most here: more would bring up the noise of the model. Turn the other lanes down.",
)
_GAIN = ValueRange(round(_LEAST_DB * 2), round(_MOST_DB * 2), 0, lambda value: decibels(value / 2), limits=_GAIN_LIMITS)
"""In half decibels."""
_PAN = ValueRange(-100, 100, 0, lambda value: pan_text(value / 100), limits=PAN_LIMITS)
"""In hundredths."""
_FADE_LIMITS = ("There is no fade now.", f"{_LONGEST_FADE:.0f} s is the longest fade.")
_MARGIN, _BAR, _BESIDE_BAR = 16, 10, 4
"""Pixels: at the sides, for a scroll bar, between it and the rest."""


def fade_seconds(step: int) -> float:
    """Fine for short fades, coarse for long ones: 0 to 10 s."""
    return _LONGEST_FADE * (step / _FADE_STEPS) ** 3


def fade_step(seconds: float) -> int:
    """The step of the slider for a length in seconds: the inverse of `fade_seconds`."""
    return round(_FADE_STEPS * min(seconds / _LONGEST_FADE, 1.0) ** (1 / 3))


def fade_text(seconds: float) -> str:
    """The length of a fade in words."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


class SectionPanel(SidePanel):
    """Sliders for the selected sections.

    Signals (many come during one drag):
        gain_asked(float): dB.
        pan_asked(float): -1..1.
        fade_in_asked(int), fade_out_asked(int): frames.
        fade_in_curve_asked(str), fade_out_curve_asked(str): how the fade rises.
        let_go(): the drag is over.
        continue_asked(): the model is to go on from here.
        locate_asked(): the lost file of its clip is to be found.
    """

    gain_asked = Signal(float)
    pan_asked = Signal(float)
    fade_in_asked = Signal(int)
    fade_out_asked = Signal(int)
    fade_in_curve_asked = Signal(str)
    fade_out_curve_asked = Signal(str)
    let_go = Signal()
    continue_asked = Signal()
    locate_asked = Signal()

    def __init__(self, width: int = 240, parent: QWidget | None = None) -> None:
        super().__init__(width, parent)
        self._title = label("Section", "heading")
        self._what = label("", "faint", wrap=True, tabular=True)
        self._hint = label(
            "Choose a section to set its level, its place between left and right, and its fades. With Ctrl, a drag"
            " copies it; with Alt, it snaps onto nothing.",
            "dim",
            wrap=True,
        )
        self.gain = ValueSlider("Gain", _GAIN)
        self.pan = ValueSlider("Pan", _PAN)
        self.in_curve = CurveButton("Curve of the fade in", falls=False)
        self.out_curve = CurveButton("Curve of the fade out", falls=True)
        self.fade_in = _fade("Fade in", self.in_curve)
        self.fade_out = _fade("Fade out", self.out_curve)
        self._sliders = (self.gain, self.pan, self.fade_in, self.fade_out)
        self.lost = LostClip()
        self.lost.locate.clicked.connect(self.locate_asked)
        self.go_on = button("Continue from here\nwith the model")
        self.go_on.clicked.connect(self.continue_asked)
        self.alternatives = Alternatives()
        self.alternatives.hide()
        self._rule = line()
        self._made = label("How it was made", "faint")
        self.facts = Facts()
        self.guide = GuideName()
        self.why = WhyHere()
        self._song = Song(id="")
        self._lay_out()
        for slider in self._sliders:
            slider.let_go.connect(self.let_go)
        self.gain.moved.connect(lambda value: self.gain_asked.emit(value / 2))
        self.pan.moved.connect(lambda value: self.pan_asked.emit(value / 100))
        self.fade_in.moved.connect(lambda step: self.fade_in_asked.emit(round(fade_seconds(step) * SONG_RATE)))
        self.fade_out.moved.connect(lambda step: self.fade_out_asked.emit(round(fade_seconds(step) * SONG_RATE)))
        self.in_curve.curve_asked.connect(self.fade_in_curve_asked)
        self.out_curve.curve_asked.connect(self.fade_out_curve_asked)
        self.show_sections((), None)

    def _lay_out(self) -> None:
        self._rows = column(self._title, self._what, self._hint, self.why, self.alternatives, self.lost, *self._sliders)
        self._rows.addSpacing(4)
        self._rows.addWidget(self.go_on)
        self._rows.addSpacing(4)
        for widget in (self._rule, self._made, self.facts, self.guide):
            self._rows.addWidget(widget)
        self._rows.addStretch(1)
        scroll = scrolling(self._rows)
        self.body.addWidget(scroll)
        self.body.setContentsMargins(_MARGIN, _MARGIN, _MARGIN - _BAR - _BESIDE_BAR, 0)
        bar = scroll.verticalScrollBar()
        bar.rangeChanged.connect(self._leave_room_for_bar)
        self._leave_room_for_bar(bar.minimum(), bar.maximum())

    def _leave_room_for_bar(self, least: int, most: int) -> None:
        """The bar of small windows stands in the margin, so that all else stays where it is."""
        self._rows.setContentsMargins(0, 0, _BESIDE_BAR + (0 if least < most else _BAR), 8)

    def add_facts(self, facts: QWidget) -> None:
        """Shows more at the foot."""
        self._rows.insertWidget(self._rows.count() - 1, facts)

    def show_sections(self, sections: Sequence[Section], clip: Clip | None) -> None:
        """Shows the first of the selected sections; what is changed is changed for all of them."""
        some = bool(sections)
        self._hint.setVisible(not some)
        self._what.setVisible(some)
        for slider in self._sliders:
            slider.setVisible(some)
        self.lost.hide()
        self.go_on.setVisible(len(sections) == 1 and clip is not None)
        for widget in (self._rule, self._made, self.facts):
            widget.setVisible(some and clip is not None)
        self.guide.show_name(clip.guide if some and clip is not None else "")
        if some:
            self.why.show_words("Why it is here", sections[0].why)
        else:
            self._show_song()
        if not sections:
            self._title.setText("Section")
            return
        first = sections[0]
        self._title.setText("Section" if len(sections) == 1 else plural(len(sections), "section"))
        self._what.setText(_words(first, clip))
        self.gain.put(round(first.gain_db * 2), decibels(first.gain_db))
        self.pan.put(round(first.pan * 100))
        for fade, frames in ((self.fade_in, first.fade_in_reach), (self.fade_out, first.fade_out_reach)):
            fade.put(fade_step(frames / SONG_RATE), fade_text(frames / SONG_RATE))
        self.in_curve.put(first.fade_in_curve)
        self.out_curve.put(first.fade_out_curve)
        if clip is not None:
            self._show_clip(clip)

    def show_song(self, song: Song) -> None:
        """The song whose sections can be chosen: how a recipe put it together is told while none is."""
        self._song = song
        if not self._what.isVisibleTo(self):
            self._show_song()

    def _show_song(self) -> None:
        recipe = RECIPE_BOOK.get(self._song.recipe)
        named = (
            f"Made by the recipe \u201c{self._song.recipe}\u201d, after \u201c{recipe.after}\u201d" if recipe else ""
        )
        self.why.show_words(named, self._song.why if recipe else "")

    def show_flaw(self, words: str) -> None:
        """What is wrong with the file of the clip; "" where nothing is. It takes the place of how the clip was made."""
        self.lost.show_flaw(words)
        if words:
            for widget in (self.go_on, self._rule, self._made, self.facts, self.guide):
                widget.hide()

    def show_continuing(self, *, is_under_way: bool) -> None:
        """Whether the model is going on already."""
        self.go_on.setEnabled(not is_under_way)
        if is_under_way:
            tip = "The model is going on: the bar above shows how far it is, and can cancel it."
        else:
            tip = (
                "The model goes on from the playhead, or else from the end of the section (C). It finds several ways,"
                " of which one is heard: \u25c0 \u25b6 change to the others. In as many as you say: Shift+C"
            )
        self.go_on.setToolTip(tip)

    def show_loudness(self, lufs: float | None) -> None:
        """Of the whole clip, in LUFS."""
        self.facts.put("Loudness", "–" if lufs is None else f"{lufs:.1f} LUFS".replace("-", "−"))

    def _show_clip(self, clip: Clip) -> None:
        self.facts.put("Epoch", str(clip.epoch))
        self.facts.put("Temperature", f"{clip.temperature:.2f}")
        self.facts.put("Seed", str(clip.seed))
        self.facts.put("Length", duration(clip.seconds))
        self.facts.put("Rate", f"{clip.rate / 1000:g} kHz")


class GuideName(QWidget):
    """Says what a clip plays along to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Elided()
        self.setLayout(column(label("Plays along to", "dim"), self.name, spacing=2))

    def show_name(self, name: str) -> None:
        """The name of a guide; "" for none."""
        self.name.show_text(name)
        self.setVisible(bool(name))


class WhyHere(QWidget):
    """Says why a recipe chose what is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.words = label("", "dim", wrap=True), label("", "", wrap=True)
        self.setLayout(column(self.name, self.words, spacing=2, margins=(0, 0, 0, 4)))

    def show_words(self, name: str, words: str) -> None:
        """What is told, and why; "" for nothing."""
        self.name.setText(name)
        self.words.setText(words)
        self.setVisible(bool(words))


class LostClip(Card):
    """Says what is wrong with the file of a clip, and offers to find another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.words = label("", "dim", wrap=True)
        self.locate = button("Locate…", tip="Choose the file that this clip was")
        self.setLayout(column(self.words, row(self.locate, 1), spacing=8, margins=(10, 8, 10, 10)))

    def show_flaw(self, words: str) -> None:
        """What is wrong; "" where nothing is."""
        self.words.setText(words)
        self.setVisible(bool(words))


def _fade(name: str, curve: CurveButton) -> ValueSlider:
    return ValueSlider(name, ValueRange(0, _FADE_STEPS, 0, _fade_words, limits=_FADE_LIMITS), beside=curve)


def _fade_words(step: int) -> str:
    return fade_text(fade_seconds(step))


def _words(section: Section, clip: Clip | None) -> str:
    if clip is None:
        return "its clip is missing"
    begin, end = section.offset / SONG_RATE, (section.offset + section.length) / SONG_RATE
    return f"{clip_name(clip)} · {duration(begin)} – {duration(end)} of {duration(clip.seconds)}"
