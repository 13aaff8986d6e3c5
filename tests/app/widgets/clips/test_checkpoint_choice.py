"""The choice of a checkpoint keeps what was chosen and follows the newest."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.document.model import Run
from app.widgets.clips.checkpoint_choice import CheckpointChoice, KeptRun


def runs(*epochs: int, starred: tuple[int, ...] = ()) -> list[KeptRun]:
    return [KeptRun(Run(id="r1", preset="sketch", epoch=epochs[-1], best_epoch=2), epochs, starred)]


def test_the_newest_stays_the_newest_and_a_chosen_one_stays_chosen(qtbot: QtBot) -> None:
    choice = CheckpointChoice()
    qtbot.addWidget(choice)
    assert choice.chosen is None
    choice.show_runs(runs(1, 2, 3))
    assert choice.chosen == ("r1", 3)
    choice.show_runs(runs(1, 2, 3, 4))
    assert choice.chosen == ("r1", 4)
    choice.choose("r1", 2)
    assert choice.currentText() == "Best · epoch 2"
    choice.show_runs(runs(1, 2, 3, 4, 5))
    assert choice.chosen == ("r1", 2)
    choice.show_runs(runs(4, 5, 6))
    assert choice.chosen == ("r1", 6)
    choice.show_runs([])
    assert choice.chosen is None


def test_starred_checkpoints_bear_their_star(qtbot: QtBot) -> None:
    choice = CheckpointChoice()
    qtbot.addWidget(choice)
    choice.show_runs(runs(1, 2, 3, starred=(1,)))
    assert [choice.itemText(place) for place in range(choice.count())] == [
        "Newest · epoch 3",
        "Best · epoch 2",
        "epoch 3",
        "epoch 2",
        "epoch 1 ★",
    ]
