"""The previews of a run: played, starred, and told which is the best."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.document.edits.release import name_release, set_finish
from app.document.model import SONG_RATE, Project
from app.jobs.job import JobList
from app.playback.player import Player
from app.screens.train.previews import PreviewList
from app.session.checkpoints import checkpoints_of
from app.widgets.clips.clip_cards import ClipCard
from samplernn.training.retention import remove_old_checkpoints
from tests.app.conftest import OpenFolder, add_checkpoints
from tests.app.finishes import give_finish

MINUTE = 60_000
CLICK = Qt.MouseButton.LeftButton


@pytest.fixture
def heard(
    qtbot: QtBot, open_project: OpenFolder, jobs: JobList, player: Player, made_project: tuple[Path, Project]
) -> PreviewList:
    """Six previews of a run, of which the checkpoints of the epochs 1, 3 and 9 are there."""
    folder, value = made_project
    add_checkpoints(folder, 1, 3, 9)
    previews = tuple(replace(clip, preview=True) for clip in value.clips)
    shown = PreviewList(open_project(folder, replace(value, clips=previews)), jobs, player)
    qtbot.addWidget(shown)
    shown.resize(900, 420)
    shown.show()
    shown.show_run("run-1")
    qtbot.waitUntil(lambda: all(card.has_waveform for card in shown.cards.cards()), timeout=MINUTE)
    return shown


def test_previews_have_the_finish_that_is_chosen_even_while_they_play(
    qtbot: QtBot, heard: PreviewList, made_project: tuple[Path, Project]
) -> None:
    project, player = heard._project, heard._player

    def is_wide() -> bool:
        assert player.source is not None
        sound = player.source.read(0, player.source.rate)
        return bool(np.abs(sound[:, 0] - sound[:, 1]).max() > 0.001)

    heard.toggle_all()
    qtbot.waitUntil(lambda: player.is_playing)
    assert not is_wide()
    give_finish(made_project[0])
    project.edit("Name release", name_release, "Another", "Band")  # as the end of an epoch would
    qtbot.waitUntil(lambda: player.source is not None and player.source.rate == SONG_RATE, timeout=MINUTE)
    assert is_wide()
    assert player.is_playing
    project.edit("Change finish", set_finish, "made")
    qtbot.waitUntil(lambda: not is_wide(), timeout=MINUTE)
    assert player.is_playing
    player.stop()


def card_of(heard: PreviewList, epoch: int) -> ClipCard:
    return next(card for card in heard.cards.cards() if card.facts.title == f"epoch {epoch}")


def starred(folder: Path) -> list[int]:
    return [one.epoch for one in checkpoints_of(folder, "run-1") if one.starred]


def test_a_star_keeps_the_checkpoint_for_ever(
    qtbot: QtBot, heard: PreviewList, made_project: tuple[Path, Project]
) -> None:
    folder = made_project[0]
    qtbot.mouseClick(card_of(heard, 1).star, CLICK)
    qtbot.keyClick(card_of(heard, 3).star, Qt.Key.Key_Space)
    assert starred(folder) == [1, 3]
    assert card_of(heard, 1).star.text() == "★"
    assert not card_of(heard, 1).is_playing
    qtbot.mouseClick(card_of(heard, 3).star, CLICK)
    assert starred(folder) == [1]
    assert card_of(heard, 3).star.text() == "☆"
    for epoch in range(10, 20):
        add_empty(folder, epoch)
    remove_old_checkpoints(folder / "runs/run-1", {}, room=0)
    epochs = [one.epoch for one in checkpoints_of(folder, "run-1")]
    assert 1 in epochs
    assert 3 not in epochs


def add_empty(folder: Path, epoch: int) -> None:
    (folder / f"runs/run-1/checkpoints/epoch-{epoch:04}.safetensors").write_bytes(b"0")


def test_a_preview_whose_checkpoint_is_gone_still_plays(qtbot: QtBot, heard: PreviewList) -> None:
    gone = card_of(heard, 5)
    assert not gone.star.isVisible()
    assert "removed to make room" in gone.toolTip()
    qtbot.mouseClick(gone, CLICK)
    qtbot.waitUntil(lambda: gone.is_playing, timeout=MINUTE)


def test_a_checkpoint_that_goes_before_the_star_comes_is_told(
    qtbot: QtBot, heard: PreviewList, made_project: tuple[Path, Project]
) -> None:
    (made_project[0] / "runs/run-1/checkpoints/epoch-0003.safetensors").unlink()
    with qtbot.waitSignal(heard.say) as said:
        qtbot.mouseClick(card_of(heard, 3).star, CLICK)
    assert "no checkpoint of epoch 3 any more" in said.args[0]
    assert not card_of(heard, 3).star.isVisible()
    assert starred(made_project[0]) == []


def test_the_best_is_marked(heard: PreviewList) -> None:
    assert [card.facts.title for card in heard.cards.cards() if card.facts.best] == ["epoch 9"]
    assert "the best so far" in card_of(heard, 9).accessibleName()


def test_a_preview_from_amid_an_epoch_is_never_the_best_and_keeps_its_name(
    qtbot: QtBot, open_project: OpenFolder, jobs: JobList, player: Player, made_project: tuple[Path, Project]
) -> None:
    folder, value = made_project
    first = replace(value.clips[0], epoch=1, preview=True, early=True)
    scored = replace(value.clips[1], epoch=1, preview=True)
    learning = replace(value, songs=(), clips=(first,), runs=(replace(value.runs[0], best_epoch=0),))
    project = open_project(folder, learning)
    shown = PreviewList(project, jobs, player)
    qtbot.addWidget(shown)
    shown.show_run("run-1")
    assert [(card.facts.title, card.facts.best) for card in shown.cards.cards()] == [("early in epoch 1", False)]
    done = replace(learning, clips=(first, scored), runs=(replace(value.runs[0], best_epoch=1),))
    project.update(lambda _: done)
    shown.show_run("run-1")
    named = [(card.facts.title, card.facts.best) for card in shown.cards.cards()]
    assert named == [("early in epoch 1", False), ("epoch 1", True)]
    older = replace(done, clips=(replace(first, early=False), scored))
    project.update(lambda _: older)
    shown.show_run("run-1")
    assert [(card.facts.title, card.facts.best) for card in shown.cards.cards()] == named


def test_a_card_tells_how_much_of_an_epoch_was_learnt_where_time_cut_it_short(heard: PreviewList) -> None:
    epochs = [clip.epoch for clip in heard._clips]
    heard.show_run("run-1", {epochs[0]: 0.354})
    titles = [card.facts.title for card in heard.cards.cards()]
    assert titles[0] == f"0.35 of epoch {epochs[0]}"
    assert not any(" of " in title for title in titles[2:])
    heard.cards.cards()[0].star.click()
    assert heard.cards.cards()[0].facts.title == titles[0]


def test_it_can_be_heard_live_where_there_is_a_checkpoint(qtbot: QtBot, heard: PreviewList) -> None:
    with qtbot.waitSignal(heard.live_asked):
        qtbot.mouseClick(heard.live, CLICK)
    heard.show_run("")
    assert not heard.live.isEnabled()
