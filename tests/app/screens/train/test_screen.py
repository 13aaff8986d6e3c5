"""The Train screen, driven by mouse and keys, with a real trainer on a tiny model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.document.edits.album import switch_track
from app.document.edits.made import choose_learning, put_run
from app.document.model import Learning, Project, Run
from app.document.store import create_project, load_project
from app.jobs.job import JobList
from app.jobs.make import make_for_me, options_for
from app.jobs.train import PRESETS, Machine, Preset, default_preset
from app.playback.player import Player
from app.screens.train import panel as train_panel
from app.screens.train.custom_model import CustomModelDialog
from app.screens.train.model_words import badge_words
from app.screens.train.screen import TrainScreen
from app.session.open_project import OpenProject
from app.widgets.controls.choice_card import ChoiceCard
from tests.app.conftest import OpenFolder
from tests.app.screens.conftest import shown

MINUTE = 60_000
CLICK = Qt.MouseButton.LeftButton

Show = Callable[[OpenProject], TrainScreen]


@pytest.fixture
def project(open_project: OpenFolder, album_project: tuple[Path, Project]) -> OpenProject:
    return open_project(*album_project)


@pytest.fixture
def show(qtbot: QtBot, jobs: JobList, player: Player) -> Show:
    """Shows the screen of a project; several may be shown, one after another."""

    def make(project: OpenProject) -> TrainScreen:
        made = shown(qtbot, TrainScreen(project, jobs, player))
        made.entered()
        return made

    return make


def long(tiny: Preset) -> Preset:
    return replace(tiny, train=replace(tiny.train, steps_per_epoch=1_000_000))


def test_without_an_album_it_says_what_to_do(
    qtbot: QtBot, show: Show, open_project: OpenFolder, tmp_path: Path
) -> None:
    folder = tmp_path / "Empty.deepcuts"
    screen = show(open_project(folder, create_project(folder)))
    assert screen.to_album.isVisible()
    assert not screen.start.isVisible()
    with qtbot.waitSignal(screen.go) as gone:
        qtbot.mouseClick(screen.to_album, CLICK)
    assert gone.args == ["album"]
    assert screen.rail_note() == ""


def test_an_album_all_switched_off_cannot_be_learnt(show: Show, project: OpenProject) -> None:
    screen = show(project)
    assert screen.start.isVisible()
    assert screen.start.isEnabled()
    project.edit("Off", switch_track, "t1", False)
    assert screen.to_album.isVisible()


def test_learning_from_start_to_end(qtbot: QtBot, show: Show, project: OpenProject, tiny: Preset) -> None:
    screen = show(project)
    screen.panel.choose(tiny)
    assert screen.panel.album.value("Music") == "30 s"
    said: list[str] = []
    screen.say.connect(lambda text, kind: said.append(kind))
    qtbot.mouseClick(screen.start, CLICK)
    assert screen.stop.isVisible()
    assert not screen.panel.models.isEnabled()
    qtbot.waitUntil(lambda: screen.job is None, timeout=4 * MINUTE)
    assert said == ["good"]
    assert screen.stats.text("Epoch") == "2 of 2"
    assert screen.stats.text("Held-out").endswith("bits")
    assert screen.stats.text("Left") == "done"
    assert len(screen.plot.drawn()["held-out"][0]) == 2
    assert screen.plot.curves.linear is not None
    assert screen.rail_note() == "epoch 2"
    assert screen.panel.album.value("Train / valid / test").count("/") == 2
    assert "CPU" in screen.panel.machine.value("Device") or screen.panel.machine.value("Device")
    assert screen.panel.machine.value("Previews").endswith("% of the time")
    assert screen.panel.disk.text().startswith("2 checkpoints")
    assert screen.resume.isVisible()
    assert screen.again.isVisible()
    assert not screen.start.isVisible()


def test_pause_continue_and_stop_by_mouse_and_key(qtbot: QtBot, show: Show, project: OpenProject, tiny: Preset) -> None:
    screen = show(project)
    screen.panel.choose(long(tiny))
    qtbot.keyClick(screen.start, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.pause.isVisible(), timeout=2 * MINUTE)
    qtbot.mouseClick(screen.pause, CLICK)
    assert screen.pause.text() == "Continue"
    assert screen.stats.text("Left") == "paused"
    qtbot.keyClick(screen.pause, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert screen.pause.text() == "Pause"
    qtbot.waitUntil(lambda: len(screen.plot.drawn()["raw"][0]) > 0, timeout=MINUTE)
    qtbot.mouseClick(screen.stop, CLICK)
    assert screen.stop.text() == "Stopping…"
    assert not screen.stop.isEnabled()
    qtbot.waitUntil(lambda: screen.job is None, timeout=2 * MINUTE)
    assert screen.resume.isVisible()


def test_work_goes_on_while_another_screen_is_shown(
    qtbot: QtBot, show: Show, project: OpenProject, tiny: Preset
) -> None:
    screen = show(project)
    screen.panel.choose(tiny)
    qtbot.mouseClick(screen.start, CLICK)
    screen.hide()
    qtbot.waitUntil(lambda: screen.job is None, timeout=4 * MINUTE)
    screen.show()
    assert screen.stats.text("Epoch") == "2 of 2"
    assert len(screen.plot.drawn()["held-out"][0]) == 2


def test_after_a_restart_the_whole_history_is_there_and_learning_goes_on(
    qtbot: QtBot, show: Show, project: OpenProject, tiny: Preset
) -> None:
    first = show(project)
    first.panel.choose(tiny)
    qtbot.mouseClick(first.start, CLICK)
    qtbot.waitUntil(lambda: first.job is None, timeout=4 * MINUTE)
    kept = first.plot.drawn()["held-out"]
    first.hide()

    second = show(project)
    qtbot.waitUntil(lambda: len(second.plot.drawn()["held-out"][0]) == 2, timeout=MINUTE)
    assert second.plot.drawn()["held-out"][1].tolist() == pytest.approx(kept[1].tolist())
    assert second.panel.preset == tiny
    assert second.panel.models.key == "custom"
    assert second.stats.text("Best").startswith(f"{min(kept[1]):.3f}")
    second.panel.choose(PRESETS["paper"])
    second.panel.epochs.setValue(1)
    qtbot.mouseClick(second.resume, CLICK)
    assert second.panel.preset == tiny
    qtbot.waitUntil(lambda: second.job is None, timeout=4 * MINUTE)
    assert second.rail_note() == "epoch 3"
    assert project.value.runs[0].preset == tiny.name
    assert len(project.value.runs) == 1


def test_a_run_that_is_gone_on_with_is_shown_with_its_own_model(
    qtbot: QtBot, show: Show, project: OpenProject, tiny: Preset
) -> None:
    """Another one is chosen, and remembered, for the run after it."""
    screen = show(project)
    screen.panel.choose(tiny)
    screen.panel.epochs.setValue(1)
    qtbot.mouseClick(screen.start, CLICK)
    qtbot.waitUntil(lambda: screen.job is None, timeout=4 * MINUTE)
    qtbot.mouseClick(screen.panel.models.card("paper"), CLICK)
    screen.panel.epochs.setValue(10_000)
    qtbot.waitUntil(screen.resume.isEnabled, timeout=MINUTE)
    qtbot.mouseClick(screen.resume, CLICK)
    badges: set[str] = set()
    screen.job.updated.connect(lambda: badges.add(screen.head.badge.text()))  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: screen.log.epoch >= 3, timeout=4 * MINUTE)
    assert screen.panel.preset == tiny
    assert screen.panel.models.key == "custom"
    qtbot.mouseClick(screen.stop, CLICK)
    qtbot.waitUntil(lambda: screen.job is None, timeout=4 * MINUTE)
    assert badges == {badge_words(tiny)}
    assert screen.panel.preset == PRESETS["paper"]
    assert screen.head.badge.text() == badge_words(PRESETS["paper"])


def test_previews_appear_and_play(qtbot: QtBot, show: Show, project: OpenProject, tiny: Preset) -> None:
    screen = show(project)
    assert not screen.previews.play_all.isEnabled()
    screen.panel.choose(tiny)
    qtbot.mouseClick(screen.start, CLICK)
    qtbot.waitUntil(lambda: screen.job is None, timeout=4 * MINUTE)
    qtbot.waitUntil(lambda: all(card.has_waveform for card in screen.previews.cards.cards()), timeout=MINUTE)
    cards = screen.previews.cards.cards()
    assert cards[-1].facts.title == "epoch 2"
    qtbot.mouseClick(cards[-1], CLICK)
    assert screen.player.is_playing
    assert [card.is_playing for card in screen.previews.cards.cards()][-1]
    qtbot.mouseClick(cards[-1], CLICK)
    assert not screen.player.is_playing
    assert not cards[-1].is_playing
    qtbot.mouseClick(screen.previews.play_all, CLICK)
    assert screen.player.is_playing
    assert cards[0].is_playing
    assert screen.previews.play_all.text() == "Stop"
    qtbot.mouseClick(screen.previews.play_all, CLICK)
    assert not screen.player.is_playing


def test_presets_and_lengths_make_the_plan(qtbot: QtBot, show: Show, project: OpenProject) -> None:
    panel = show(project).panel
    qtbot.mouseClick(panel.models.card("paper"), CLICK)
    assert panel.plan().preset is PRESETS["paper"]
    assert panel.plan().epochs == PRESETS["paper"].train.epochs
    qtbot.mouseClick(panel.by_time, CLICK)
    panel.minutes.setValue(90)
    assert (panel.plan().epochs, panel.plan().seconds) == (None, 5400.0)
    qtbot.mouseClick(panel.by_epochs, CLICK)
    panel.epochs.setValue(7)
    assert (panel.plan().epochs, panel.plan().seconds) == (7, None)


def test_what_learning_takes_is_told_before_it_begins(qtbot: QtBot, show: Show, project: OpenProject) -> None:
    panel = show(project).panel
    wants = "Learning wants"
    qtbot.waitUntil(lambda: panel.machine.value(wants).startswith("about 0."), timeout=4 * MINUTE)
    sketch = panel.machine.value(wants)
    qtbot.mouseClick(panel.models.card("paper"), CLICK)
    qtbot.waitUntil(lambda: panel.machine.value(wants) not in ("–", sketch), timeout=4 * MINUTE)
    paper = PRESETS["paper"]
    assert panel.machine.value("One epoch").startswith("about ")
    panel.choose(replace(paper, model=replace(paper.model, width=8192, layers=64)))
    panel.changed.emit()
    qtbot.waitUntil(lambda: panel.machine.value(wants).endswith("GB, too much"), timeout=4 * MINUTE)


def test_how_long_it_takes_is_told_before_it_begins(qtbot: QtBot, show: Show, project: OpenProject) -> None:
    panel = show(project).panel
    assert panel.takes.text() == "How long that takes is told in a moment."
    qtbot.waitUntil(lambda: panel.takes.text().endswith("on this machine"), timeout=MINUTE)
    assert panel.takes.text().startswith("About ")
    qtbot.mouseClick(panel.by_time, CLICK)
    panel.minutes.setValue(5)
    assert panel.takes.text().startswith("5 m 00 s: ")
    project.update(lambda value: put_run(value, Run(id="r1", preset="sketch", epoch=2)))
    assert panel.takes.text().startswith("5 m 00 s more: ")
    qtbot.mouseClick(panel.by_epochs, CLICK)
    panel.epochs.setValue(7)
    assert panel.takes.text().endswith(" for the 5 epochs left on this machine")


def test_what_was_chosen_is_remembered_with_the_project(
    qtbot: QtBot, show: Show, project: OpenProject, open_project: OpenFolder
) -> None:
    panel = show(project).panel
    qtbot.mouseClick(panel.models.card("paper"), CLICK)
    panel.epochs.setValue(3)
    qtbot.mouseClick(panel.by_time, CLICK)
    panel.minutes.setValue(42.5)
    project.close()
    again = show(open_project(project.folder, load_project(project.folder))).panel
    assert again.preset == PRESETS["paper"]
    assert again.plan().seconds == 42.5 * 60
    qtbot.mouseClick(again.by_epochs, CLICK)
    assert again.plan().epochs == 3


def test_numbers_of_ones_own_are_remembered_too(
    show: Show, project: OpenProject, open_project: OpenFolder, tiny: Preset
) -> None:
    panel = show(project).panel
    panel.choose(tiny)
    panel.changed.emit()
    project.close()
    assert show(open_project(project.folder, load_project(project.folder))).panel.preset == tiny


@pytest.mark.parametrize("learning", [Learning(preset="gone"), Learning(custom="{"), Learning(custom='{"model": 5}')])
def test_a_choice_that_there_is_no_more_is_passed_over(show: Show, project: OpenProject, learning: Learning) -> None:
    project.update(lambda value: choose_learning(value, learning))
    assert show(project).panel.preset == default_preset(on_gpu=False)


def test_a_graphics_card_begins_with_sketch_and_says_why(show: Show, project: OpenProject) -> None:
    screen = show(project)
    screen._on_machine(Machine("RTX", 1.0, 8.0, has_gpu=True))
    assert screen.panel.preset is PRESETS["sketch"]
    assert screen.panel.models.key == "sketch"
    assert screen.panel.plan().epochs == PRESETS["sketch"].train.epochs
    assert screen.panel.hint.isVisible()
    assert "graphics card" in screen.panel.hint.text()
    assert project.value.learning is None, "nothing was chosen by the artist"
    screen._on_machine(Machine("CPU", 1.0, 8.0, has_gpu=False))
    assert screen.panel.preset == default_preset(on_gpu=False)
    assert screen.panel.hint.isVisible() == (not screen.panel.preset.model.guide_predictor)


def test_what_was_chosen_stays_whatever_the_machine_is(qtbot: QtBot, show: Show, project: OpenProject) -> None:
    screen = show(project)
    qtbot.mouseClick(screen.panel.models.card("guided-sketch"), CLICK)
    qtbot.mouseClick(screen.panel.models.card("paper"), CLICK)
    screen._on_machine(Machine("RTX", 1.0, 8.0, has_gpu=True))
    assert screen.panel.preset is PRESETS["paper"]


def test_the_learning_of_make_for_me_is_shown_while_it_works(
    qtbot: QtBot, show: Show, project: OpenProject, tiny: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its curve, its numbers, and what it sounds like so far."""
    monkeypatch.setattr("samplernn.training.trainer._FIRST_SAVE", 0.0)
    screen = show(project)
    options = replace(
        options_for(project), preset="sketch", songs=1, song_seconds=4.0, formats=("flac",), seed=1, epochs=1_000
    )
    job = make_for_me(project, screen.jobs, replace(options, preset=long(tiny)))
    qtbot.waitUntil(lambda: len(screen.plot.curves.training[0]) > 2, timeout=MINUTE)
    assert not screen.start.isEnabled()
    qtbot.waitUntil(lambda: len(screen.previews.cards.cards()) == 1, timeout=MINUTE)
    assert screen.stats.text("Epoch") == "1 of 1000"
    assert screen.head.badge.text() == badge_words(long(tiny))
    job.cancel()
    qtbot.waitUntil(lambda: not screen.jobs.running, timeout=4 * MINUTE)
    assert len(screen.plot.curves.training[0]) > 2
    assert [run.id for run in project.value.runs] == ["r1"]
    qtbot.waitUntil(screen.resume.isEnabled, timeout=MINUTE)
    assert screen.panel.takes.text()


