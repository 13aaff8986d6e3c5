"""The questions that are asked in windows of their own. Each is one function, so that a test can answer it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from app.document.words import isolate_names


def ask_open_files(parent: QWidget | None, title: str, kinds: str = "", folder: Path | None = None) -> list[Path]:
    """Several files, or none.

    Args:
        kinds: as Qt writes it, e.g. "Sound (*.flac *.wav)".
    """
    names, _ = QFileDialog.getOpenFileNames(parent, title, str(folder or Path.home()), kinds)
    return [Path(name) for name in names]


def ask_open_file(parent: QWidget | None, title: str, kinds: str = "", folder: Path | None = None) -> Path | None:
    """Asks for a file that exists; None where the person cancels. `kinds` is a filter as QFileDialog has it."""
    name, _ = QFileDialog.getOpenFileName(parent, title, str(folder or Path.home()), kinds)
    return Path(name) if name else None


def ask_open_folder(parent: QWidget | None, title: str, folder: Path | None = None) -> Path | None:
    """Asks for a folder that exists; None where the person cancels."""
    name = QFileDialog.getExistingDirectory(parent, title, str(folder or Path.home()))
    return Path(name) if name else None


def ask_save_file(parent: QWidget | None, title: str, suggested: Path, kinds: str = "") -> Path | None:
    """Asks where to save; None where the person cancels. `kinds` is a filter as QFileDialog has it."""
    name, _ = QFileDialog.getSaveFileName(parent, title, str(suggested), kinds)
    return Path(name) if name else None


def ask_choice(
    parent: QWidget | None, title: str, question: str, choices: Sequence[str], *, detail: str = ""
) -> int | None:
    """The place of the chosen button, or None for Escape. The first one is what Return chooses."""
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setText(isolate_names(question))
    box.setInformativeText(isolate_names(detail))
    buttons = [box.addButton(choice, QMessageBox.ButtonRole.ActionRole) for choice in choices]
    box.setDefaultButton(buttons[0])
    escape = box.addButton(QMessageBox.StandardButton.Cancel) if "Cancel" not in choices else buttons[-1]
    box.setEscapeButton(escape)
    if "Cancel" not in choices:
        escape.hide()
    box.exec()
    box.deleteLater()
    clicked = box.clickedButton()
    return next((place for place, button in enumerate(buttons) if button is clicked), None)


def ask_number(parent: QWidget | None, title: str, question: str, usual: int, least: int, most: int) -> int | None:
    """A whole number, or None for Escape."""
    number, given = QInputDialog.getInt(parent, title, question, usual, least, most)
    return number if given else None


def tell(parent: QWidget | None, title: str, text: str, *, detail: str = "") -> None:
    """Says something that has to be read before going on."""
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setText(isolate_names(text))
    box.setInformativeText(isolate_names(detail))
    box.exec()
    box.deleteLater()


def offer(parent: QWidget | None, title: str, text: str, choice: str, do: Callable[[], object]) -> QMessageBox:
    """Says something and offers one thing to do; does not hold anything up meanwhile."""
    return offer_choices(parent, title, text, {choice: do})


def offer_choices(
    parent: QWidget | None, title: str, text: str, choices: Mapping[str, Callable[[], object]]
) -> QMessageBox:
    """As `offer`, with several things to do by the words on their buttons; the first is what Return chooses."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    box.setText(isolate_names(text))
    for choice, do in choices.items():
        box.addButton(choice, QMessageBox.ButtonRole.AcceptRole).clicked.connect(lambda _=False, do=do: do())
    box.addButton("Close", QMessageBox.ButtonRole.RejectRole)
    box.open()
    return box
