"""The question behind "Make it for me…"."""

from __future__ import annotations

import random
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QComboBox, QGridLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from app.document.edits.made import choose_learning
from app.document.model import FORMAT_TITLES
from app.document.words import plural
from app.jobs.estimate import Estimate, work_out
from app.jobs.job import JobList
from app.jobs.make import MakeOptions, options_for
from app.jobs.train import PRESETS, Machine, TrainingJob, TrainingPlan, as_chosen, default_preset, inspect_machine
from app.screens.train.facts import what_it_takes
from app.session.open_project import OpenProject
from app.widgets.basics import button, column, count_in, keep_off_edges, label, line, row
from app.widgets.controls.wheel import keep_wheel_off
from app.widgets.dialogs.fitting import Dialog
from app.widgets.songs.recipe_choice import RecipeRows, RecipeWordsView

_MINUTES, _EPOCHS, _SONGS, _SECONDS = 10, 20, 5, 60
_WIDTH = 500
_LARGEST_SEED = 2**31 - 1
_IN_A_ROW = 4
"""Formats."""


class MakeForMe(Dialog):
    """Asks for the recipe, how long to learn and how much to make.

    Signals:
        wanted(MakeOptions): go ahead.
    """

    wanted = Signal(object)

    def __init__(self, project: OpenProject, jobs: JobList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Make it for me")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._project, self._jobs = project, jobs
        self._estimate: Estimate | None = None
        self._learnt = next((run for run in reversed(project.value.runs) if run.epoch), None)
        self.preset = QComboBox()
        for name, preset in PRESETS.items():
            self.preset.addItem(preset.title, name)
        self.model_words = label("", "faint", wrap=True)
        self.minutes = _number(_MINUTES, 1, 60 * 24 * 14, " min")
        self.epochs = _number(_EPOCHS, 1, 100_000, "")
        count_in(self.epochs, "epoch")
        self.songs = _number(_SONGS, 1, 99, "")
        self.seconds = _number(_SECONDS, 5, 3600, " s")
        self.seed = _number(random.randrange(_LARGEST_SEED), 0, _LARGEST_SEED, "")
        self.by_time = _chip("for a time")
        self.by_epochs = _chip("for a number of epochs")
        self.as_learnt = _chip("nothing new")
        self.as_learnt.setToolTip("Clips come from what has been learnt last")
        self.formats = {name: _chip(FORMAT_TITLES[name]) for name in FORMAT_TITLES}
        for name, chip in self.formats.items():
            chip.setChecked(name in project.value.release.formats)
        self._choose_measure()
        self._recall()
        self.takes = label("", "faint", wrap=True)
        self.begin = button("Make the album", "primary")
        self.begin.clicked.connect(self._begin)
        self.begin.setDefault(True)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.trouble = label("", "dim", wrap=True)
        words = label(self._words(), "dim", wrap=True)
        self.recipes, self.recipe = RecipeRows(), RecipeWordsView()
        self.recipes.chosen.connect(self.recipe.show_recipe)
        self.recipe.show_recipe(self.recipes.name)
        asked = column(self.recipe, line(), self._fields(), self.takes, self.trouble, 1, spacing=12)
        self.recipe.setMinimumWidth(_WIDTH)
        self.fill(
            column(
                label("An album without hands", "title"),
                words,
                row(column(self.recipes, 1), asked, spacing=20),
                spacing=14,
            ),
            row(1, cancel, self.begin),
            spacing=14,
            margins=(22, 20, 22, 18),
        )
        keep_wheel_off(self)
        self._show_trouble(jobs)
        self.begin.setFocus()
        self.preset.currentIndexChanged.connect(self._work_out)
        for box in (self.minutes, self.epochs):
            box.valueChanged.connect(self._show_takes)
        for chip in (self.by_time, self.as_learnt):
            chip.toggled.connect(self._show_takes)
        self._work_out()

    def _words(self) -> str:
        tracks = [track for track in self._project.value.album.tracks if track.on]
        count = plural(len(tracks), "track")
        start = f"A model learns your {count}" if tracks else "There is no music yet, so a model learns the demo band"
        return (
            f"{start}; then clips, songs, titles and a cover are made and exported, by one of the ways in which the "
            "albums of the paper were made. Everything lands in this project, to go on with by hand."
        )

    def _fields(self) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(12)
        grid.setHorizontalSpacing(18)
        dice = button("Roll", tip="Another number")
        dice.clicked.connect(lambda: self.seed.setValue(random.randrange(_LARGEST_SEED)))
        rows = (
            ("Model", self.preset, column(row(self.preset, 1), self.model_words, spacing=6)),
            ("Learn", self.by_time, row(self.by_time, self.by_epochs, self.as_learnt, self.minutes, self.epochs, 1)),
            ("Songs", self.songs, row(self.songs, 1)),
            ("Length of each", self.seconds, row(self.seconds, 1)),
            ("Files", self.formats["flac"], _in_rows(list(self.formats.values()))),
            ("Seed", self.seed, row(self.seed, dice, label("the same seed draws the same lots", "faint"), 1)),
        )
        for place, (name, buddy, fields) in enumerate(rows):
            shown = label(name, "dim")
            shown.setBuddy(buddy)
            buddy.setAccessibleName(name)
            grid.addWidget(shown, place, 0, Qt.AlignmentFlag.AlignTop if buddy is self.preset else Qt.AlignmentFlag(0))
            grid.addLayout(fields, place, 1)
        grid.setColumnStretch(1, 1)
        return made

    def _choose_measure(self) -> None:
        group = QButtonGroup(self)
        group.addButton(self.by_time)
        group.addButton(self.by_epochs)
        group.addButton(self.as_learnt)
        self.as_learnt.setVisible(self._learnt is not None)
        self.as_learnt.toggled.connect(lambda on: self.preset.setEnabled(not on))
        self.by_time.setChecked(True)
        self.epochs.hide()
        self.by_time.toggled.connect(self.minutes.setVisible)
        self.by_epochs.toggled.connect(self.epochs.setVisible)
        self.minutes.setAccessibleName("Minutes to learn for")
        self.epochs.setAccessibleName("Epochs to learn for")

    def _show_trouble(self, jobs: JobList) -> None:
        busy = any(isinstance(job, TrainingJob) or job.name == "Make it for me" for job in jobs.running)
        self.trouble.setText("A model is learning already. Wait for it, or stop it first." if busy else "")
        self.trouble.setVisible(busy)
        self.begin.setEnabled(not busy)

    def _recall(self) -> None:
        """What was chosen last, here or on Train."""
        learning = self._project.value.learning
        if learning is None:
            self._choose(default_preset(on_gpu=False).name)
            inspect_machine(self._jobs).finished.connect(self._on_machine)
            return
        if not learning.custom:
            self._choose(learning.preset)
        (self.by_time if learning.by_time else self.by_epochs).setChecked(True)
        self.epochs.setValue(learning.epochs)
        self.minutes.setValue(max(round(learning.minutes), 1))

    def _choose(self, preset: str) -> None:
        self.preset.setCurrentIndex(max(self.preset.findData(preset), 0))

    @Slot(object)
    def _on_machine(self, machine: Machine) -> None:
        """A graphics card is known of only now; what was chosen meanwhile stays."""
        if self.preset.currentData() == default_preset(on_gpu=False).name:
            self._choose(default_preset(on_gpu=machine.has_gpu).name)

    def _remember(self) -> None:
        if self.as_learnt.isChecked():
            return
        chosen = as_chosen(
            PRESETS[self.preset.currentData()],
            by_time=self.by_time.isChecked(),
            epochs=self.epochs.value(),
            minutes=float(self.minutes.value()),
        )
        self._project.update(lambda value: choose_learning(value, chosen))

    @Slot()
    def _work_out(self) -> None:
        """Finds out what the model takes, where trying it disturbs nothing."""
        self.model_words.setText(PRESETS[self.preset.currentData()].words)
        self._show_takes()
        if not self._jobs.asked_for:
            work_out(self._jobs, PRESETS[self.preset.currentData()]).finished.connect(self._on_worked_out)

    @Slot(object)
    def _on_worked_out(self, estimate: Estimate) -> None:
        self._estimate = estimate
        self._show_takes()

    @Slot()
    def _show_takes(self) -> None:
        if self._learnt is not None and self.as_learnt.isChecked():
            epochs = plural(self._learnt.epoch, "epoch")
            self.takes.setText(f"Clips come from {epochs} of learning that are there. Songs and cover come after them.")
            return
        by_time = self.by_time.isChecked()
        seconds = self.minutes.value() * 60.0 if by_time else None
        plan = TrainingPlan(PRESETS[self.preset.currentData()], None if by_time else self.epochs.value(), seconds)
        music = sum(track.seconds for track in self._project.value.album.tracks if track.on)
        takes = what_it_takes(plan, self._estimate, music, None).rstrip(".")
        self.takes.setText(f"Learning: {takes[:1].lower()}{takes[1:]}. Clips, songs and cover come after it.")

    def options(self) -> MakeOptions:
        """What was chosen."""
        by_time = self.by_time.isChecked()
        by_epochs = self.by_epochs.isChecked()
        return replace(
            options_for(self._project),
            recipe=self.recipes.name,
            is_learnt=self.as_learnt.isChecked(),
            preset=self.preset.currentData(),
            songs=self.songs.value(),
            song_seconds=float(self.seconds.value()),
            formats=tuple(name for name, chip in self.formats.items() if chip.isChecked()) or ("flac",),
            seed=self.seed.value(),
            budget=self.minutes.value() * 60.0 if by_time else None,
            epochs=self.epochs.value() if by_epochs else None,
        )

    def _begin(self) -> None:
        self._remember()
        self.wanted.emit(self.options())
        self.accept()


def _in_rows(chips: list[QPushButton]) -> QVBoxLayout:
    return column(
        *(row(*chips[at : at + _IN_A_ROW], 1, spacing=6) for at in range(0, len(chips), _IN_A_ROW)), spacing=6
    )


def _number(value: int, least: int, most: int, unit: str) -> QSpinBox:
    made = QSpinBox()
    made.setRange(least, most)
    made.setValue(value)
    made.setSuffix(unit)
    made.setMinimumWidth(120)
    keep_off_edges(made)
    return made


def _chip(text: str) -> QPushButton:
    made = button(text, "chip")
    made.setCheckable(True)
    return made
