"""What to generate: from which checkpoint, how many clips, how long, how wild."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QCheckBox, QDialog, QDoubleSpinBox, QGridLayout, QLineEdit, QSpinBox, QWidget

from app.document.words import plural
from app.widgets.basics import button, column, keep_off_edges, label, long_duration, row
from app.widgets.clips.checkpoint_choice import CheckpointChoice, KeptRun
from app.widgets.controls.value_range import ValueRange
from app.widgets.controls.value_slider import ValueSlider, temperature_slider
from app.widgets.controls.wheel import keep_wheel_off
from app.widgets.dialogs.fitting import Dialog

_LARGEST_SEED = 2**31 - 1
_TEMPERATURE = 98


@dataclass(frozen=True)
class Wish:
    """What the person wants to be generated."""

    run: str
    epoch: int
    count: int
    seconds: float
    temperature: float
    seed: int
    last_temperature: float | None = None
    """At the end of the clip; None for the same all along."""
    top_p: float = 1.0
    """Only the likeliest values of this share are drawn."""
    escape: bool = False
    """Whether clips that are stuck are helped out."""
    in_silence: bool = False
    """Whether clips begin in silence, not amid the music of the album."""


class GenerateDialog(Dialog):
    """Asks; `wish()` is the answer.

    Args:
        runs: those with checkpoints, the newest last.
        seed: used where the person gives none.
        before: what was wished for last time.
    """

    def __init__(
        self, runs: Sequence[KeptRun], seed: int, before: Wish | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Generate clips")
        self._seed = seed
        self.checkpoint = CheckpointChoice()
        self.checkpoint.show_runs(runs)
        self.count = QSpinBox()
        self.count.setRange(1, 1000)
        self.count.setAccessibleName("Number of clips")
        keep_off_edges(self.count)
        self.seconds = QDoubleSpinBox()
        self.seconds.setRange(1.0, 3600.0)
        self.seconds.setDecimals(0)
        self.seconds.setSuffix(" s")
        self.seconds.setSingleStep(5)
        self.seconds.setAccessibleName("Length of each clip")
        keep_off_edges(self.seconds)
        self.temperature = temperature_slider("Temperature", _TEMPERATURE)
        self.changing = QCheckBox("Change it along the clip")
        self.last_temperature = temperature_slider("Temperature at the end", _TEMPERATURE)
        self.last_temperature.hide()
        self.changing.toggled.connect(self.last_temperature.setVisible)
        self.likeliest = ValueSlider("Only the likeliest", ValueRange(50, 100, 100, _share))
        self.likeliest.setToolTip("Less than all leaves out what the model finds unlikely: cleaner, and poorer")
        self.escape = QCheckBox("Help clips that get stuck")
        self.escape.setToolTip("A clip that falls into a loop, silence or noise is stirred until it moves again")
        self.silence = QCheckBox("Begin in silence")
        self.silence.setToolTip("Otherwise each clip begins amid the music, at another place for each seed")
        self.seed = QLineEdit()
        self.seed.setPlaceholderText("any")
        self.seed.setValidator(QIntValidator(0, _LARGEST_SEED, self.seed))
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("The same seed, checkpoint and settings make the same clips again")
        self._sum = label("", "dim", tabular=True)
        self.generate = button("Generate", "primary")
        self.generate.setDefault(True)
        self.generate.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.count.setValue(before.count if before else 8)
        self.seconds.setValue(before.seconds if before else 30.0)
        self.temperature.put(round(before.temperature * 100) if before else _TEMPERATURE)
        if before is not None:
            self.changing.setChecked(before.last_temperature is not None)
            self.last_temperature.put(round((before.last_temperature or before.temperature) * 100))
            self.likeliest.put(round(before.top_p * 100))
        self.escape.setChecked(before.escape if before else True)
        self.silence.setChecked(before.in_silence if before else False)
        self.count.valueChanged.connect(self._add_up)
        self.seconds.valueChanged.connect(self._add_up)
        self._add_up()
        self.fill(
            column(
                label("Generate clips", "title"),
                label("The model dreams from a state of chance; no two clips are alike.", "dim", wrap=True),
                self._grid(),
                self.temperature,
                label("Lower is calmer and more like the album, higher is wilder.", "faint", wrap=True),
                self.changing,
                self.last_temperature,
                self.likeliest,
                self.escape,
                self.silence,
                spacing=12,
            ),
            row(self._sum, 1, cancel, self.generate, margins=(0, 10, 0, 0)),
        )
        self.setMinimumWidth(420)
        keep_wheel_off(self)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for place, (name, field) in enumerate(
            (
                ("Checkpoint", self.checkpoint),
                ("How many", self.count),
                ("Length of each", self.seconds),
                ("Seed", self.seed),
            )
        ):
            words = label(name, "dim")
            words.setBuddy(field)
            grid.addWidget(words, place, 0)
            grid.addWidget(field, place, 1)
        return grid

    def wish(self) -> Wish:
        """What is chosen."""
        run, epoch = self.checkpoint.currentData()
        typed = self.seed.text().strip()
        return Wish(
            run=run,
            epoch=epoch,
            count=self.count.value(),
            seconds=self.seconds.value(),
            temperature=self.temperature.value / 100,
            seed=int(typed) if typed else self._seed,
            last_temperature=self.last_temperature.value / 100 if self.changing.isChecked() else None,
            top_p=self.likeliest.value / 100,
            escape=self.escape.isChecked(),
            in_silence=self.silence.isChecked(),
        )

    def _add_up(self) -> None:
        count = self.count.value()
        self._sum.setText(f"{plural(count, 'clip')}, {long_duration(count * self.seconds.value())} of sound")


def _share(percent: int) -> str:
    return "all" if percent == 100 else f"{percent} %"


def ask_what_to_generate(
    parent: QWidget | None, runs: Sequence[KeptRun], seed: int, before: Wish | None = None
) -> Wish | None:
    """None where the person thought better of it."""
    dialog = GenerateDialog(runs, seed, before, parent)
    agreed = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return dialog.wish() if agreed else None
