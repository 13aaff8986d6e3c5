"""What to generate: to which guide, from which checkpoint, how many clips, how long, how wild."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QIntValidator, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from app.document.guide_choice import GuideChoice
from app.document.song_part import SongPart
from app.document.words import plural
from app.widgets.album.drops import DropCatcher, first_file
from app.widgets.basics import button, column, keep_off_edges, label, line, long_duration, row
from app.widgets.clips.checkpoint_choice import CheckpointChoice, KeptRun
from app.widgets.clips.generate_settings import GenerateSettings, GridCell, GuideQuestion
from app.widgets.clips.guide_chooser import GuideChooser
from app.widgets.clips.guide_custom import GuideCustom
from app.widgets.clips.guide_view import ShownGuide
from app.widgets.clips.guide_words import SOURCES
from app.widgets.controls.value_range import ValueRange
from app.widgets.controls.value_slider import ValueSlider, temperature_slider
from app.widgets.controls.wheel import keep_wheel_off
from app.widgets.dialogs.fitting import Dialog

_LARGEST_SEED = 2**31 - 1
_TEMPERATURE = 98
_NAMES_WIDTH, _CARDS_WIDTH, _LEAST_WIDTH = 116, 296, 468
"""Pixels: of the names of sliders, of the cards at the left, of what stands beside them."""
_ASK_AFTER_MS = 350
"""Without another change of length or seed, after which the guide is worked out anew."""
_FOLLOW_LIMITS = (
    "At 0 % the guide is not followed at all.",
    "At 100 % every stroke is where the guide has it.",
)


class GenerateDialog(Dialog):
    """Asks; `settings()` is the answer.

    Args:
        runs: those with checkpoints, the newest last.
        seed: used where the person gives none.
        before: what was chosen last time.
        part: what is chosen on the timeline; None for nothing.

    Signals:
        guide_asked(GuideQuestion | None): this guide is to be shown, and no other that was asked for before; None for
            none. The answer comes by `show_guide`, `show_guide_progress` and `show_guide_problem`.
        hear_asked(): the guide that is shown is to be heard, or no longer.
    """

    guide_asked = Signal(object)
    hear_asked = Signal()

    def __init__(
        self,
        runs: Sequence[KeptRun],
        seed: int,
        before: GenerateSettings | None = None,
        part: SongPart | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Generate clips")
        self._seed = seed
        self._is_first_shown = True
        guide = before.guide if before else GuideChoice("album")
        self.sources = GuideChooser(guide, part, self, seed)
        self.cards, self.guide = self.sources.cards, self.sources.view
        self.checkpoint = CheckpointChoice()
        self.checkpoint.show_runs(runs)
        self._make_fields()
        self.custom = GuideCustom(guide, _NAMES_WIDTH)
        self.follow.put(round(guide.follow * 100))
        self._recall(before)
        self._lay_out()
        self._connect()
        self.sources.show_source()
        self._add_up()
        keep_wheel_off(self)

    def _make_fields(self) -> None:
        self.follow = ValueSlider(
            "How closely",
            ValueRange(0, 100, 100, lambda value: f"{value} %", limits=_FOLLOW_LIMITS),
            name_width=_NAMES_WIDTH,
        )
        self.temperature = temperature_slider("Temperature", _TEMPERATURE, name_width=_NAMES_WIDTH)
        self.temperature.setToolTip("Lower is calmer and more like the album, higher is wilder")
        self.last_temperature = temperature_slider("… at the end", _TEMPERATURE, name_width=_NAMES_WIDTH)
        self.last_temperature.slider.setAccessibleName("Temperature at the end")
        self.likeliest = ValueSlider("Only the likeliest", ValueRange(50, 100, 100, _share), name_width=_NAMES_WIDTH)
        self.likeliest.setToolTip("Less than all leaves out what the model finds unlikely: cleaner, and poorer")
        self.count = QSpinBox()
        self.count.setRange(1, 1000)
        self.count.setAccessibleName("Number of clips")
        self.seconds = QDoubleSpinBox()
        self.seconds.setRange(1.0, 3600.0)
        self.seconds.setDecimals(0)
        self.seconds.setSuffix(" s")
        self.seconds.setSingleStep(5)
        self.seconds.setAccessibleName("Length of each clip")
        for field in (self.count, self.seconds):
            keep_off_edges(field)
        self.seed = QLineEdit()
        self.seed.setPlaceholderText("any")
        self.seed.setValidator(QIntValidator(0, _LARGEST_SEED, self.seed))
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("The same seed, checkpoint and settings make the same clips again")
        self.changing = button("change along the clip", "chip", tip="Another temperature at the end than at the start")
        self.escape = button(
            "help stuck clips out",
            "chip",
            tip="A clip that falls into a loop, silence or noise is stirred until it moves again",
        )
        self.silence = button(
            "begin in silence",
            "chip",
            tip="Otherwise each clip begins amid the music, at another place for each seed",
        )
        for chip in (self.changing, self.escape, self.silence):
            chip.setCheckable(True)
            chip.setAutoDefault(False)
        self._sum = label("", "dim", tabular=True)
        self.cancel = button("Cancel")
        self.generate = button("Generate", "primary")
        self.generate.setDefault(True)

    def _recall(self, before: GenerateSettings | None) -> None:
        self.count.setValue(before.count if before else 8)
        self._put_seconds(before.seconds if before else 30.0)
        self.temperature.put(round(before.temperature * 100) if before else _TEMPERATURE)
        self.escape.setChecked(before.escape if before else True)
        self.silence.setChecked(before.in_silence if before else False)
        if before is not None:
            self.changing.setChecked(before.last_temperature is not None)
            self.last_temperature.put(round((before.last_temperature or before.temperature) * 100))
            self.likeliest.put(round(before.top_p * 100))
        self.last_temperature.setVisible(self.changing.isChecked())

    def _lay_out(self) -> None:
        head = row(label("Generate clips", "title"), 1, label("from", "faint"), self.checkpoint, spacing=10)
        left = column(
            label("Play along to", "heading"),
            label("a guide: what happens when. The model makes the sound.", "faint", wrap=True),
            self.cards,
            1,
            spacing=4,
        )
        left.insertSpacing(2, 4)
        cards = QWidget()
        cards.setFixedWidth(_CARDS_WIDTH)
        cards.setLayout(left)
        beside = QWidget()
        beside.setMinimumWidth(_LEAST_WIDTH)
        beside.setLayout(self._beside())
        self.fill(
            column(head, row(cards, beside, spacing=22), spacing=14),
            column(line(), row(self._sum, 1, self.cancel, self.generate), spacing=14),
            spacing=14,
        )
        order = (
            *(self.cards.card(key) for key in SOURCES), self.guide.hear, self.guide.file,
            self.guide.undo, self.guide.redo, *self.guide.beat.fields, *self.guide.form.fields, self.follow,
            self.temperature, self.last_temperature, self.likeliest, self.custom.toggle, self.custom.parts,
            self.custom.fineness, self.custom.in_a_row, self.count, self.seconds, self.seed, self.changing,
            self.escape, self.silence, self.cancel, self.generate, self.checkpoint,
        )  # fmt: skip
        for one, after in itertools.pairwise(order):
            self.setTabOrder(one, after)
        self.cards.card(self.sources.source).setFocus()

    def _beside(self) -> QVBoxLayout:
        fields = row(spacing=8)
        for name, field, width in (("How many", self.count, 0), ("each", self.seconds, 0), ("seed", self.seed, 96)):
            words = label(name, "dim")
            words.setBuddy(field)
            if field is self.count:
                words.setFixedWidth(_NAMES_WIDTH)
            if width:
                field.setFixedWidth(width)
            field.setAcceptDrops(False)  # a recording that is dropped there is meant for the dialog
            fields.addWidget(words)
            fields.addWidget(field)
            fields.addStretch(1)
        fields.takeAt(fields.count() - 1)
        sliders = column(self.follow, self.temperature, self.last_temperature, self.likeliest, spacing=4)
        chips = row(self.changing, self.escape, self.silence, 1)
        beside = row(sliders, column(self.custom.toggle, 1), spacing=10)
        beside.setStretch(0, 1)
        return column(self.guide, column(beside, self.custom, spacing=4), fields, chips, 1, spacing=12)

    def _connect(self) -> None:
        self.sources.chosen.connect(self._ask_for_guide)
        self.sources.use_changed.connect(self._show_use)
        self.custom.changed.connect(self._on_guide_outdated)
        self.guide.hear_asked.connect(self.hear_asked)
        self.changing.toggled.connect(self.last_temperature.setVisible)
        self.count.valueChanged.connect(self._add_up)
        self.seconds.valueChanged.connect(self._add_up)
        self._asks_soon = QTimer(self)
        self._asks_soon.setSingleShot(True)
        self._asks_soon.setInterval(_ASK_AFTER_MS)
        self._asks_soon.timeout.connect(self._ask_for_guide)
        self.sources.changed.connect(self._asks_soon.start)
        self.sources.form.length_wanted.connect(self._on_length_wanted)
        QShortcut(QKeySequence("Ctrl+Z"), self, self.sources.undo)
        for keys in ("Ctrl+Shift+Z", "Ctrl+Y"):
            QShortcut(QKeySequence(keys), self, self.sources.redo)
        self.seconds.valueChanged.connect(self._on_guide_outdated)
        self.seed.textChanged.connect(self._on_guide_outdated)
        self.cancel.clicked.connect(self.reject)
        self.generate.clicked.connect(self.accept)
        self.finished.connect(self._asks_soon.stop)
        drops = DropCatcher(self, first_file)
        drops.over.connect(self.guide.show_drop)
        drops.dropped.connect(self.sources.take_file)

    def settings(self) -> GenerateSettings:
        """What is chosen."""
        run, epoch = self.checkpoint.currentData()
        return GenerateSettings(
            run=run,
            epoch=epoch,
            count=self.count.value(),
            seconds=self.seconds.value(),
            temperature=self.temperature.value / 100,
            seed=self._chosen_seed(),
            last_temperature=self.last_temperature.value / 100 if self.changing.isChecked() else None,
            top_p=self.likeliest.value / 100,
            escape=self.escape.isChecked(),
            in_silence=self.silence.isChecked(),
            guide=self._chosen_guide(),
        )

    def to_remember(self) -> GenerateSettings:
        """What to begin with next time: an album without bars now may be one that has some by then."""
        settings, left = self.settings(), self.sources.left
        return replace(settings, guide=replace(settings.guide, source=left)) if left else settings

    def _chosen_guide(self) -> GuideChoice:
        return self.custom.applied_to(self.sources.choice(self.follow.value / 100))

    def _chosen_seed(self) -> int:
        typed = self.seed.text().strip()
        return int(typed) if typed else self._seed

    def _add_up(self) -> None:
        count = self.count.value()
        self._sum.setText(f"{plural(count, 'clip')}, {long_duration(count * self.seconds.value())} of sound")
        self.generate.setText(f"Generate {plural(count, 'clip')}")

    # the guide

    def play_along_to_part(self) -> None:
        """Chooses the part of the song, and clips that are as long."""
        part = self.sources.part
        if part is not None:
            self._put_seconds(part.seconds)
            self.sources.choose("song")

    def begin_with(self, cell: GridCell) -> None:
        """Chooses a checkpoint, how warm it plays, the same all along, and what it plays along to."""
        self.sources.choose(cell.guide)
        self.checkpoint.choose(cell.run, cell.epoch)
        self.changing.setChecked(False)
        self.temperature.put(round(cell.temperature * 100))

    def _show_use(self) -> None:
        self.generate.setEnabled(self.sources.is_usable)
        self.follow.setEnabled(self.sources.source != "none")
        self.custom.show_use(self.sources.source)

    def _put_seconds(self, seconds: float) -> None:
        self.seconds.setDecimals(0 if seconds.is_integer() else 2)
        self.seconds.setValue(math.ceil(seconds * 100 - 1e-6) / 100)  # no shorter than it is

    def _on_length_wanted(self, seconds: float) -> None:
        """The form is so long, and so are the clips; its guide is asked for by itself."""
        self.seconds.blockSignals(True)
        self._put_seconds(seconds)
        self.seconds.blockSignals(False)
        self._add_up()

    def _on_guide_outdated(self) -> None:
        self.sources.show_outdated()
        self._asks_soon.start()

    def _ask_for_guide(self) -> None:
        self._asks_soon.stop()
        self.sources.form.take_length(self.seconds.value())
        question = None
        if self.sources.is_known:
            question = GuideQuestion(self._chosen_guide(), self.seconds.value(), self._chosen_seed())
        self.guide_asked.emit(question)

    def show_guide(self, guide: ShownGuide) -> None:
        """Shows the guide that was asked for last; not where the length or the seed is another by now."""
        if not self._asks_soon.isActive():
            self.sources.show_guide(guide)

    def show_guide_progress(self, fraction: float, words: str) -> None:
        """How far the guide is that was asked for last."""
        self.sources.show_progress(fraction, words)

    def show_guide_problem(self, words: str) -> None:
        """Why the guide that was asked for last cannot be had."""
        self.sources.show_problem(words)

    def show_heard(self, heard: bool) -> None:
        """Whether the guide is heard right now."""
        self.guide.show_heard(heard)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_first_shown:
            self._is_first_shown = False
            self._ask_for_guide()


def _share(percent: int) -> str:
    return "all" if percent == 100 else f"{percent} %"
