"""The question which epoch, and how warm: answered by ear."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.document.words import isolated
from app.widgets.basics import button, column, label, line, row
from app.widgets.clips.epoch_grid import EpochGrid, GridRowHead
from app.widgets.dialogs.fitting import Dialog
from app.widgets.dialogs.progress_box import ProgressBox

_WORDS = "Eight seconds of each, all from the same start. A click or the arrow keys: hear it."


class GridDialog(Dialog):
    """Shows the grid as it is made; accepted, `chosen` is what to generate more of.

    Args:
        run: its name, where there is more than one; "" else.

    Signals:
        again_asked(): make it anew, from another start.
        stop_asked(): what is not made yet is not wanted.
    """

    again_asked = Signal()
    stop_asked = Signal()

    def __init__(
        self,
        heads: Sequence[GridRowHead],
        temperatures: Sequence[float],
        run: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Which epoch, how warm?")
        self._heads, self._temperatures = tuple(heads), tuple(temperatures)
        self.grid = EpochGrid(heads, temperatures)
        self.progress = ProgressBox()
        self.progress.cancel_asked.connect(self.stop_asked)
        self.words = label("", "dim", wrap=True, tabular=True)
        self.again = button("Another start", tip="The same again from another place of the album")
        self.again.clicked.connect(self.again_asked)
        self.shut = button("Close")
        self.shut.clicked.connect(self.reject)
        self.more = button("Generate more like this…", "primary")
        self.more.clicked.connect(self.accept)
        for each in (self.again, self.shut, self.progress.cancel):
            each.setAutoDefault(False)
        self.more.setDefault(True)
        of = f"of {isolated(run)}" if run else ""
        foot = row(self.words, self.again, self.shut, self.more)
        foot.setStretch(0, 1)
        self.fill(
            column(
                row(label("Which epoch, how warm?", "title"), 1, label(of, "faint"), spacing=10),
                label(_WORDS, "faint", wrap=True),
                self.grid,
                spacing=10,
            ),
            column(self.progress, line(), foot, spacing=12),
        )
        self.grid.current_changed.connect(self._show_use)
        self._show_use()
        self.grid.setFocus()

    @property
    def chosen(self) -> tuple[int, float] | None:
        """Epoch and temperature of the chosen cell; None for none."""
        if self.grid.current is None:
            return None
        at, warm = self.grid.current
        return self._heads[at].epoch, self._temperatures[warm]

    def begin(self) -> None:
        """Making it has begun."""
        self.grid.clear()
        self.progress.begin("Getting the first checkpoint ready")
        self._show_use()

    def show_progress(self, fraction: float, words: str) -> None:
        """How far it is, 0..1 of all rows."""
        self.progress.show_progress(fraction, words)
        self.grid.show_making(fraction * len(self._heads) - self.grid.rows_made)

    def end(self, problem: str = "") -> None:
        """Nothing is made any more; why not all of it is there, in plain words."""
        self.progress.hide()
        self.grid.show_making(0.0)
        self._show_use()
        if problem:
            self.words.setText(problem)

    def _show_use(self) -> None:
        chosen = self.chosen
        self.more.setEnabled(chosen is not None)
        self.again.setEnabled(self.progress.isHidden())
        self.words.setText(f"epoch {chosen[0]} · temperature {chosen[1]:.2f}" if chosen else "")
