"""Artwork: candidates for the cover, one of them in use."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Literal

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QProgressBar, QSpinBox, QWidget

from app.document.edits.made import choose_cover, remove_cover
from app.document.edits.tree import find
from app.document.model import Cover
from app.jobs.artwork import CoverJob, make_covers, use_picture
from app.jobs.job import JobList
from app.jobs.open_project import OpenProject
from app.jobs.player import Player
from app.screens.screen import Screen
from app.widgets.basics import Elided, SidePanel, button, column, keep_off_edges, label, line, row, time_left
from app.widgets.choice_card import ChoiceCards
from app.widgets.dialogs import ask_open_file
from app.widgets.picture import PictureView, ThumbnailStrip, image_of, read_scaled
from app.widgets.value_slider import ValueSlider

_AT_ONCE = 6
_LARGE = 1400
_METHODS = {
    "self": ("Made of itself", "the old cover, in small pieces of itself"),
    "photos": ("Band photographs", "the cover styled by each photo, overlaid"),
    "plain": ("Plain picture", "use an image as it is"),
}


class ArtworkScreen(Screen):
    """Make candidates, compare them, choose one."""

    name = "artwork"

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(project, jobs, player, parent)
        self._job: CoverJob | None = None
        self._shown = ""
        self._images: dict[str, QImage] = {}
        self._listed: tuple[tuple[Cover, ...], str, str] | None = None
        self.picture = PictureView("No cover yet. Choose a way at the right and make some.")
        self.strip = ThumbnailStrip()
        self.strip.chosen.connect(self._look_at)
        self._badge = label("3000 × 3000", "badge")
        self._words = Elided("", "faint")
        self.use = button("Use as cover", tip="The release bears this picture (Ctrl+Return)")
        self.use.clicked.connect(self._use)
        self.drop = button("Remove", "quiet", tip="Take this candidate off the list (Delete)")
        self.drop.clicked.connect(self._remove)
        self.methods = ChoiceCards()
        for key, (name, words) in _METHODS.items():
            self.methods.add(key, name, words)
        self.methods.chosen.connect(self._show)
        self.pieces = ValueSlider("Piece size", 2, 12, 6, lambda value: f"1/{value}")
        self.strength = ValueSlider("Style over content", 0, 100, 70, lambda value: f"{value} %")
        self.seed = QSpinBox()
        self.seed.setRange(0, 999_999)
        self.seed.setValue(random.randrange(10_000))
        self.seed.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.seed.setAccessibleName("Seed")
        keep_off_edges(self.seed)
        self.seed.setToolTip("The same seed gives the same picture")
        self._settings = QWidget()
        self._settings.setLayout(
            column(self.pieces, self.strength, row(label("Seed", "dim"), 1, self.seed), spacing=10)
        )
        self._doing = label("", "faint", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self.cancel = button("Cancel")
        self.cancel.clicked.connect(self._cancel)
        self.make = button("", "primary")
        self.make.clicked.connect(self._make)
        self._why_not = label("", "faint", wrap=True)
        head = row(label("Cover", "title"), self._badge, self._words, self.drop, self.use)
        head.setStretch(2, 1)
        left = column(head, self.picture, self.strip, margins=(20, 20, 20, 12), spacing=12)
        self.setLayout(row(left, self._side(), spacing=0))
        self.add_key("Use as cover", "Ctrl+Return", self._use)
        self.add_key("Remove candidate", "Delete", self._remove)
        project.changed.connect(self._show)
        self._show()

    def _side(self) -> QWidget:
        side = SidePanel(320)
        self._progress = QWidget()
        self._progress.setLayout(column(self._doing, self._bar, row(1, self.cancel)))
        self._progress.hide()
        side.body.addWidget(label("Make pictures", "heading"))
        side.body.addWidget(self.methods)
        side.body.addWidget(line())
        side.body.addWidget(self._settings)
        side.body.addWidget(line())
        side.body.addWidget(self._progress)
        side.body.addStretch(1)
        side.body.addWidget(self._why_not)
        side.body.addWidget(self.make)
        return side

    # what the window asks

    def rail_note(self) -> str:
        return str(len(self.project.value.covers) or "")

    # what the person does

    @Slot()
    def _make(self) -> None:
        method: Literal["self", "photos"]
        match self.methods.key:
            case "plain":
                path = ask_open_file(
                    self, "Choose a picture", "Pictures (*.jpg *.jpeg *.png *.webp *.tif *.tiff *.bmp *.gif)"
                )
                if path is not None:
                    self._take(path)
                return
            case "photos":
                method = "photos"
            case _:
                method = "self"
        job = make_covers(
            self.project,
            self.jobs,
            count=_AT_ONCE,
            method=method,
            pieces=float(self.pieces.value),
            strength=self.strength.value / 100,
            seed=self.seed.value(),
        )
        self._job = job
        job.progressed.connect(self._on_progress)
        job.previewed.connect(self._on_preview)
        job.made.connect(self._on_made)
        job.failed.connect(self._on_failed)
        job.ended.connect(self._on_ended)
        self._doing.setText("Looking at the picture…")
        self._bar.setValue(0)
        self._show()

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._doing.setText("Stopping…")

    def _take(self, path: Path) -> None:
        job = use_picture(self.project, self.jobs, path)
        job.finished.connect(self._on_made)
        job.failed.connect(self._on_failed)

    @Slot(float, str, float)
    def _on_progress(self, fraction: float, text: str, seconds_left: float) -> None:
        if self._job is None or self._job.is_asked_to_stop:
            return
        self._bar.setValue(round(fraction * 1000))
        left = time_left(seconds_left)
        self._doing.setText(f"Working: {text}" + (f" · {left}" if left else ""))

    @Slot(object)
    def _on_preview(self, pixels: np.ndarray) -> None:
        self.picture.show_image(image_of(pixels))

    @Slot(object)
    def _on_made(self, covers: tuple[Cover, ...]) -> None:
        self._shown = covers[-1].id
        self._show()

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self.say.emit(why, "bad")

    @Slot()
    def _on_ended(self) -> None:
        self._job = None
        self.seed.setValue((self.seed.value() + _AT_ONCE) % self.seed.maximum())
        self._listed = None
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
            self.project.edit("Remove cover", remove_cover, self._shown)

    # what is shown

    @Slot()
    def _show(self) -> None:
        value = self.project.value
        if all(cover.id != self._shown for cover in value.covers):
            self._shown = value.release.cover or (value.covers[-1].id if value.covers else "")
        state = (value.covers, self._shown, value.release.cover)
        if state != self._listed:
            self._listed = state
            self._show_covers(*state)
        self._show_controls()

    def _show_covers(self, covers: tuple[Cover, ...], shown: str, in_use: str) -> None:
        small = [(cover.id, _in_words(cover), self._image(cover)) for cover in covers]
        self.strip.show_pictures(small, shown, in_use)
        self.strip.setVisible(bool(covers))
        for widget in (self.use, self.drop, self._badge):
            widget.setVisible(bool(shown))
        if not shown:
            old = self._old_cover()
            self._words.show_text("" if old.isNull() else "the old cover; nothing made of it yet")
            self.picture.show_image(old)
            return
        cover = find(covers, shown)
        self._words.show_text(_in_words(cover))
        self.use.setEnabled(shown != in_use)
        self.use.setText("In use" if shown == in_use else "Use as cover")
        self.picture.show_image(read_scaled(self.project.folder / cover.file, _LARGE))

    def _image(self, cover: Cover) -> QImage:
        if cover.id not in self._images:
            self._images[cover.id] = read_scaled(self.project.folder / cover.file, 2 * 88)
        return self._images[cover.id]

    def _old_cover(self) -> QImage:
        cover = self.project.value.album.cover
        return read_scaled(self.project.folder / cover, _LARGE) if cover else QImage()

    def _show_controls(self) -> None:
        album = self.project.value.album
        method = self.methods.key
        busy = self._job is not None
        why_not = ""
        if method == "photos" and not album.photographs:
            why_not = "Add photographs of the band under Album first."
        elif method == "self" and not album.cover:
            why_not = "The album has no cover: its name is set in type instead. Drop a picture under Album to use one."
        self._why_not.setText(why_not)
        self._why_not.setVisible(bool(why_not))
        self._progress.setVisible(busy)
        self._settings.setVisible(method != "plain")
        more = f"Make {_AT_ONCE} more" if self.project.value.covers else f"Make {_AT_ONCE}"
        self.make.setText("Choose a picture…" if method == "plain" else more)
        self.make.setEnabled(not busy and not (method == "photos" and why_not))


def _in_words(cover: Cover) -> str:
    match cover.method:
        case "self":
            return f"made of itself · pieces 1/{cover.pieces:g} · style {cover.strength:.0%} · seed {cover.seed}"
        case "photos":
            return f"band photographs · pieces 1/{cover.pieces:g} · style {cover.strength:.0%} · seed {cover.seed}"
        case "type":
            return f"set in type · seed {cover.seed}"
        case _:
            return "a picture as it is"
