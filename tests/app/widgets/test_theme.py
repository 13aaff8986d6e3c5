"""The type comes with the program: it is there on a machine without any font, with every letter of our own words."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QRawFont
from pytestqt.qtbot import QtBot

from app.widgets.theme import TYPE, load_type

ROOT = Path(__file__).resolve().parents[3]
WEIGHTS = (QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold, QFont.Weight.Bold)


def type_of(weight: QFont.Weight) -> QFont:
    font = QFont(TYPE)
    font.setPixelSize(13)
    font.setWeight(weight)
    return font


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_weight_that_is_used_is_there(qtbot: QtBot, weight: QFont.Weight) -> None:
    load_type()
    found = QFontInfo(type_of(weight))
    assert (found.family(), found.weight()) == (TYPE, weight)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_tabular_figures_are_all_of_one_width(qtbot: QtBot, weight: QFont.Weight) -> None:
    load_type()
    font = type_of(weight)
    assert QFontMetricsF(font).horizontalAdvance("1") < QFontMetricsF(font).horizontalAdvance("8")
    font.setFeature(QFont.Tag("tnum"), 1)
    widths = [QFontMetricsF(font).horizontalAdvance(figure) for figure in "0123456789"]
    assert max(widths) - min(widths) <= 1 / 32  # Qt counts in sixty-fourths of a pixel


def test_every_letter_of_our_own_words_is_in_it(qtbot: QtBot) -> None:
    load_type()
    letters = set()
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                letters |= set(node.value)
    letters.discard("\ufffd")  # which is looked for in what others wrote, and never said
    ours = QRawFont.fromFont(type_of(QFont.Weight.Normal))
    assert "…" in letters
    assert [
        letter for letter in sorted(letters) if letter.isprintable() and not ours.supportsCharacter(ord(letter))
    ] == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are always fonts")
def test_without_any_font_installed_words_are_words(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
    code = (
        "from app.desktop import make_application\n"
        "from PySide6.QtGui import QFontDatabase, QFontInfo, QFontMetricsF\n"
        "application = make_application()\n"
        "font = application.font()\n"
        "width = QFontMetricsF(font).horizontalAdvance\n"
        "print(QFontInfo(font).family(), width('i') < width('W'))"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{TYPE} True\n"
