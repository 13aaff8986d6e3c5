"""The pictures of the Artwork screen: one large, two side by side, or all; and all small in a row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QRectF, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.document.model import Cover, Project
from app.jobs.artwork import RELEASE_SIDE
from app.jobs.lettering import CoverDrawing, LetteredCover, names_of
from app.jobs.painting import old_cover
from app.widgets.basics import row
from app.widgets.pictures.cover_sheet import SIDE, CoverSheet
from app.widgets.pictures.picture import PictureView, image_of, read_scaled, size_of
from app.widgets.pictures.thumbnails import ThumbnailStrip
from app.widgets.pictures.type_picture import TypePicture

_LARGE, _SMALL = 1400, 2 * SIDE
_LETTERED, _SET = 1200, 700
_OLD = "old"
_EMPTY = "The album has no cover yet. Click here to choose a picture as its cover, or drop one."


class ArtworkPictures(QObject):
    """Holds the widgets that show pictures, and which of them are seen.

    Signals:
        chosen(str): the id of the candidate that the person wants to see.
        view_changed(): between one, two and all.
        drawn(object): the `LetteredCover` that is shown large now.
    """

    chosen = Signal(str)
    view_changed = Signal()
    drawn = Signal(object)

    def __init__(self, folder: Path, drawing: CoverDrawing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._drawing.drawn.connect(self._on_drawn)
        self._drawing.set_anew.connect(self._on_set_anew)
        self._folder = folder
        self._project = Project()
        self._cover: Cover | None = None
        self._small: dict[str, QImage] = {}
        self._names: dict[str, str] = {}
        self._listed: tuple[object, ...] = ()
        self._other = _OLD
        self._before = False
        self._preview: QImage | None = None
        self.looks_elsewhere = False
        self.view = "one"
        self.large = TypePicture(_EMPTY)
        self.beside = PictureView("Shift-click a small picture to see it here.")
        self.sheet = CoverSheet()
        self.sheet.chosen.connect(self.chosen)
        self.sheet.opened.connect(self._on_opened)
        self.strip = ThumbnailStrip()
        self.strip.chosen.connect(self.chosen)
        self.strip.compared.connect(self._on_compared)
        pair = QWidget()
        places = row(self.large, self.beside, spacing=16)
        places.setStretch(0, 1)
        places.setStretch(1, 1)
        pair.setLayout(places)
        self.large_area = QStackedWidget()
        self.large_area.addWidget(pair)
        self.large_area.addWidget(self.sheet)

    def has_view(self, key: str) -> bool:
        """Whether there are pictures enough for one, two side by side, or all."""
        count = len(self._project.covers)
        return {"one": count > 0, "two": count + bool(self._project.album.cover) > 1, "all": count > 1}[key]

    def show_view(self, key: str) -> None:
        """Shows "one", "two" or "all" of them, where there are enough."""
        self.view = key if self.has_view(key) else "one"
        self._before = False
        self._show()
        self.view_changed.emit()

    @Slot()
    def swap_before(self) -> None:
        """Shows the old cover in the place of the candidate, and back."""
        self._before = not self._before and bool(self._project.album.cover) and self._cover is not None
        self._show()
        self.view_changed.emit()

    def show_preview(self, image: QImage | None) -> None:
        """A picture that is being made; None when it is done."""
        if image is None:
            self.looks_elsewhere = False
        elif self.looks_elsewhere:
            return
        self._preview = image
        if image is not None and self.view == "all":
            self.view = "one"
            self._show()
        else:
            self._show_large()
        self.view_changed.emit()

    def look_elsewhere(self) -> None:
        """A candidate is asked for while another is being made: that one no longer takes its place."""
        self._preview, self.looks_elsewhere = None, True
        self._show_large()

    def show_covers(self, project: Project, cover: Cover | None) -> None:
        """Args: cover: the one to see; None for the old cover."""
        if cover != self._cover:
            self._before = False
        self._project, self._cover = project, cover
        if not self.has_view(self.view):
            self.view = "one"
        self._set_type_anew()
        state = (project.covers, project.release, project.album, project.name, cover, self.view)
        if state != self._listed:
            self._listed = state
            self._show()

    def size_words(self, cover: Cover) -> str:
        """How large a candidate is, or will be when it is made anew; one that stays as it is has its own size."""
        if cover.method != "plain":
            return f"{RELEASE_SIDE} × {RELEASE_SIDE} at export"
        size = size_of(self._folder / cover.file)
        return f"{size.width()} × {size.height()}" if size.isValid() else "cannot be read"

    def words(self) -> str:
        """How what is seen was made."""
        if self._preview is not None:
            return "being made"
        if self._cover is None:
            return "the old cover; nothing made of it yet" if self._project.album.cover else ""
        return in_words(self._cover)

    def _show(self) -> None:
        covers, chosen = self._project.covers, self._cover.id if self._cover else ""
        small = [(cover.id, f"{in_words(cover)} · {cover.id}", self._image(cover)) for cover in covers]
        self.strip.show_pictures(small, chosen, self._project.release.cover)
        self.strip.setVisible(bool(covers) and self.view != "all")
        if self.view == "all":
            in_use = self._project.release.cover
            named = [(key, f"in use · {words}" if key == in_use else words, image) for key, words, image in small]
            self.sheet.show_pictures(named, chosen)
        if self.large_area.currentIndex() < 2:  # else something else stands in their place
            self.large_area.setCurrentIndex(1 if self.view == "all" else 0)
        self._show_large()

    def _show_large(self) -> None:
        two = self.view == "two"
        self.beside.setVisible(two)
        caption = self._cover.id if two and self._cover else ""
        if self._preview is not None:
            self._put(self._preview)
        elif self._before:
            self._put(self._old_cover())
            caption = "before: the old cover"
        elif self._bears_type():
            self._drawing.draw(self._project, self._cover, _LETTERED)
        else:
            here = self._cover
            self._put(read_scaled(self._folder / here.file, _LARGE) if here else self._old_cover())
        self.large.set_caption("" if self._preview is not None else caption)
        if two:
            self._show_beside()

    def _put(self, image: QImage) -> None:
        self.large.show_image(image)
        self.large.show_boxes({})

    def _bears_type(self) -> bool:
        """Whether what is shown large has the names set on it."""
        there = self._cover is not None or bool(self._project.album.cover)
        return there and (self._project.release.lettering.on or _is_type(self._cover))

    @Slot(object)
    def _on_drawn(self, drawn: LetteredCover) -> None:
        if self._preview is None and not self._before and self._bears_type():
            self.large.show_image(image_of(drawn.pixels))
            boxes = {
                name: QRectF(at.left, at.top, at.right - at.left, at.bottom - at.top)
                for name, at in drawn.placed.items()
            }
            self.large.show_boxes(boxes)
            self.drawn.emit(drawn)

    def _show_beside(self) -> None:
        other = self._compared()
        image = self._old_cover() if other is None else self._large_image(other)
        self.beside.show_image(image)
        self.beside.set_caption("the old cover" if other is None else f"{other.id} · {in_words(other)}")

    def _compared(self) -> Cover | None:
        """What stands beside: the one that was asked for, else the one in use, else any other; None: the old cover."""
        covers = {cover.id: cover for cover in self._project.covers if cover != self._cover}
        if self._other in covers:
            return covers[self._other]
        if self._project.album.cover:
            return None
        return covers.get(self._project.release.cover) or next(iter(covers.values()), None)

    def _large_image(self, cover: Cover) -> QImage:
        return self._image(cover) if _is_type(cover) else read_scaled(self._folder / cover.file, _LARGE)

    def _set_type_anew(self) -> None:
        """Candidates that are nothing but the names follow these."""
        covers = [cover for cover in self._project.covers if _is_type(cover)]
        names = names_of(self._project)
        if names != self._names or any(cover.id not in self._small for cover in covers):
            self._names = names
            if covers:
                self._drawing.set_type_anew(self._project, covers, _SET)

    @Slot(object)
    def _on_set_anew(self, pictures: dict[str, np.ndarray]) -> None:
        self._small |= {id: image_of(pixels) for id, pixels in pictures.items()}
        self._show()

    def _image(self, cover: Cover) -> QImage:
        if cover.id not in self._small:
            self._small[cover.id] = read_scaled(self._folder / cover.file, _SMALL)
        return self._small[cover.id]

    def _old_cover(self) -> QImage:
        cover = old_cover(self._project, self._folder)
        return read_scaled(cover, _LARGE) if cover else QImage()

    @Slot(str)
    def _on_compared(self, id: str) -> None:
        self._other = id
        self.show_view("two")

    @Slot(str)
    def _on_opened(self, id: str) -> None:
        self.view = "one"
        self.chosen.emit(id)
        self.view_changed.emit()


def _is_type(cover: Cover | None) -> bool:
    return cover is not None and cover.method == "type"


def in_words(cover: Cover) -> str:
    """How a candidate was made."""
    if cover.method == "type":
        return f"set in type · seed {cover.seed}"
    if cover.method not in ("self", "photos"):
        return "a picture as it is"
    name = "made of itself" if cover.method == "self" else "band photographs"
    by = " · by the network" if cover.network else ""
    laid = f" · {cover.mode} {cover.weight:.0%}" if cover.method == "photos" else ""
    return f"{name}{by} · pieces 1/{cover.pieces:g} · style {cover.strength:.0%}{laid} · seed {cover.seed}"
