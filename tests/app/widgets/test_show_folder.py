"""Only folders are shown: whatever a stranger's project names, no file is opened."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from app.widgets.show_folder import show_folder

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="shown by another program there")


class Shower(QObject):
    """Stands where the file manager does."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.shown.append(url.toLocalFile())


@pytest.fixture
def shower(qtbot: QtBot) -> Iterator[Shower]:
    made = Shower()
    QDesktopServices.setUrlHandler("file", made, "show")
    yield made
    QDesktopServices.unsetUrlHandler("file")


@pytest.mark.parametrize("name", ["music", "a #1 100% ?", "setup.exe", "é"])
def test_a_folder_is_shown(shower: Shower, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert show_folder(tmp_path / name) == ""
    assert [Path(shown) for shown in shower.shown] == [tmp_path / name]
    assert shower.shown[0].endswith("/")


def test_nothing_else_is_opened(shower: Shower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "setup.exe"
    program.touch()
    (tmp_path / "link").symlink_to(program)
    monkeypatch.chdir(tmp_path)
    for path in (program, tmp_path / "link", program / "track.wav", tmp_path / "gone", Path(), Path("..")):
        assert show_folder(path) == f"There is no folder “{path}” any more."
    assert shower.shown == []
