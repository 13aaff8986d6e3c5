"""What is changed of a guide by hand: the form of one that is cut from bars, its parts, to be put into another order,
and its tempo; and what is drawn on the picture of any.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.document.beat_grid import SLOWEST
from app.document.guide_form import DRAWN_FORM, GuideForm, Parts, form_seconds, other_parts
from app.document.guide_touches import Touch, Touches, with_touch
from app.document.steps import Steps
from app.widgets.basics import button, row
from app.widgets.clips.bpm_field import bpm_field
from app.widgets.clips.guide_parts import GuideParts

_UNKNOWN = SLOWEST - 1
"""What the field has where no tempo is known, and a word in its place."""
_SHOWN_BPM = 0.05
"""Tempos that differ by less are shown alike."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What undo goes back to: the form, how long clips were to be, in seconds, and what was drawn."""

    form: GuideForm
    seconds: float
    touches: Touches = ()


class FormEditor(QObject):
    """The blocks of the plan, and the row of controls that belongs below them; and what is drawn.

    Signals:
        changed(): it is another form now, or something was drawn.
        redrawn(): the picture that is shown is of what was drawn before.
        length_wanted(float): clips are to be so many seconds long, as the form is.

    Attributes:
        parts: the blocks.
    """

    changed = Signal()
    redrawn = Signal()
    length_wanted = Signal(float)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps = Steps(_Plan(DRAWN_FORM, 0.0))
        self._seed = 0
        """Of the form that was drawn last."""
        self._bpm: float | None = None
        """Of the guide that is shown."""
        self.parts = GuideParts()
        self.bpm = bpm_field(_UNKNOWN, "Tempo of the guide")
        self.bpm.setSpecialValueText("tempo")
        self.bpm.setToolTip("Drawn from the album’s bars, unless you choose another one")
        self.other = button("Another form", tip="As many parts, in an order that is drawn by chance")
        self.repeat = button("Repeat", tip="The chosen part once more (Ctrl+D)")
        self.remove = button("Remove", tip="The chosen part (Del)")
        self.drawn = button("As drawn", "quiet", tip="Form and tempo by chance again, other ones for each clip")
        for each in (self.other, self.repeat, self.remove, self.drawn):
            each.setAutoDefault(False)
        self.controls = QWidget()
        self.controls.setLayout(row(self.bpm, self.other, self.repeat, self.remove, 1, self.drawn))
        self.parts.rearranged.connect(self._on_rearranged)
        self.parts.chosen_changed.connect(self._show_use)
        self.bpm.valueChanged.connect(self._on_bpm)
        self.other.clicked.connect(self._on_other)
        self.repeat.clicked.connect(self.parts.repeat_chosen)
        self.remove.clicked.connect(self.parts.remove_chosen)
        self.drawn.clicked.connect(self._on_drawn)
        self._show_use()

    @property
    def form(self) -> GuideForm:
        """What is chosen."""
        return self._steps.value.form

    @property
    def touches(self) -> Touches:
        """What is drawn on the picture."""
        return self._steps.value.touches

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """All that takes keys, in the order in which they come."""
        return (self.parts, self.bpm, self.other, self.repeat, self.remove, self.drawn)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return self._steps.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step that was undone."""
        return self._steps.can_redo

    def recall(self, form: GuideForm, touches: Touches, seed: int) -> None:
        """Takes what was chosen last time; forms that are asked for are drawn from this seed."""
        self._steps = Steps(_Plan(form, 0.0, touches))
        self._seed = seed
        self._show_use()

    def take_length(self, seconds: float) -> None:
        """Clips are to be so long."""
        self._steps.value = replace(self._steps.value, seconds=seconds)

    def show_guide(self, parts: tuple[tuple[str, float], ...], seconds: float, bpm: float | None) -> None:
        """Shows the plan that was worked out, as far as it goes in so many seconds."""
        self._bpm = bpm
        cut_off = seconds < self._steps.value.seconds - 0.1  # of a clip this long not all is shown
        self.parts.show_parts(parts, seconds, fixed=cut_off)
        self._show_bpm(bpm)
        self._show_use()

    def touch(self, touch: Touch) -> None:
        """Takes what was drawn on the picture, where that shows it already."""
        plan = self._steps.value
        if self._steps.put(replace(plan, touches=with_touch(plan.touches, touch))):
            self._show_use()
            self.changed.emit()

    def forget_steps(self) -> None:
        """Another guide is chosen, on which nothing was drawn; what was done to the one before is not undone there."""
        self._steps = Steps(replace(self._steps.value, touches=()))
        self._show_use()

    def show_none(self) -> None:
        """Nothing is known of the plan."""
        self._bpm = None
        self.parts.show_parts((), 0.0)
        self._show_bpm(None)
        self._show_use()

    def show_outdated(self) -> None:
        """What is shown is not the plan of what is asked now."""
        self.parts.setEnabled(False)
        self._show_use()

    def undo(self) -> None:
        """Goes one step back."""
        if self._steps.undo():
            self._show_steps()

    def redo(self) -> None:
        """Goes one step forth."""
        if self._steps.redo():
            self._show_steps()

    def _on_drawn(self) -> None:
        """Nothing is by hand any more."""
        self._take(_Plan(DRAWN_FORM, self._steps.value.seconds))

    def _on_rearranged(self, parts: Parts) -> None:
        self._put(replace(self.form, parts=parts))

    def _on_other(self) -> None:
        self._seed += 1
        self._put(replace(self.form, parts=other_parts(self.parts.names, self._seed)))

    def _on_bpm(self, bpm: float) -> None:
        self._bpm = bpm
        self._put(replace(self.form, bpm=bpm), gesture="bpm")

    def _put(self, form: GuideForm, gesture: Hashable = None) -> None:
        """A clip is as long as the form that is chosen for it."""
        seconds = self._steps.value.seconds
        if form.parts and self._bpm:
            # whole hundredths, as they are shown, and no more than there is: else another part would begin
            seconds = math.floor(100 * form_seconds(form.parts, self._bpm)) / 100
        self._take(_Plan(form, seconds, self.touches), gesture)

    def _take(self, plan: _Plan, gesture: Hashable = None) -> None:
        if self._steps.put(plan, gesture):
            self._show_steps()

    def _show_steps(self) -> None:
        """Shows at once what is chosen; its guide is still to be worked out."""
        plan = self._steps.value
        self._bpm = plan.form.bpm or self._bpm
        if plan.form.parts and self._bpm:
            length = form_seconds(plan.form.parts[:1], self._bpm)
            self.parts.show_parts(tuple((name, length) for name in plan.form.parts), plan.seconds)
        self._show_bpm(self._bpm)
        self._show_use()
        self.length_wanted.emit(plan.seconds)
        self.redrawn.emit()
        self.changed.emit()

    def _show_bpm(self, bpm: float | None) -> None:
        shown = _UNKNOWN if bpm is None else bpm
        # not what is being typed: the rest of the number is still to come
        if abs(shown - self.bpm.value()) >= _SHOWN_BPM:
            self.bpm.blockSignals(True)
            self.bpm.setMinimum(SLOWEST if bpm else _UNKNOWN)
            self.bpm.setValue(shown)
            self.bpm.blockSignals(False)

    def _show_use(self) -> None:
        can_change = bool(self.parts.names) and self.parts.isEnabled()
        for each in (self.bpm, self.other, self.repeat):
            each.setEnabled(can_change)
        self.remove.setEnabled(can_change and len(self.parts.names) > 1)
        self.drawn.setEnabled(self.form != DRAWN_FORM or bool(self.touches))
