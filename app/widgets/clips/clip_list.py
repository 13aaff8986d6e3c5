"""The clips, thousands of them if need be: heard, starred, rejected, dragged onto the lanes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDrag, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QWidget

from app.document.model import Clip
from app.document.words import plural
from app.widgets.basics import passing_menu
from app.widgets.clips.clip_cell import ROW_HEIGHT, ClipCell, play_area, star_at, wave_area
from app.widgets.clips.clip_figures import ClipFigures
from app.widgets.clips.clip_model import KEYS, ClipModel, Wanted
from app.widgets.dragging import MimeOf, drag_picture, own_mime, run_drag
from app.widgets.timeline.mouse import CLIP_MIME
from app.widgets.timeline.waves import Waves

_STAR_KEYS = {getattr(Qt.Key, f"Key_{stars}"): stars for stars in range(6)}


class ClipList(QListView):
    """Shows the clips of a model; asks for what the person wants of them.

    Signals:
        play_asked(str): hear this clip, or stop it where it plays.
        play_from_asked(str, float): hear this clip from a place on, as a fraction of its length.
        star_asked(object, int): ids and stars 0..5.
        reject_asked(object, bool): ids, and whether they are rejected.
        locate_asked(str): find the lost file of this clip.
        hovered(str): the clip that the pointer has come upon; "" where it has left the clips.
        append_asked(object): ids to put at the end of the lane.
        place_asked(object): ids to put on the lanes at the playhead.
    """

    play_asked = Signal(str)
    play_from_asked = Signal(str, float)
    star_asked = Signal(object, int)
    reject_asked = Signal(object, bool)
    locate_asked = Signal(str)
    hovered = Signal(str)
    append_asked = Signal(object)
    place_asked = Signal(object)

    def __init__(self, waves: Waves, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clips = ClipModel(self)
        self.mime_of: MimeOf[Sequence[str]] = own_mime
        """Of the ids of clips that are dragged."""
        self.setModel(self.clips)
        self._cell = ClipCell(waves, self)
        self.setItemDelegate(self._cell)
        self._pressed: QPoint | None = None
        self._hovered = ""
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setAccessibleName("Clips")
        self.setToolTip(KEYS)

    def show_clips(self, clips: tuple[Clip, ...], ages: Mapping[str, float]) -> None:
        """Shows the clips of the document, keeping what is chosen and where the list stands."""
        chosen, current, scroll = self.chosen(), self.current(), self.verticalScrollBar().value()
        self.clips.put(clips, ages)
        self._choose(chosen, current)
        self.verticalScrollBar().setValue(scroll)

    def narrow(self, wanted: Wanted, order: str = "") -> None:
        """Shows only some clips, in another order."""
        chosen, current = self.chosen(), self.current()
        self.clips.narrow(wanted, order)
        self._choose(chosen, current)
        self.scrollTo(self.currentIndex())

    def show_loudness(self, loudness: Mapping[str, float]) -> None:
        """LUFS by id; the clips may come into another order by it."""
        chosen, current = self.chosen(), self.current()
        self.clips.put_loudness(loudness)
        self._choose(chosen, current)

    def show_figures(self, figures: Mapping[str, ClipFigures]) -> None:
        """Measures by id; the clips may come into another order by them."""
        chosen, current = self.chosen(), self.current()
        self.clips.put_figures(figures)
        self._choose(chosen, current)

    def show_likeness(self, likeness: Mapping[str, float]) -> None:
        """How much clips sound like what was looked for, by id; they may come into another order by it."""
        chosen, current = self.chosen(), self.current()
        self.clips.put_likeness(likeness)
        self._choose(chosen, current)

    def choose(self, clip: str) -> None:
        """Chooses one clip alone."""
        self._choose([clip], clip)
        self.scrollTo(self.currentIndex())

    def next_to(self, ids: Collection[str]) -> str:
        """The first clip below these that is neither one of them nor rejected; else the last above; else ""."""
        rows = [place for place in map(self.clips.place_of, ids) if place >= 0]
        below = range(max(rows, default=-1) + 1, self.clips.rowCount())
        others = (self.clips.clip_at(self.clips.index(row)) for row in (*below, *reversed(range(below.start))))
        return next((clip.id for clip in others if clip.id not in ids and not clip.rejected), "")

    @property
    def under_pointer(self) -> str:
        """Id of the clip that the pointer rests on, or ""."""
        return self._hovered

    def _choose(self, ids: list[str], current: str) -> None:
        if self.chosen() == ids and self.current() == current:
            return
        selection = self.selectionModel()
        selection.clear()
        place = self.clips.place_of(current)
        if place >= 0:
            selection.setCurrentIndex(self.clips.index(place), selection.SelectionFlag.NoUpdate)
        for id in ids:
            place = self.clips.place_of(id)
            if place >= 0:
                selection.select(self.clips.index(place), selection.SelectionFlag.Select)

    def current(self) -> str:
        """Id of the clip that has the keys' attention, or ""."""
        return self.clips.id_at(self.currentIndex())

    def chosen(self) -> list[str]:
        """Ids of the selected clips, from the top."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.clips.id_at(self.clips.index(row)) for row in rows]

    def show_playing(self, clip: str, fraction: float) -> None:
        """Marks the clip that plays, and how far; "" for none."""
        before = self._cell.playing
        if (clip, fraction) == before:
            return
        self._cell.playing = (clip, fraction)
        for id in {before[0], clip} - {""}:
            self.refresh(id)

    def refresh(self, clip: str) -> None:
        """Paints one clip anew."""
        place = self.clips.place_of(clip)
        if place >= 0:
            self.update(self.clips.index(place))

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        stars = self._stars_under(index, event.position().toPoint())
        if stars and event.button() == Qt.MouseButton.LeftButton:
            clip = self.clips.clip_at(index)
            self.star_asked.emit([clip.id], 0 if clip.stars == stars else stars)
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        index = self.indexAt(place)
        if self._stars_under(index, place):
            self.mousePressEvent(event)
        elif index.isValid() and not self._plays_by_click(index, place):
            self.play_asked.emit(self.clips.id_at(index))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place, pressed, self._pressed = event.position().toPoint(), self._pressed, None
        index = self.indexAt(place)
        moved = pressed is None or (place - pressed).manhattanLength() >= QApplication.startDragDistance()
        if moved or not index.isValid() or event.modifiers():
            return
        row = self.visualRect(index)
        if play_area(row).contains(place):
            self.play_asked.emit(self.clips.id_at(index))
        elif wave_area(row).contains(place):
            area = wave_area(row)
            self.play_from_asked.emit(self.clips.id_at(index), (place.x() - area.left()) / area.width())

    def _plays_by_click(self, index: QModelIndex, place: QPoint) -> bool:
        row = self.visualRect(index)
        return play_area(row).contains(place) or wave_area(row).contains(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        over_button = index.isValid() and (
            self._stars_under(index, place) > 0 or play_area(self.visualRect(index)).contains(place)
        )
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over_button else Qt.CursorShape.ArrowCursor)
        self._hover(self.clips.id_at(index) if not event.buttons() else "")

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover("")

    def _hover(self, clip: str) -> None:
        if clip != self._hovered:
            self._hovered = clip
            self.hovered.emit(clip)

    def _stars_under(self, index: QModelIndex, place: QPoint) -> int:
        return star_at(self.visualRect(index), place) if index.isValid() else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = Qt.Key(event.key()), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        chosen = self.chosen() or [id for id in [self.current()] if id]
        if key == Qt.Key.Key_Space and plain and self.current():
            self.play_asked.emit(self.current())
        elif key in _STAR_KEYS and plain and chosen:
            self.star_asked.emit(chosen, _STAR_KEYS[key])
        elif key == Qt.Key.Key_X and plain and chosen:
            self.reject_asked.emit(chosen, not self.clips.all_rejected(chosen))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen:
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.place_asked if shift else self.append_asked).emit(chosen)
        elif event.text() and plain and key != Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # These keys are the list's own while it has the focus, whatever they do elsewhere.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.current():
            own = {*_STAR_KEYS, Qt.Key.Key_X, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if Qt.Key(event.key()) in own and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                event.accept()
                return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        chosen = self.chosen()
        if not chosen:
            return
        menu = passing_menu(self)
        menu.addAction("Play\tSpace").triggered.connect(lambda: self.play_asked.emit(self.current()))
        menu.addAction("Put at the end of the lane\tReturn").triggered.connect(lambda: self.append_asked.emit(chosen))
        menu.addAction("Put at the playhead\tShift+Return").triggered.connect(lambda: self.place_asked.emit(chosen))
        if self.currentIndex().data(ClipModel.FlawRole):
            menu.addAction("Locate…").triggered.connect(lambda: self.locate_asked.emit(self.current()))
        menu.addSeparator()
        for stars in range(5, 0, -1):
            action = menu.addAction(f"{'★' * stars}\t{stars}")
            action.triggered.connect(lambda _=False, stars=stars: self.star_asked.emit(chosen, stars))
        menu.addAction("No stars\t0").triggered.connect(lambda: self.star_asked.emit(chosen, 0))
        menu.addSeparator()
        rejected = self.clips.all_rejected(chosen)
        reject = menu.addAction("Take back\tX" if rejected else "Reject\tX")
        reject.triggered.connect(lambda: self.reject_asked.emit(chosen, not rejected))
        menu.exec(event.globalPos())

    def startDrag(self, actions: Qt.DropAction) -> None:
        chosen = self.chosen()
        if not chosen:
            return
        drag = QDrag(self)
        what = self.clips.name_of(chosen[0]) if len(chosen) == 1 else plural(len(chosen), "clip")
        drag.setPixmap(drag_picture(what, self))
        drag.setHotSpot(QPoint(-8, 12))
        run_drag(drag, self.mime_of(chosen, {CLIP_MIME: " ".join(chosen).encode()}))
