"""The look: every colour, the type, the style sheet. Colours stand here and nowhere else."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

GROUND = "#0e0f11"
PANEL = "#15171a"
RAISED = "#1c1f23"
PRESSED = "#262a30"
LINE = "#2c3138"
TEXT = "#e8eaed"
DIM = "#98a0aa"
FAINT = "#626a75"
ACCENT = "#ff6a3d"
SECOND = "#36c5b0"
GOOD = "#5ad17a"
WARN = "#f2c14e"
BAD = "#ff4d5e"
STAR = WARN
GOOD_GROUND, WARN_GROUND, BAD_GROUND = "#12301f", "#3a2e10", "#3d1419"
"""Under words in these colours."""

COLOURS = {
    "GROUND": GROUND,
    "PANEL": PANEL,
    "RAISED": RAISED,
    "PRESSED": PRESSED,
    "LINE": LINE,
    "TEXT": TEXT,
    "DIM": DIM,
    "FAINT": FAINT,
    "ACCENT": ACCENT,
    "SECOND": SECOND,
    "GOOD": GOOD,
    "WARN": WARN,
    "BAD": BAD,
}
"""The names that the style sheet uses, with an @ before them."""

TYPE = "Inter"
_AGES = ((84, 110, 255), (150, 96, 235), (214, 82, 170), (255, 106, 61))


def age_colour(age: float) -> QColor:
    """The colour of a clip by the age of its checkpoint: 0 for the first epoch, 1 for the last."""
    place = min(max(age, 0.0), 1.0) * (len(_AGES) - 1)
    left = min(int(place), len(_AGES) - 2)
    mix = place - left
    return QColor(*(round(a + (b - a) * mix) for a, b in zip(_AGES[left], _AGES[left + 1], strict=True)))


def with_alpha(colour: QColor | str, alpha: float) -> QColor:
    """The colour with an opacity, 0..1."""
    colour = QColor(colour)
    colour.setAlphaF(alpha)
    return colour


def ui_font(pixels: int = 13, *, weight: QFont.Weight = QFont.Weight.Normal, tabular: bool = False) -> QFont:
    """The type of the window; with tabular figures for numbers that change."""
    font = QFont(QApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def load_type() -> None:
    """Makes the type that comes with the program known to Qt; letters that it lacks come from the system's own."""
    if TYPE in QFontDatabase.families():
        return
    for file in sorted(Path(str(files("resources").joinpath("fonts"))).glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))


def apply_theme(application: QApplication) -> None:
    """Fusion, our type, our palette and our style sheet."""
    application.setStyle("Fusion")
    load_type()
    font = QFont(TYPE)
    font.setPixelSize(13)
    application.setFont(font)
    application.setPalette(_palette())
    application.setStyleSheet(_style_sheet())


def _palette() -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in {
        roles.Window: GROUND,
        roles.Base: RAISED,
        roles.AlternateBase: PANEL,
        roles.Button: RAISED,
        roles.WindowText: TEXT,
        roles.Text: TEXT,
        roles.ButtonText: TEXT,
        roles.BrightText: TEXT,
        roles.PlaceholderText: FAINT,
        roles.Highlight: ACCENT,
        roles.HighlightedText: GROUND,
        roles.Link: SECOND,
        roles.ToolTipBase: PRESSED,
        roles.ToolTipText: TEXT,
        roles.Light: PRESSED,
        roles.Midlight: LINE,
        roles.Mid: LINE,
        roles.Dark: GROUND,
        roles.Shadow: GROUND,
        roles.Accent: ACCENT,
    }.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(FAINT))
    return palette


def _style_sheet() -> str:
    sheet = files("resources").joinpath("style.qss").read_text(encoding="utf-8")
    sheet = sheet.replace("@ICONS", Path(str(files("resources").joinpath("icons"))).as_posix())
    for name, colour in COLOURS.items():
        sheet = sheet.replace(f"@{name}", colour)
    return sheet


@cache
def _svg(name: str) -> str:
    return files("resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")


def icon(name: str, colour: str = TEXT, pixels: int = 16) -> QIcon:
    """An icon of `resources/icons` in one colour, faint while disabled; it may be drawn at any scale up to 4."""
    result = QIcon()
    for mode, shown in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, FAINT)):
        renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", shown).encode()))
        for scale in (1, 2, 4):
            pixmap = QPixmap(pixels * scale, pixels * scale)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter)
            painter.end()
            pixmap.setDevicePixelRatio(scale)
            result.addPixmap(pixmap, mode)
    return result
