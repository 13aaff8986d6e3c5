"""Which epoch, how warm: a grid of short sounds is made and compared by ear, and more is generated of the best."""

from __future__ import annotations

import random
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from app.document.ages import epoch_age
from app.document.guide_choice import GuideSource
from app.jobs.grid import GRID_TEMPERATURES, GridJob, GridRequest, GridRow, epochs_to_compare, make_grid
from app.jobs.job import JobList
from app.playback.player import Player, Source
from app.screens.kept_runs import kept_runs
from app.session.open_project import OpenProject
from app.widgets.clips.checkpoint_choice import KeptRun
from app.widgets.clips.epoch_grid import Cell, GridRowHead
from app.widgets.clips.generate_settings import GridCell
from app.widgets.clips.grid_dialog import GridDialog


class Comparing(QObject):
    """Opens the grid.

    Args:
        more: asks for more clips that are made in this way.

    Signals:
        told(str, str): why there is nothing to compare, and the kind of the message.
        heard(): a cell was played, and is what the player still holds.
    """

    told = Signal(str, str)
    heard = Signal()

    def __init__(
        self, project: OpenProject, jobs: JobList, player: Player, more: Callable[[GridCell], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._project, self._jobs, self._player, self._window = project, jobs, player, parent
        self._more = more
        self._seeds = random.Random()

    def ask(self) -> None:
        """Makes and shows the grid of the newest run's checkpoints; goes on to Generate where that is wanted."""
        runs = kept_runs(self._project)
        if not runs:
            self.told.emit("There is no checkpoint to compare yet. Let the model learn first.", "")
            return
        kept = runs[-1]
        heads = _heads(kept)
        dialog = GridDialog(heads, GRID_TEMPERATURES, kept.run.id if len(runs) > 1 else "", self._window)
        request = GridRequest(kept.run.id, tuple(head.epoch for head in heads), self._seeds.randrange(1_000_000))
        shown = _GridShown(self._project, self._jobs, self._player, dialog, request)
        shown.begin()
        agreed = dialog.exec() == QDialog.DialogCode.Accepted
        chosen = dialog.chosen
        if shown.close():
            self.heard.emit()
        dialog.deleteLater()
        if agreed and chosen is not None:
            self._more(GridCell(kept.run.id, *chosen, shown.guide_of(chosen[0])))


def _heads(kept: KeptRun) -> list[GridRowHead]:
    best = kept.run.best_epoch
    epochs = epochs_to_compare(kept.epochs, {best, *kept.starred})
    notes = dict.fromkeys(kept.starred, "★")
    notes[best] = "the best on held-out music"
    return [GridRowHead(epoch, epoch_age(epoch, kept.epochs[-1]), notes.get(epoch, "")) for epoch in epochs]


class _GridShown(QObject):
    """Makes the grid of a dialog, and plays its cells."""

    def __init__(
        self, project: OpenProject, jobs: JobList, player: Player, dialog: GridDialog, request: GridRequest
    ) -> None:
        super().__init__(dialog)
        self._project, self._jobs, self._player, self._dialog = project, jobs, player, dialog
        self._request = request
        self._job: GridJob | None = None
        self._rows: list[GridRow] = []
        self._cell: Cell = (0, 0)
        self._source: Source | None = None
        """What was played last."""
        dialog.again_asked.connect(self._again)
        dialog.stop_asked.connect(self._stop)
        dialog.grid.play_asked.connect(self._play)
        player.position_changed.connect(self._show_playing)
        player.state_changed.connect(self._show_playing)

    def guide_of(self, epoch: int) -> GuideSource:
        """What the cells of a row that was made play along to."""
        return next(row.guide for row in self._rows if row.epoch == epoch)

    def begin(self) -> None:
        """Starts making it."""
        self._rows = []
        self._dialog.begin()
        self._job = job = make_grid(self._jobs, self._project.folder, self._request)
        job.made.connect(self._on_made)
        job.progressed.connect(self._on_progress)
        job.failed.connect(self._on_failed)
        job.ended.connect(self._on_ended)

    def close(self) -> bool:
        """Leaves off making and playing it; whether the player still holds a cell."""
        self._stop()
        self._job = None
        self._player.position_changed.disconnect(self._show_playing)
        self._player.state_changed.disconnect(self._show_playing)
        if self._is_heard():
            self._player.pause()
        return self._source is not None and self._player.source is self._source

    def _again(self) -> None:
        if self._is_heard():
            self._player.pause()
        request = self._request
        seed = random.Random(request.seed).randrange(1_000_000)
        self._request = GridRequest(request.run, request.epochs, seed)
        self.begin()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _is_current(self) -> bool:
        return self._job is not None and self.sender() is self._job

    @Slot(object)
    def _on_made(self, row: GridRow) -> None:
        if self._is_current():
            self._rows.append(row)
            self._dialog.grid.add_row([sound.samples for sound in row.sounds])

    @Slot(float, str, float)
    def _on_progress(self, fraction: float, words: str, _seconds_left: float) -> None:
        if self._is_current():
            self._dialog.show_progress(fraction, words)

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        if self._is_current():
            self._dialog.end(why)

    @Slot()
    def _on_ended(self) -> None:
        if self._is_current():
            self._job = None
            if self._dialog.progress.isVisible():
                self._dialog.end()

    def _is_heard(self) -> bool:
        return self._source is not None and self._player.source is self._source and self._player.is_playing

    @Slot(int, int)
    def _play(self, row: int, column: int) -> None:
        if self._is_heard() and self._cell == (row, column):
            self._player.pause()
            return
        self._cell = (row, column)
        self._source = self._rows[row].sounds[column]
        self._player.play(self._source)

    @Slot()
    def _show_playing(self) -> None:
        length = self._player.length
        heard = self._is_heard()
        self._dialog.grid.show_playing(
            self._cell if heard else None, self._player.position / length if heard and length else 0.0
        )
