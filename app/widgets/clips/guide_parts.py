"""The plan of a guide: a block for each of its parts, below the picture, to be put into another order."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from app.document.guide_form import (
    END,
    LETTERS,
    MOST_PARTS,
    PART_NAMES,
    QUIET_PARTS,
    Parts,
    with_moved,
    with_name,
    with_part,
    without_part,
)
from app.widgets import theme
from app.widgets.basics import passing_menu

_HEIGHT, _GAP, _ROUND = 24, 2, 4
_LETTERING = 11
"""In pixels."""
_BESIDE_NAME = 4
"""Pixels that are free around a name; one that has no room is told by its first letter."""
_CARRIED = 0.35
"""How much is seen of a block that is being dragged elsewhere."""
_TIP = (
    "Parts of four bars; one that comes back has the same letter. Drag them, or right-click one. Keys: Alt+←→ moves, "
    "Ctrl+D repeats, Del removes, ↑↓ or a letter makes it another part"
)


class GuideParts(QWidget):
    """Blocks as long as the parts are; hidden where there are none. It holds no truth of its own: what is put into
    another order comes back by `show_parts`.

    Signals:
        rearranged(Parts): what the plan is to be now.
        chosen_changed(): another block is the one that keys and buttons work on.

    Attributes:
        chosen: the place of that block.
    """

    rearranged = Signal(object)
    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[tuple[str, float], ...] = ()
        self._seconds = 0.0
        self._is_fixed = False
        self._pressed: QPoint | None = None
        self._before: int | None = None
        """Where the block that is dragged would be put."""
        self.chosen = 0
        self.setFixedHeight(_HEIGHT)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)  # so that nothing moves once they are known
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(_TIP)
        self.hide()

    def show_parts(self, parts: tuple[tuple[str, float], ...], seconds: float, *, fixed: bool = False) -> None:
        """Shows parts, each with its name and how many seconds it lasts, as far as these seconds go.

        Args:
            fixed: whether they cannot be put into another order.
        """
        self._parts, self._seconds = parts, seconds
        self._is_fixed = fixed or not 0 < len(self.names) <= MOST_PARTS
        self.setEnabled(not self._is_fixed)
        self.setCursor(Qt.CursorShape.ArrowCursor if self._is_fixed else Qt.CursorShape.OpenHandCursor)
        self._pressed = self._before = None
        self._choose(self.chosen)
        self.setVisible(bool(self.names))
        self.setAccessibleName(f"The parts of the guide: {', '.join(self.names)}")
        self.update()

    @property
    def names(self) -> Parts:
        """Of all parts that are seen."""
        return tuple(name for name, _, _ in self.blocks())

    def blocks(self) -> list[tuple[str, float, float]]:
        """The name of each block, and where it begins and ends, 0..1 of the width."""
        shown: list[tuple[str, float, float]] = []
        at = 0.0
        for name, length in self._parts:
            if at < self._seconds:
                shown.append((name, at / self._seconds, min((at + length) / self._seconds, 1.0)))
            at += length
        return shown

    # edits

    def repeat_chosen(self) -> None:
        """The chosen block once more, behind itself."""
        place = self.chosen
        self._edit(with_part(self.names, place + 1, self.names[place]), place + 1)

    def remove_chosen(self) -> None:
        """One block less."""
        self._edit(without_part(self.names, self.chosen), self.chosen)

    def _rename(self, name: str) -> None:
        self._edit(with_name(self.names, self.chosen, name), self.chosen)

    def _move_to(self, before: int) -> None:
        place = self.chosen
        if 0 <= before <= len(self.names) and before not in (place, place + 1):
            self._edit(with_moved(self.names, place, before), before - 1 if before > place else before)

    def _edit(self, parts: Parts, chosen: int) -> None:
        if not self._is_fixed and parts != self.names:
            self.chosen = chosen
            self.rearranged.emit(parts)
        elif chosen != self.chosen and not self._is_fixed:
            self._choose(chosen)  # a block moved behind one of its own name

    def _choose(self, place: int) -> None:
        self.chosen = min(max(place, 0), max(len(self.names) - 1, 0))
        if self.names:
            name = self.names[self.chosen]
            self.setAccessibleDescription(f"{name}, part {self.chosen + 1} of {len(self.names)}")
        self.chosen_changed.emit()
        self.update()

    # mouse

    def _place_at(self, x: float) -> int:
        share = x / max(self.width(), 1)
        return next((place for place, (_, _, end) in enumerate(self.blocks()) if share < end), len(self.names) - 1)

    def _before_at(self, x: float) -> int:
        share = x / max(self.width(), 1)
        return sum((begin + end) / 2 < share for _, begin, end in self.blocks())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(self._place_at(event.position().x()))
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        here = event.position().toPoint()
        if self._before is None and abs(here.x() - self._pressed.x()) < QApplication.startDragDistance():
            return
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._before = self._before_at(here.x())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        before, self._pressed, self._before = self._before, None, None
        if self._is_fixed or event.button() != Qt.MouseButton.LeftButton:
            return
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.update()
        if before is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:  # as copies are dragged on the timeline
            self._edit(with_part(self.names, before, self.names[self.chosen]), before)
        else:
            self._move_to(before)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._is_fixed:
            return
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self._choose(self._place_at(event.pos().x()))
        menu = passing_menu(self)
        menu.addAction("Repeat").triggered.connect(self.repeat_chosen)
        remove = menu.addAction("Remove")
        remove.triggered.connect(self.remove_chosen)
        remove.setEnabled(len(self.names) > 1)
        menu.addSeparator()
        for name in self._offered():
            action = menu.addAction(_in_menu(name, self.names))
            action.setCheckable(True)
            action.setChecked(name == self.names[self.chosen])
            action.triggered.connect(lambda _=False, name=name: self._rename(name))
        at = event.globalPos()
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            at = self.mapToGlobal(self._block(self.blocks()[self.chosen]).bottomLeft().toPoint())
        menu.popup(at)

    def _offered(self) -> list[str]:
        """What the chosen block may become: all that the others are, one letter more, and what it is."""
        others = without_part(self.names, self.chosen)
        used = max((LETTERS.index(name) for name in others if name in LETTERS), default=-1)
        letters = (*LETTERS[: used + 2], self.names[self.chosen])
        return [name for name in PART_NAMES if name not in LETTERS or name in letters]

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = Qt.Key(event.key()), event.modifiers()
        letter = event.text().upper() if not keys & ~Qt.KeyboardModifier.ShiftModifier else ""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(key, 0)
        if self._is_fixed or not self.names:
            event.ignore()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            if keys & Qt.KeyboardModifier.AltModifier:
                self._move_to(self.chosen + (2 if step > 0 else -1))
            else:
                self._choose(self.chosen + step)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._choose(0 if key == Qt.Key.Key_Home else len(self.names) - 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            offered = self._offered()
            self._rename(offered[(offered.index(self.names[self.chosen]) + step) % len(offered)])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_chosen()
        elif key == Qt.Key.Key_Insert or (key == Qt.Key.Key_D and keys == Qt.KeyboardModifier.ControlModifier):
            self.repeat_chosen()
        elif letter and letter in LETTERS:
            self._rename(letter)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    # how it looks

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def _block(self, block: tuple[str, float, float]) -> QRectF:
        _, begin, end = block
        # edges on whole pixels, so that all are equally sharp
        left, right = round(begin * self.width()), round(end * self.width())
        return QRectF(left, 0, max(right - left - (_GAP if end < 1.0 else 0), 1), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.ui_font(_LETTERING))
        blocks = self.blocks()
        for place, block in enumerate(blocks):
            is_carried = self._before is not None and place == self.chosen
            painter.setOpacity(_CARRIED if is_carried else 1.0)
            self._paint_block(painter, block, is_chosen=place == self.chosen and not self._is_fixed)
        painter.setOpacity(1.0)
        if self._before is not None:
            at = blocks[self._before][1] * self.width() - _GAP if self._before < len(blocks) else self.width() - _GAP
            painter.fillRect(QRectF(max(at, 0), 0, _GAP, self.height()), QColor(theme.ACCENT))

    def _paint_block(self, painter: QPainter, block: tuple[str, float, float], *, is_chosen: bool) -> None:
        name, place = block[0], self._block(block)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.RAISED if name in QUIET_PARTS else theme.PRESSED))
        painter.drawRoundedRect(place, _ROUND, _ROUND)
        if is_chosen:
            painter.setPen(QColor(theme.SECOND if self.hasFocus() else theme.FAINT))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
        painter.setPen(QColor(theme.FAINT if name in (*QUIET_PARTS, END) else theme.TEXT if is_chosen else theme.DIM))
        fits = painter.fontMetrics().horizontalAdvance(name) + _BESIDE_NAME <= place.width()
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name if fits else name[0])


def _in_menu(name: str, names: Parts) -> str:
    if name == END:
        return "end: the first part, once more"
    if name in QUIET_PARTS:
        return f"{name}, quiet"
    return name if name in names else f"{name}, a new part"