def test_the_custom_card_keeps_the_old_choice_where_the_dialog_is_left(
    qtbot: QtBot, show: Show, project: OpenProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = show(project).panel
    monkeypatch.setattr(train_panel.CustomModelDialog, "exec", lambda self: 0)
    qtbot.mouseClick(panel.models.card("custom"), CLICK)
    assert panel.preset == default_preset(on_gpu=False)
    assert panel.models.key == panel.preset.name


def test_the_other_presets_are_reached_by_the_last_card(
    qtbot: QtBot, show: Show, project: OpenProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = show(project).panel
    cards = [card.accessibleName() for card in panel.models.findChildren(ChoiceCard)]
    assert cards == ["Guided sketch", "Sketch", "Paper 2018", "Paper 32 kHz", "3-tier", "Custom…"]

    def choose(preset: str) -> None:
        def exec_(dialog: CustomModelDialog) -> int:
            dialog.start.setCurrentText(PRESETS[preset].title)
            dialog.start.activated.emit(dialog.start.currentIndex())
            dialog.accept()
            return 1

        monkeypatch.setattr(train_panel.CustomModelDialog, "exec", exec_)
        qtbot.mouseClick(panel.models.card("custom"), CLICK)

    choose("long")
    assert panel.plan().preset is PRESETS["long"]
    assert panel.models.key == "custom"
    custom = panel.models.card("custom")
    assert custom.accessibleName() == "Custom… · Long"
    assert custom.accessibleDescription() == "2-tier LSTM ×5 · 1024 · 8 kHz"
    choose("three-tier-iclr")
    assert panel.models.key == "three-tier-iclr"
    assert (custom.accessibleName(), custom.accessibleDescription()) == ("Custom…", "every number")


def test_one_model_learns_at_a_time(qtbot: QtBot, show: Show, project: OpenProject) -> None:
    """What makes an album without hands may be at work on the very run that would be gone on with here."""
    screen = show(project)
    options = replace(
        options_for(project), preset="sketch", songs=1, song_seconds=5.0, formats=("flac",), seed=1, epochs=1
    )
    job = make_for_me(project, screen.jobs, options)
    assert not screen.start.isEnabled()
    screen.start_or_resume()
    assert screen.job is None
    job.cancel()
    qtbot.waitUntil(lambda: screen.start.isEnabled() or screen.resume.isVisible(), timeout=2 * MINUTE)
