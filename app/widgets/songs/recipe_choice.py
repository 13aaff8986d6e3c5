"""The recipes, to choose one of: a row for each at the left, and the picture and the words of the chosen one."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from app.document.recipe_book import DEFAULT_RECIPE, RECIPE_BOOK
from app.widgets import theme
from app.widgets.basics import column, label
from app.widgets.songs.recipe_picture import RecipePicture, paint_recipe

_ROW = QSize(188, 34)
_PICTURE_WIDTH, _PICTURE_HEIGHT = 92, 18
_LARGE_HEIGHT = 92


class RecipeRow(QAbstractButton):
    """One recipe: its name and its picture."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{name}, after {RECIPE_BOOK[name].after}")
        self.setAccessibleDescription(RECIPE_BOOK[name].words)
        self.setToolTip(RECIPE_BOOK[name].words)

    def sizeHint(self) -> QSize:
        return _ROW

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_lit = self.isChecked() or self.underMouse()
        if is_lit or self.hasFocus():
            edge = theme.SECOND if self.hasFocus() else theme.ACCENT if self.isChecked() else theme.LINE
            painter.setPen(QColor(edge))
            painter.setBrush(QColor(theme.RAISED if is_lit else theme.PANEL))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(theme.ui_font(13, weight=QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal))
        painter.setPen(QColor(theme.TEXT if is_lit else theme.DIM))
        words = QRect(10, 0, self.width() - _PICTURE_WIDTH - 24, self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.name)
        top = (self.height() - _PICTURE_HEIGHT) / 2
        area = QRectF(self.width() - _PICTURE_WIDTH - 8, top, _PICTURE_WIDTH, _PICTURE_HEIGHT)
        if not is_lit:
            painter.setOpacity(0.75)
        paint_recipe(painter, self.name, area)


class RecipeRows(QWidget):
    """All recipes, one of which is chosen.

    Signals:
        chosen(str): the name of the one that was chosen.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(4)
        self._group = QButtonGroup(self)
        self.rows: dict[str, RecipeRow] = {}
        for name in RECIPE_BOOK:
            row = self.rows[name] = RecipeRow(name)
            self._group.addButton(row)
            row.toggled.connect(lambda on, name=name: self.chosen.emit(name) if on else None)
            body.addWidget(row)
        body.addStretch(1)
        self.rows[DEFAULT_RECIPE].setChecked(True)

    @property
    def name(self) -> str:
        """Of the recipe that is chosen."""
        return next(name for name, row in self.rows.items() if row.isChecked())


class RecipeWordsView(QWidget):
    """The picture of a recipe, after which record it is, and what it does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = RecipePicture(_LARGE_HEIGHT)
        self.after = label("", "heading", wrap=True)
        self.words = label("", "dim", wrap=True)
        self.guide = label("", "faint", wrap=True)
        self.setLayout(column(self.picture, self.after, self.words, self.guide, spacing=6))

    def show_recipe(self, name: str) -> None:
        """Shows another recipe."""
        recipe = RECIPE_BOOK[name]
        self.picture.show_recipe(name)
        self.after.setText(f"{name[0].upper()}{name[1:]}, after \u201c{recipe.after}\u201d")
        self.words.setText(recipe.words)
        self.guide.setText(recipe.guide_words)
