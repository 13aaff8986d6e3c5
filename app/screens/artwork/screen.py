"""Artwork: candidates for the cover, one of them in use, and the names on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QWidget

from app.document.changes import Changes
from app.document.edits.made import choose_cover, remove_cover
from app.document.model import Cover
from app.document.tree import find
from app.document.words import plural
from app.jobs.artwork import RELEASE_SIDE, CoverJob, make_covers, make_more_like, use_picture
from app.jobs.import_album import Imported, import_pictures
from app.jobs.job import JobList
from app.jobs.lettering import CoverDrawing, Faces
from app.jobs.network import is_network_here
from app.playback.player import Player
from app.screens.artwork.lettering import Typing
from app.screens.artwork.lettering_panel import TypePanel
from app.screens.artwork.network_dialog import NetworkDialog
from app.screens.artwork.painting import Painting, PaintPanel
from app.screens.artwork.pictures import ArtworkPictures
from app.screens.artwork.settings import ArtworkSettings
from app.screens.screen import Screen
from app.session.open_project import OpenProject
from app.widgets.album.drops import DropCatcher, dropped_pictures
from app.widgets.basics import Elided, button, column, label, row
from app.widgets.dialogs.questions import ask_open_file
from app.widgets.pictures.picture import image_of

_LOW = 500
"""Height below which the large picture needs the room of the small ones."""
_PICTURES = "Pictures (*.jpg *.jpeg *.png *.webp *.tif *.tiff *.bmp *.gif)"
_VIEWS = {
    "one": ("One", "One candidate, large"),
    "two": ("Two", "Beside another, or the old cover; Shift-click a small one to choose which (C)"),
    "all": ("All", "All candidates, and how they were made (G)"),
}


class ArtworkScreen(Screen):
    """Make candidates, compare them, choose one, set the names on it."""

    name = "artwork"
    shown_parts = frozenset(("name", "album", "covers", "release"))

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(project, jobs, player, parent)
        self._job: CoverJob | None = None
        self._shown = ""
        DropCatcher(self, dropped_pictures).dropped.connect(self._on_dropped)
        faces = Faces()
        drawing = CoverDrawing(project.folder, jobs, faces, self)
        drawing.failed.connect(self._on_failed)
        self.pictures = ArtworkPictures(project.folder, drawing, self)
        self.pictures.chosen.connect(self._on_chosen)
        self.pictures.large.picture_asked.connect(self.choose_old_cover)
        self.pictures.view_changed.connect(self._show)
        self.settings = ArtworkSettings()
        self.settings.make_asked.connect(self._make)
        self.settings.cover_asked.connect(self.choose_old_cover)
        self.settings.cancel_asked.connect(self._cancel)
        self.settings.network_asked.connect(self._ask_for_network)
        self.type = TypePanel()
        self.type.done.connect(self._stop_typing)
        self.typing = Typing(project, jobs, faces, self.pictures.large, self.type)
        self.pictures.drawn.connect(self.typing.show_drawn)
        self.paint_panel = PaintPanel()
        self.paint_panel.done.connect(self._stop_painting)
        self.painting = Painting(project, jobs, self.paint_panel, self)
        self.painting.failed.connect(self._on_failed)
        self.pictures.large_area.addWidget(self.painting.picture)
        self._badge = label("", "badge")
        self._words = Elided("", "faint")
        self.use = button("Use as cover", tip="The release bears this picture (Ctrl+Return)")
        self.use.clicked.connect(self._use)
        self.set_type = button("Set type…", tip="Album and artist on the cover (T)")
        self.set_type.clicked.connect(self._start_typing)
        self.paint = button("Paint out…", tip="Take the old lettering off the old cover (P)")
        self.paint.clicked.connect(self._start_painting)
        self.more = button("More like this", "quiet", tip="New ones, with settings near those of this one (M)")
        self.more.clicked.connect(self._make_more_like)
        self.drop = button("Remove", "quiet", tip="Take this candidate off the list (Delete)")
        self.drop.clicked.connect(self._remove)
        self.views: dict[str, QPushButton] = {}
        self._lay_out()
        self.add_key("Use as cover", "Ctrl+Return", self._use)
        self.add_key("Remove candidate", "Delete", self._remove)
        self.add_key("More like this", "M", self._make_more_like)
        self.add_key("Paint out the old lettering", "P", self._start_painting)
        self.add_key("Set type on the cover", "T", self._start_typing)
        self._back = self.add_key("Back to making pictures", "Escape", self._go_back)
        self._back.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)  # fields elsewhere want it, too
        self._back.setEnabled(False)
        self.add_key("Before and after", "B", self.pictures.swap_before)
        self.add_key("Compare two candidates", "C", lambda: self._toggle_view("two"))
        self.add_key("All candidates", "G", lambda: self._toggle_view("all"))
        self._show()

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        for key, (name, tip) in _VIEWS.items():
            chip = button(name, "chip", tip=tip)
            chip.setCheckable(True)
            chip.clicked.connect(lambda _=False, key=key: self.pictures.show_view(key))
            group.addButton(chip)
            self.views[key] = chip
        head = row(label("Cover", "title"), self._badge, 1, self.paint, self.set_type, self.use)
        self._foot = QWidget()
        foot = row(*self.views.values(), self._words, self.more, self.drop, spacing=6)
        foot.setStretch(len(self.views), 1)
        foot.setContentsMargins(0, 0, 0, 0)
        self._foot.setLayout(foot)
        left = column(
            head, self.pictures.large_area, self._foot, self.pictures.strip, margins=(20, 20, 20, 12), spacing=10
        )
        self._sides = QStackedWidget()
        self._sides.setFixedWidth(320)
        self._sides.addWidget(self.settings)
        self._sides.addWidget(self.type)
        self._sides.addWidget(self.paint_panel)
        self.setLayout(row(left, self._sides, spacing=0))

    # what the window asks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.pictures.strip.make_small(event.size().height() < _LOW)

    def rail_note(self) -> str:
        return str(len(self.project.value.covers) or "")

    def entered(self) -> None:
        self._show()  # the network may have come meanwhile

    # what the person does

    @Slot()
    def _make(self) -> None:
        if self.settings.methods.key == "plain":
            path = ask_open_file(self, "Choose a picture", _PICTURES)
            if path is not None:
                self._take(path)
            return
        self._follow(
            make_covers(self.project, self.jobs, self.settings.settings(), self.settings.seeds()), self.settings.count
        )

    @Slot()
    def _make_more_like(self) -> None:
        cover = self._cover()
        if cover is None or cover.method == "plain" or self._job is not None:
            return
        self.settings.put_settings(cover)
        seeds = self.settings.seeds()
        self._follow(make_more_like(self.project, self.jobs, cover.id, seeds), len(seeds))

    def _follow(self, job: CoverJob, count: int) -> None:
        self._job = job
        self.setFocus()  # else Qt would give it to whatever comes after the button that goes grey
        job.progressed.connect(self.settings.show_progress)
        job.previewed.connect(self._on_preview)
        job.made.connect(self._on_candidates)
        job.failed.connect(self._on_failed)
        job.ended.connect(self._on_ended)
        self.settings.begin()
        self.settings.next_seed(count)
        self._go_back()
        self._show()

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _take(self, path: Path) -> None:
        job = use_picture(self.project, self.jobs, path)
        job.finished.connect(self._on_made)
        job.failed.connect(self._on_failed)

    @Slot(object)
    def _on_dropped(self, paths: list[Path]) -> None:
        """Pictures serve what is chosen: as they are, as photographs, or as the cover that is made of itself."""
        method = self.settings.methods.key
        if method == "plain":
            for path in paths:
                self._take(path)
        else:
            self._import(paths, as_cover=method == "self")

    @Slot()
    def choose_old_cover(self) -> None:
        """Asks for the picture that is the cover of the album."""
        path = ask_open_file(self, "Choose the cover of the album", _PICTURES)
        if path is not None:
            self._import([path], as_cover=True)

    def _import(self, paths: list[Path], *, as_cover: bool) -> None:
        job = import_pictures(self.project, self.jobs, paths, as_cover=as_cover)
        job.finished.connect(self._on_imported)
        job.failed.connect(self._on_failed)

    @Slot(object)
    def _on_imported(self, imported: Imported) -> None:
        photographs = len(imported.album.photographs)
        if imported.album.cover:
            self.say.emit("This is the old cover now: what is made next is made of it.", "good")
        elif photographs:
            self.say.emit(f"Added {plural(photographs, 'photograph')}.", "good")
        for refused in imported.refused:
            self.say.emit(refused.why, "bad")

    @Slot(object)
    def _on_preview(self, pixels: np.ndarray) -> None:
        self.pictures.show_preview(image_of(pixels))

    @Slot(object)
    def _on_made(self, covers: tuple[Cover, ...]) -> None:
        self._look_at(covers[-1].id)

    @Slot(object)
    def _on_candidates(self, covers: tuple[Cover, ...]) -> None:
        """The newest is seen as it is made, unless the person looks at another."""
        if self.pictures.looks_elsewhere:
            self._show()
        else:
            self._on_made(covers)

    @Slot(str)
    def _on_chosen(self, id: str) -> None:
        if self._job is not None:
            self.pictures.look_elsewhere()
        self._look_at(id)

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self.say.emit(why, "bad")

    @Slot()
    def _on_ended(self) -> None:
        self._job = None
        self.settings.end()
        self.pictures.show_preview(None)
        self._show()

    @Slot(str)
    def _look_at(self, id: str) -> None:
        self._shown = id
        self._show()

    @Slot()
    def _use(self) -> None:
        if self._shown:
            self.project.edit("Choose cover", choose_cover, self._shown)

    @Slot()
    def _remove(self) -> None:
        if self._shown:
            covers = self.project.value.covers
            place = [cover.id for cover in covers].index(self._shown)
            neighbours = [cover.id for cover in (*covers[place + 1 :], *reversed(covers[:place]))]
            removed, self._shown = self._shown, neighbours[0] if neighbours else ""
            self.project.edit("Remove cover", remove_cover, removed)

    def _toggle_view(self, key: str) -> None:
        self.pictures.show_view("one" if self.pictures.view == key else key)

    @Slot()
    def _start_typing(self) -> None:
        if self.set_type.isHidden():
            return
        self._stop_painting()
        self._sides.setCurrentWidget(self.type)
        self._back.setEnabled(True)
        self.pictures.show_view("one")
        self.typing.begin()
        self._show()

    @Slot()
    def _stop_typing(self) -> None:
        if self._sides.currentWidget() is self.type:
            self._sides.setCurrentWidget(self.settings)
            self._back.setEnabled(False)
            self.typing.end()
            self._show()

    @Slot()
    def _start_painting(self) -> None:
        if self.paint.isHidden():
            return
        self._stop_typing()
        self._sides.setCurrentWidget(self.paint_panel)
        self._back.setEnabled(True)
        self.painting.begin()
        self._show()

    @Slot()
    def _stop_painting(self) -> None:
        if self._sides.currentWidget() is self.paint_panel:
            self._sides.setCurrentWidget(self.settings)
            self._back.setEnabled(False)
            self.painting.end()
            self.pictures.large_area.setCurrentIndex(0)
            self.pictures.show_view(self.pictures.view)
            self._show()

    @Slot()
    def _go_back(self) -> None:
        self._stop_typing()
        self._stop_painting()

    @Slot()
    def _ask_for_network(self) -> None:
        self.network_dialog = NetworkDialog(self.jobs, self)
        self.network_dialog.accepted.connect(self._on_network)
        self.network_dialog.open()

    @Slot()
    def _on_network(self) -> None:
        self.say.emit("The network is here: covers are made with it now.", "good")
        self._show()
        self.settings.use_network()

    # what is shown

    def show_changes(self, changes: Changes) -> None:
        self.painting.show_project()
        self._show()

    def _cover(self) -> Cover | None:
        return find(self.project.value.covers, self._shown) if self._shown else None

    @Slot()
    def _show(self) -> None:
        value = self.project.value
        if all(cover.id != self._shown for cover in value.covers):
            self._shown = value.release.cover or (value.covers[-1].id if value.covers else "")
        cover = self._cover()
        self.settings.show_album(value.album, len(value.covers), is_network_here())
        self.pictures.show_covers(value, cover)
        self.typing.show_cover(cover)
        in_use = self._shown == value.release.cover
        self.views[self.pictures.view].setChecked(True)
        for key, chip in self.views.items():
            chip.setVisible(self.pictures.has_view(key))
        for widget in (self.use, self.drop, self._badge):
            widget.setVisible(cover is not None)
        self.more.setVisible(cover is not None and cover.method != "plain")
        self.more.setEnabled(self._job is None)
        anything = cover is not None or bool(value.album.cover)
        self._foot.setVisible(anything)
        self.set_type.setVisible(anything)
        self.paint.setVisible(bool(value.album.cover))
        if self._sides.currentWidget() is self.paint_panel:
            self.pictures.large_area.setCurrentWidget(self.painting.picture)
            self._foot.hide()
        if cover is not None:
            self._badge.setText(self.pictures.size_words(cover))
            self._badge.setToolTip(f"An export writes every cover at {RELEASE_SIDE} × {RELEASE_SIDE}")
        self.use.setEnabled(not in_use)
        self.use.setText("In use" if in_use and cover else "Use as cover")
        self._words.show_text(self.pictures.words())
