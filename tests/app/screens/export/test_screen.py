"""The Export screen, driven by mouse and keys: names, order, settings, checks, and a real release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import soundfile
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.document.edits.exported import add_exported, exported_today
from app.document.edits.lettering import letter_cover, set_type
from app.document.edits.release import set_formats
from app.document.model import Project
from app.document.store import create_project, load_project, save_project
from app.jobs.job import JobList
from app.playback.player import Player
from app.screens.export import screen as export
from app.screens.export.screen import ExportScreen
from app.session.open_project import OpenProject
from app.widgets import show_folder, theme
from app.widgets.basics import Elided
from app.widgets.songs.release_songs import ROW
from app.widgets.theme import apply_theme
from tests.app.conftest import OpenFolder
from tests.app.screens.conftest import shown

MINUTE = 60_000
CLICK = Qt.MouseButton.LeftButton


@pytest.fixture
def project(open_project: OpenFolder, made_project: tuple[Path, Project]) -> OpenProject:
    return open_project(*made_project)


def leave(screen: ExportScreen) -> None:
    screen.left()
    screen.hide()
    screen.shut()


@pytest.fixture
def screen(qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player) -> Iterator[ExportScreen]:
    made = shown(qtbot, ExportScreen(project, jobs, player))
    made.entered()
    yield made
    leave(made)


def checks(screen: ExportScreen) -> list[str]:
    names = (label.accessibleName() for label in screen.panel.findChildren(QLabel) if not label.isHidden())
    return [name for name in names if name.split(":")[0] in ("ok", "look", "bad")]


def test_without_songs_it_says_what_to_do(
    qtbot: QtBot, open_project: OpenFolder, jobs: JobList, player: Player, tmp_path: Path
) -> None:
    folder = tmp_path / "Empty.deepcuts"
    screen = shown(qtbot, ExportScreen(open_project(folder, create_project(folder)), jobs, player))
    assert screen.to_arrange.isVisible()
    with qtbot.waitSignal(screen.go) as gone:
        qtbot.mouseClick(screen.to_arrange, CLICK)
    assert gone.args == ["arrange"]
    qtbot.waitUntil(lambda: any(check.startswith("bad") for check in checks(screen)), timeout=MINUTE)
    assert not screen.panel.export.isEnabled()
    leave(screen)


def test_until_the_cover_is_drawn_it_is_said_to_be_drawn_and_never_to_be_missing(
    qtbot: QtBot, screen: ExportScreen
) -> None:
    assert screen.cover.words == "Drawing the cover…"
    qtbot.waitUntil(lambda: not screen.cover.image().isNull(), timeout=MINUTE)


def test_lettering_that_cannot_be_read_is_told(
    qtbot: QtBot, open_project: OpenFolder, made_project: tuple[Path, Project], jobs: JobList, player: Player
) -> None:
    folder, value = made_project
    (folder / "album").mkdir(exist_ok=True)
    Image.new("RGB", (300, 300), (128, 128, 128)).save(folder / "album" / "cover.png")
    value = replace(value, album=replace(value.album, title="Old", artist="Band", cover="album/cover.png"))
    grey = {"on": True, "colour": "#858585"}
    value = set_type(set_type(letter_cover(value, True), "title", **grey), "artist", on=True, colour="#ffffff")
    project = open_project(folder, value)
    screen = shown(qtbot, ExportScreen(project, jobs, player))
    told = "look: the title is hard to read on the cover"
    qtbot.waitUntil(lambda: any(each.startswith(told) for each in checks(screen)), timeout=MINUTE)
    assert not any("the artist is hard" in each for each in checks(screen))
    project.edit("Colour", set_type, "title", colour="#ffffff")
    qtbot.waitUntil(lambda: not any(each.startswith(told) for each in checks(screen)), timeout=MINUTE)
    leave(screen)


def test_the_frame_of_a_name_has_four_edges(qtbot: QtBot, qapp: QApplication, screen: ExportScreen) -> None:
    apply_theme(qapp)
    try:
        for field in (screen.artist, screen.title):
            field.setFocus()
            qtbot.waitUntil(field.hasFocus)
            image = field.grab().toImage()
            middle = image.height() // 2
            edge = image.pixelColor(image.width() // 2, 0)
            places = [image.pixelColor(0, middle), image.pixelColor(image.width() - 1, middle)]
            assert places == [edge, edge]
            assert edge == QColor(theme.SECOND)
            assert field.visible_text == field.text()
    finally:
        qapp.setStyleSheet("")


def test_songs_show_their_waveforms_and_loudness(qtbot: QtBot, screen: ExportScreen) -> None:
    assert [row.title for row in screen.songs.rows] == ["Hollow Engine", "Nihil Parade"]
    qtbot.waitUntil(lambda: all(row.lufs is not None for row in screen.songs.rows), timeout=MINUTE)
    for row in screen.songs.rows:
        assert row.lufs is not None
        assert -20 < row.lufs < -8
        assert row.highs is not None
        assert row.highs.max() > 0.1
    as_made = [row.lufs for row in screen.songs.rows]
    qtbot.mouseClick(screen.panel.targets["−9 LUFS"], CLICK)
    louder = [row.lufs for row in screen.songs.rows]
    assert louder == pytest.approx([lufs + 5.0 for lufs in as_made if lufs is not None], abs=0.01)


def test_the_checks_follow_the_edits(qtbot: QtBot, screen: ExportScreen) -> None:
    qtbot.waitUntil(lambda: "look: the album has no title" in checks(screen), timeout=MINUTE)
    screen.title.setFocus()
    qtbot.keyClicks(screen.title, "Inorganic Third")
    qtbot.keyClick(screen.title, Qt.Key.Key_Return)
    assert screen.project.value.release.title == "Inorganic Third"
    assert screen.project.undo_name == "Name album"
    qtbot.waitUntil(lambda: "look: the album has no title" not in checks(screen), timeout=MINUTE)


def test_formats_loudness_and_gap_are_edits(qtbot: QtBot, screen: ExportScreen) -> None:
    panel, project = screen.panel, screen.project
    qtbot.mouseClick(panel.formats["mp3"], CLICK)
    assert project.value.release.formats == ("flac", "mp3")
    qtbot.mouseClick(panel.formats["flac"], CLICK)
    assert project.value.release.formats == ("mp3",)
    qtbot.mouseClick(panel.formats["mp3"], CLICK)
    assert project.value.release.formats == ("mp3",)
    assert panel.formats["mp3"].isChecked()
    qtbot.mouseClick(panel.targets["as made"], CLICK)
    assert project.value.release.loudness is None
    qtbot.mouseClick(panel.targets["custom"], CLICK)
    assert panel.loudness.isVisible()
    panel.loudness.setValue(-11.5)
    assert project.value.release.loudness == -11.5
    panel.gap.setValue(0.5)
    assert project.value.release.gap_seconds == 0.5
    project.undo()
    assert panel.gap.value() == 2.0


def test_songs_change_places_by_dragging(qtbot: QtBot, screen: ExportScreen) -> None:
    songs = screen.songs
    qtbot.mousePress(songs, CLICK, pos=QPoint(60, ROW // 2))
    for y in (ROW, ROW + 20, 2 * ROW):
        qtbot.mouseMove(songs, QPoint(60, y))
    qtbot.mouseRelease(songs, CLICK, pos=QPoint(60, 2 * ROW))
    assert [song.title for song in screen.project.value.songs] == ["Nihil Parade", "Hollow Engine"]
    assert [row.title for row in songs.rows] == ["Nihil Parade", "Hollow Engine"]
    screen.project.undo()
    assert [row.title for row in songs.rows] == ["Hollow Engine", "Nihil Parade"]


def test_a_song_plays_from_its_waveform(qtbot: QtBot, screen: ExportScreen) -> None:
    screen.play()
    assert screen.player.is_playing
    assert screen.songs._playing == "s1"
    screen.player.stop()
    assert screen.songs._playing == ""


def test_one_press_makes_the_album(
    qtbot: QtBot, screen: ExportScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(export, "ask_open_folder", lambda *_: out)
    qtbot.mouseClick(screen.panel.place_button, CLICK)
    assert screen.panel.place.toolTip() == str(out)
    screen.title.setFocus()
    qtbot.keyClicks(screen.title, "Third")
    said: list[tuple[str, str]] = []
    screen.say.connect(lambda text, kind: said.append((text, kind)))
    qtbot.mouseClick(screen.panel.export, CLICK)
    assert screen.panel.cancel.isVisible()
    assert not screen.panel.export.isEnabled()
    qtbot.waitUntil(lambda: bool(said), timeout=5 * MINUTE)
    assert said[0][1] == "good", said
    assert screen.finished is not None
    assert screen.finished.parent == out
    facts = json.loads((screen.finished / "release.json").read_text())
    assert facts["title"] == "Third"
    sounds = sorted(screen.finished.glob("*.flac"))
    assert [soundfile.info(path).samplerate for path in sounds] == [44_100, 44_100]
    assert screen.rail_note() == "done"
    opened: list[str] = []
    monkeypatch.setattr(show_folder.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    qtbot.mouseClick(screen.panel.open, CLICK)
    assert [Path(folder) for folder in opened] == [screen.finished]
    (remembered,) = screen.project.value.exported
    assert remembered.path(screen.project.folder) == screen.finished
    assert (remembered.title, remembered.formats) == ("Third", ("flac",))
    elsewhere = screen.finished.rename(out / "elsewhere")
    qtbot.mouseClick(screen.panel.play, CLICK)
    assert said[-1] == ("The files of the release are no longer in their folder.", "bad")
    elsewhere.rename(screen.finished)
    qtbot.mouseClick(screen.panel.play, CLICK)
    assert screen.player.is_playing


def test_cancel_leaves_nothing_behind(qtbot: QtBot, screen: ExportScreen, tmp_path: Path) -> None:
    screen.out = tmp_path / "out"
    qtbot.mouseClick(screen.panel.export, CLICK)
    with qtbot.waitSignal(screen.say, timeout=2 * MINUTE) as said:
        qtbot.mouseClick(screen.panel.cancel, CLICK)
    assert "cancelled" in said.args[0]
    assert not screen.panel.cancel.isVisible()
    assert screen.panel.export.isEnabled()
    assert not list(screen.out.glob("*")) if screen.out.exists() else True


def test_a_place_that_cannot_be_written_is_told(qtbot: QtBot, screen: ExportScreen, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    screen.out = blocked / "inside"
    qtbot.mouseClick(screen.panel.export, CLICK)
    with qtbot.waitSignal(screen.say, timeout=2 * MINUTE) as said:
        pass
    assert said.args[1] == "bad"
    assert "cannot be written" in said.args[0]


def test_earlier_releases_are_known_after_a_restart(
    qtbot: QtBot,
    jobs: JobList,
    player: Player,
    open_project: OpenFolder,
    made_project: tuple[Path, Project],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, value = made_project
    inside, outside = folder / "releases" / "A - One", folder.parent / "elsewhere" / "A - Two"
    for release, formats in ((inside, ("flac",)), (outside, ("mp3", "ogg"))):
        release.mkdir(parents=True)
        value = add_exported(value, exported_today(set_formats(value, formats), folder, release))
    save_project(folder, value)
    screen = shown(qtbot, ExportScreen(open_project(folder, load_project(folder)), jobs, player))
    assert screen.rail_note() == "done"
    words = [text.whole for text in screen.panel.before.findChildren(Elided)]
    today = date.today().isoformat()
    assert words == [
        "A - Two", f"{today} · MP3, Ogg · {outside.parent}", "A - One", f"{today} · FLAC · the project’s own releases",
    ]  # fmt: skip
    opened: list[Path] = []
    monkeypatch.setattr(show_folder.QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    for button in screen.panel.before.buttons:
        qtbot.mouseClick(button, CLICK)
    assert opened == [outside, inside]
    inside.rmdir()
    with qtbot.waitSignal(screen.say) as said:
        qtbot.mouseClick(screen.panel.before.buttons[1], CLICK)
    assert said.args == [f"There is no folder “{inside}” any more.", "bad"]
    jobs.cancel_all()


def test_a_project_without_releases_shows_none(screen: ExportScreen) -> None:
    assert not screen.panel.before.isVisible()
