"""The dialog that asks what to generate, open, and what is answered where it asks for a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.document.model import Run
from app.widgets.clips.checkpoint_choice import KeptRun
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.clips.generate_settings import GenerateSettings


@pytest.fixture
def runs() -> list[KeptRun]:
    return [KeptRun(Run(id="run-1", preset="sketch", epoch=4, best_epoch=2), (1, 2, 4))]


@pytest.fixture
def opened(qtbot: QtBot, runs: list[KeptRun]) -> Callable[..., GenerateDialog]:
    """Opens the dialog, with what was chosen last time or nothing."""

    def make(before: GenerateSettings | None = None) -> GenerateDialog:
        dialog = GenerateDialog(runs, 77, before)
        qtbot.addWidget(dialog)
        with qtbot.waitActive(dialog, timeout=20_000):
            dialog.show()
            dialog.activateWindow()
        return dialog

    return make


@pytest.fixture
def file_dialog(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """What is answered where a file is asked for; an answer that is not used up stays."""
    answers: list[Path | None] = []
    monkeypatch.setattr("app.widgets.clips.guide_chooser.ask_open_file", lambda *_, **__: answers.pop(0))
    return answers
