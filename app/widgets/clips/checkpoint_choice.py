"""Choosing a checkpoint of the project: the newest, the best, or any that is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QWidget

from app.document.model import Run


@dataclass(frozen=True)
class KeptRun:
    """A run and the epochs of its checkpoints, the oldest first."""

    run: Run
    epochs: tuple[int, ...]
    starred: Collection[int] = ()


class CheckpointChoice(QComboBox):
    """Offers checkpoints, run by run; the data of a line is (run, epoch)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Checkpoint")
        self.setMaxVisibleItems(16)
        self._shown: list[tuple[str, str, int]] = []

    def show_runs(self, runs: Sequence[KeptRun]) -> None:
        """Offers the checkpoints of these, the newest run last.

        The first line stays the first: whoever had the newest has the newest again. Any other choice stays, too, as
        long as it is kept.
        """
        choices = _choices(runs)
        if choices == self._shown:
            return
        chosen = self.chosen if self.currentIndex() > 0 else None
        self._shown = choices
        self.blockSignals(True)
        self.clear()
        for words, run, epoch in choices:
            self.addItem(words, (run, epoch))
        if chosen is not None:
            self.choose(*chosen)
        self.blockSignals(False)

    @property
    def chosen(self) -> tuple[str, int] | None:
        """Run and epoch; None where there is nothing to choose from."""
        data = self.currentData()
        return (data[0], data[1]) if data else None

    def choose(self, run: str, epoch: int) -> None:
        """Shows this checkpoint as chosen, where it is offered."""
        place = next((place for place, (_, *one) in enumerate(self._shown) if one == [run, epoch]), -1)
        if place >= 0:
            self.setCurrentIndex(place)


def _choices(runs: Sequence[KeptRun]) -> list[tuple[str, str, int]]:
    """Words, run and epoch: the newest checkpoint first, then the best, then all, run by run."""
    choices: list[tuple[str, str, int]] = []
    for kept in reversed(runs):
        of_run = f" of {kept.run.id}" if len(runs) > 1 else ""
        newest = kept.epochs[-1]
        choices.append((f"Newest{of_run} · epoch {newest}", kept.run.id, newest))
        best = kept.run.best_epoch
        if best in kept.epochs and best != newest:
            choices.append((f"Best{of_run} · epoch {best}", kept.run.id, best))
    for kept in reversed(runs):
        of_run = f"{kept.run.id} · " if len(runs) > 1 else ""
        for epoch in reversed(kept.epochs):
            star = " ★" if epoch in kept.starred else ""
            choices.append((f"{of_run}epoch {epoch}{star}", kept.run.id, epoch))
    return choices
