"""The right side of Train: the model, how long to learn, the machine, the album as data, the checkpoints."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDoubleSpinBox,
    QFrame,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.document.model import Learning
from app.jobs.train import PRESETS, Machine, Preset, TrainingPlan, as_chosen, chosen_preset, default_preset
from app.screens.train.custom_model import CustomModelDialog
from app.screens.train.model_words import CARDS, model_words, why_not_guided
from app.widgets.basics import Facts, button, column, count_in, keep_off_edges, label, line, row, scrolling
from app.widgets.controls.choice_card import ChoiceCards

_CUSTOM = "custom"
_CUSTOM_CARD = ("Custom…", "every number")
_KEPT = (
    "All are kept until they take 8 GB; then the newest eight, the best three, every fifth and the starred ones. "
    "Training can be closed and resumed: nothing is lost."
)


class TrainPanel(QFrame):
    """Signals:
    changed(): another model or another length is wanted.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "side")
        self.setFixedWidth(320)
        self._preset = default_preset(on_gpu=False)
        self.models = ChoiceCards()
        for name, (title, words) in CARDS.items():
            self.models.add(name, title, words).setToolTip(PRESETS[name].words)
        self.models.add(_CUSTOM, *_CUSTOM_CARD)
        self.models.chosen.connect(self._on_model)
        self.hint = label(why_not_guided(on_gpu=False), "faint", wrap=True)
        self.hint.setVisible(bool(self.hint.text()))
        self.epochs = QSpinBox()
        self.epochs.setRange(1, 100_000)
        count_in(self.epochs, "epoch")
        self.epochs.setAccessibleName("How many epochs to learn")
        self.minutes = QDoubleSpinBox()
        self.minutes.setRange(0.5, 100_000)
        self.minutes.setDecimals(1)
        self.minutes.setValue(5.0)
        self.minutes.setSuffix(" min")
        self.minutes.setAccessibleName("How many minutes to learn")
        for box in (self.epochs, self.minutes):
            box.setFixedWidth(110)
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            keep_off_edges(box)
            box.valueChanged.connect(self.changed)
        self.by_epochs = button("Epochs", "chip", tip="Learn so many epochs")
        self.by_time = button("Time", "chip", tip="Learn for so long")
        self._ways = QButtonGroup(self)
        self._lengths = QStackedWidget()
        for place, chip in enumerate((self.by_epochs, self.by_time)):
            chip.setCheckable(True)
            self._ways.addButton(chip, place)
        self._lengths.addWidget(self.epochs)
        self._lengths.addWidget(self.minutes)
        self.by_epochs.setChecked(True)
        self._ways.idToggled.connect(self._on_way)
        self._lengths.setFixedSize(110, self.epochs.sizeHint().height())
        self.takes = label("", "faint", wrap=True, tabular=True)
        self.machine, self.album = Facts(), Facts()
        self.kept = label(_KEPT, "faint", wrap=True)
        self.disk = label("", "faint", wrap=True, tabular=True)
        self._fill()
        self.choose(self._preset)

    def _fill(self) -> None:
        how_long = row(self.by_epochs, self.by_time, 1, self._lengths)
        scroll = scrolling(
            column(
                label("Model", "heading"),
                self.models,
                self.hint,
                line(),
                label("How long", "heading"),
                how_long,
                self.takes,
                line(),
                label("This machine", "heading"),
                self.machine,
                line(),
                label("Album as data", "heading"),
                self.album,
                line(),
                label("Checkpoints", "heading"),
                self.kept,
                self.disk,
                1,
                spacing=8,
                margins=(16, 14, 14, 12),
            )
        )
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(scroll)

    @property
    def preset(self) -> Preset:
        """The model that is chosen."""
        return self._preset

    def plan(self, run: str = "") -> TrainingPlan:
        """What is asked for, to start anew or to go on with an old run."""
        if self.by_time.isChecked():
            return TrainingPlan(self._preset, seconds=self.minutes.value() * 60.0, run=run)
        return TrainingPlan(self._preset, epochs=self.epochs.value(), run=run)

    def chosen(self) -> Learning:
        """What is chosen, to be remembered."""
        return as_chosen(
            self._preset,
            by_time=self.by_time.isChecked(),
            epochs=self.epochs.value(),
            minutes=self.minutes.value(),
        )

    def restore(self, learning: Learning) -> None:
        """Shows what was chosen once; a model that there is no more stays out of it."""
        with QSignalBlocker(self):
            preset = chosen_preset(learning)
            if preset is not None:
                self.show_model(preset)
            (self.by_time if learning.by_time else self.by_epochs).setChecked(True)
            self.epochs.setValue(learning.epochs)
            self.minutes.setValue(learning.minutes)

    def show_for(self, machine: Machine, *, chosen: bool) -> None:
        """What to begin with on this machine, unless a model was chosen; and why, where it is not the usual one."""
        words = why_not_guided(on_gpu=machine.has_gpu)
        self.hint.setText(words)
        self.hint.setVisible(bool(words))
        fresh = default_preset(on_gpu=machine.has_gpu)
        if not chosen and self._preset != fresh:
            with QSignalBlocker(self):
                self.choose(fresh)

    def choose(self, preset: Preset) -> None:
        """Shows this preset as the chosen one, with as many epochs as it usually has."""
        self.show_model(preset)
        self.epochs.setValue(preset.train.epochs)

    def show_model(self, preset: Preset) -> None:
        """Shows this preset as the chosen one; how long to learn stays as it is."""
        self._preset = preset
        has_card = preset.name in CARDS and PRESETS[preset.name] == preset
        self.models.choose(preset.name if has_card else _CUSTOM)
        self.models.card(_CUSTOM).put(*(_CUSTOM_CARD if has_card else _custom_card(preset)))

    def lock(self, locked: bool) -> None:
        """While a model learns, it can neither be changed nor be given another time."""
        for widget in (self.models, self.by_epochs, self.by_time, self._lengths):
            widget.setEnabled(not locked)

    @Slot(str)
    def _on_model(self, name: str) -> None:
        if name != _CUSTOM:
            self.choose(PRESETS[name])
            self.changed.emit()
            return
        dialog = CustomModelDialog(self._preset, self.window())
        agreed = dialog.exec()
        self.choose(dialog.preset if agreed else self._preset)
        dialog.deleteLater()
        if agreed:
            self.changed.emit()

    @Slot(int, bool)
    def _on_way(self, place: int, on: bool) -> None:
        if on:
            self._lengths.setCurrentIndex(place)
            self.changed.emit()


def _custom_card(preset: Preset) -> tuple[str, str]:
    """What the last card says while the model has no card of its own."""
    name = _CUSTOM_CARD[0] if preset.name == _CUSTOM else f"{_CUSTOM_CARD[0]} · {preset.title}"
    return name, model_words(preset)
