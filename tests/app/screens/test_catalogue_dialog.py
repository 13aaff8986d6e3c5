"""The song titles of the catalogue, driven by mouse and keys; the look-up against a server that speaks its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.jobs.job import JobList
from app.screens.catalogue_dialog import CatalogueDialog
from tests.app.screens.dropping import drop, files, words
from tests.titles.encyclopaedia import SONGS, Encyclopaedia, busy, serving

LEFT = Qt.MouseButton.LeftButton
WAIT = 20_000


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Encyclopaedia]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with serving() as encyclopaedia:
        monkeypatch.setenv("DEEPCUTS_MUSICBRAINZ", encyclopaedia.url)
        yield encyclopaedia


@pytest.fixture
def dialog(qtbot: QtBot, known: Encyclopaedia) -> Iterator[CatalogueDialog]:
    jobs = JobList()
    made = CatalogueDialog(["Old One", "Iron Harvest"], "Cast Iron Gardens", jobs)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    jobs.cancel_all()
    known.hang.set()
    qtbot.waitUntil(lambda: not jobs.running)


def look_up(qtbot: QtBot, dialog: CatalogueDialog) -> None:
    qtbot.mouseClick(dialog.lookup.ask, LEFT)
    qtbot.waitUntil(lambda: not dialog.lookup.is_going, timeout=WAIT)


def test_nothing_is_asked_before_the_person_does(qtbot: QtBot, dialog: CatalogueDialog, known: Encyclopaedia) -> None:
    qtbot.keyClicks(dialog.field, "A Title")
    qtbot.mouseClick(dialog.take, LEFT)
    assert dialog.titles == ("A TitleOld One", "Iron Harvest")
    assert known.asked == []


def test_one_of_several_artists_is_chosen_and_only_new_titles_are_added(
    qtbot: QtBot, dialog: CatalogueDialog, known: Encyclopaedia
) -> None:
    look_up(qtbot, dialog)
    shown = [dialog.lookup.list.item(row).text() for row in range(dialog.lookup.list.count())]
    assert shown[0] == "Cast Iron Gardens — group from Ghent, since 1991, doom metal"
    assert len(shown) == 3
    qtbot.keyClick(dialog.lookup.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.lookup.is_going, timeout=WAIT)
    assert dialog.titles == ("Old One", "Iron Harvest", *SONGS[1:], "Don't Look Down")
    assert dialog.lookup.said.startswith("41 titles of Cast Iron Gardens, looked up on ")
    assert dialog.lookup.said.endswith("; 40 of them are new here.")
    assert re.fullmatch(r"DeepCuts/[\d.]+( \( https?://\S+ \))?", known.asked[0][2])
    asked = len(known.asked)
    qtbot.mouseClick(dialog.lookup.get, LEFT)
    qtbot.waitUntil(lambda: dialog.lookup.said.endswith("all here already."), timeout=WAIT)
    assert len(known.asked) == asked
    qtbot.waitUntil(lambda: dialog.lookup.again.isVisible(), timeout=WAIT)
    qtbot.mouseClick(dialog.lookup.again, LEFT)
    qtbot.waitUntil(lambda: len(known.asked) == asked + 2, timeout=WAIT)
    qtbot.waitUntil(lambda: not dialog.lookup.is_going, timeout=WAIT)
    dialog.field.undo()
    assert dialog.titles == ("Old One", "Iron Harvest")


def test_the_only_one_of_a_name_need_not_be_chosen(qtbot: QtBot, dialog: CatalogueDialog, known: Encyclopaedia) -> None:
    known.artists = known.artists[1:2]
    look_up(qtbot, dialog)
    qtbot.waitUntil(lambda: len(dialog.titles) == 42, timeout=WAIT)


def test_return_in_the_name_looks_it_up_and_what_fails_is_said(
    qtbot: QtBot, dialog: CatalogueDialog, known: Encyclopaedia
) -> None:
    dialog.lookup.field.setFocus()
    dialog.lookup.field.selectAll()
    qtbot.keyClicks(dialog.lookup.field, "Zzyzx")
    qtbot.keyClick(dialog.lookup.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "knows no artist called “Zzyzx”" in dialog.lookup.said, timeout=WAIT)
    assert dialog.isVisible()
    assert not dialog.lookup.list.isVisible()
    known.answers = [lambda: (500, b"", {})]
    qtbot.waitUntil(dialog.lookup.ask.isEnabled, timeout=WAIT)
    look_up(qtbot, dialog)
    assert "does not answer as it should" in dialog.lookup.said
    dialog.lookup.field.clear()
    assert not dialog.lookup.ask.isEnabled()


def test_stopping_leaves_all_as_it_was(qtbot: QtBot, dialog: CatalogueDialog, known: Encyclopaedia) -> None:
    known.answers = [lambda: busy(30)]
    qtbot.mouseClick(dialog.lookup.ask, LEFT)
    qtbot.waitUntil(lambda: bool(known.asked), timeout=WAIT)
    assert not dialog.lookup.ask.isEnabled()
    qtbot.mouseClick(dialog.lookup.cancel, LEFT)
    qtbot.waitUntil(lambda: not dialog.lookup.is_going, timeout=WAIT)
    assert dialog.lookup.said == "Stopped. Nothing was changed."
    assert dialog.titles == ("Old One", "Iron Harvest")


def test_closing_stops_asking(qtbot: QtBot, dialog: CatalogueDialog, known: Encyclopaedia) -> None:
    known.hang.clear()
    qtbot.mouseClick(dialog.lookup.ask, LEFT)
    qtbot.waitUntil(lambda: bool(known.asked), timeout=WAIT)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog._jobs.running, timeout=WAIT)
    assert not dialog.isVisible()


def test_lists_are_dropped_as_text_and_as_files(qtbot: QtBot, dialog: CatalogueDialog, tmp_path: Path) -> None:
    assert drop(dialog, words("1. Glass Teeth\n2. Brass Knot (Live)\n"))
    assert dialog.titles == ("Old One", "Iron Harvest", "Glass Teeth", "Brass Knot")
    (tmp_path / "songs.csv").write_text("no;title\n1;Salt\n2;Brass Knot\n", "utf-8")
    (tmp_path / "none.txt").write_text("\n", "utf-8")
    assert drop(dialog, files(tmp_path / "songs.csv", tmp_path / "none.txt"))
    qtbot.waitUntil(lambda: dialog.titles[-1] == "Salt", timeout=WAIT)
    assert dialog.lookup.said.startswith("1 new title from the files. There are no titles in “none.txt”.")
    assert not drop(dialog, files(tmp_path / "song.flac"))


def test_files_can_be_chosen(
    qtbot: QtBot, dialog: CatalogueDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "songs.txt").write_text("Salt\nGlass\n", "utf-8")
    monkeypatch.setattr("app.screens.catalogue_dialog.ask_open_files", lambda *_: [tmp_path / "songs.txt"])
    qtbot.mouseClick(dialog.files, LEFT)
    qtbot.waitUntil(lambda: dialog.titles[2:] == ("Salt", "Glass"), timeout=WAIT)
