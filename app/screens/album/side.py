"""The panel beside the tracks: what the model will hear, and the rest of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.document.model import Project, Track
from app.jobs.train import PRESETS, Preset
from app.widgets.basics import (
    Facts,
    SidePanel,
    button,
    column,
    counted,
    label,
    line,
    long_duration,
    row,
    scrolling,
    set_kind,
)
from app.widgets.pictures.photo_grid import PhotoGrid

_LEAST_SECONDS = 10.0
_LITTLE_SECONDS = 600.0
_CHUNK_SECONDS = 8.0
_LATER = "not measured yet"


class PreparedAlbum(Protocol):
    """What is known of the album once it has been prepared for the model."""

    @property
    def rate(self) -> int: ...
    @property
    def seconds(self) -> float: ...
    @property
    def silence_removed(self) -> float: ...
    @property
    def chunks(self) -> Counts: ...
    @property
    def consistent(self) -> bool: ...
    @property
    def why(self) -> Sequence[str]: ...
    @property
    def tracks(self) -> Sequence[PreparedTrack]: ...


class Counts(Protocol):
    """The chunks of each part."""

    def values(self) -> Iterable[int]: ...


class PreparedTrack(Protocol):
    @property
    def path(self) -> str: ...


class AlbumSide(SidePanel):
    """What is known of the sound and of the catalogue, and the way on.

    Signals:
        train_asked(): go on to learning.
        paste_asked(): paste titles.
        photographs_asked(): choose photographs.
        photograph_removed(str): the path of one that should go.
    """

    train_asked = Signal()
    paste_asked = Signal()
    photographs_asked = Signal()
    photograph_removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(304, parent)
        self.facts = Facts()
        self.production = label("", "badge")
        self.remark = label("", "faint", wrap=True)
        self.catalogue = Facts()
        self.paste = button("Paste titles…")
        self.add_photographs = button("Add photographs…")
        self.photographs = PhotoGrid()
        self.why_not = label("", "faint", wrap=True)
        self.train = button("Train on this album", "primary")
        self.train.setToolTip("Choose a model and let it learn (Ctrl+Return)")
        words = "Titles and pictures learn from it. Paste song titles, drop a text file, add band photographs."
        body = column(
            label("What the model will hear", "heading"),
            self.facts,
            row(label("Same production?", "dim"), 1, self.production),
            self.remark,
            line(),
            label("Rest of the catalogue", "heading"),
            label(words, "faint", wrap=True),
            self.catalogue,
            row(self.paste, self.add_photographs, 1, spacing=8),
            self.photographs,
            1,
            spacing=9,
        )
        self.body.addWidget(scrolling(body), 1)
        self.body.addWidget(self.why_not)
        self.body.addWidget(self.train)
        self.train.clicked.connect(self.train_asked)
        self.paste.clicked.connect(self.paste_asked)
        self.add_photographs.clicked.connect(self.photographs_asked)
        self.photographs.remove_asked.connect(self.photograph_removed)

    def show_project(self, project: Project, report: PreparedAlbum | None) -> None:
        """Shows what is known: measured where `report` is of these very tracks, else what the files say."""
        heard = [track for track in project.album.tracks if track.on]
        if report is not None and {one.path for one in report.tracks} != {track.path for track in heard}:
            report = None
        seconds = sum(track.seconds for track in heard)
        rate = report.rate if report is not None else _preset(project).rate
        chunks = sum(report.chunks.values()) if report is not None else int(seconds / _CHUNK_SECONDS)
        self.facts.put("Sample rate", f"{rate / 1000:g} kHz mono")
        self.facts.put("Music", long_duration(report.seconds if report is not None else seconds))
        silence = long_duration(report.silence_removed) if report is not None else _LATER
        self.facts.put("Silence removed", silence, "" if report is not None else "faint")
        self.facts.put("Chunks of 8 s", counted(chunks) if report is not None else f"about {counted(chunks)}")
        self._show_production(report)
        self._show_catalogue(project)
        self._show_train(heard, seconds)

    def _show_production(self, report: PreparedAlbum | None) -> None:
        if report is None:
            self.production.setText(_LATER)
            set_kind(self.production, "badge")
        else:
            self.production.setText("consistent" if report.consistent else "mixed")
            set_kind(self.production, "badge-good" if report.consistent else "badge-warn")
        why = " ".join(report.why) if report is not None and not report.consistent else ""
        self.remark.setText(why)
        self.remark.setVisible(bool(why))

    def _show_catalogue(self, project: Project) -> None:
        album = project.album
        titles = {title.casefold() for title in album.titles} | {track.title.casefold() for track in album.tracks}
        self.catalogue.put("Song titles", counted(len(titles)))
        self.catalogue.put("Band photographs", counted(len(album.photographs)))
        self.photographs.show_photographs(album.photographs)

    def _show_train(self, heard: Sequence[Track], seconds: float) -> None:
        self.train.setEnabled(seconds >= _LEAST_SECONDS)
        if not heard:
            why = "Switch at least one track on, or add music."
        elif seconds < _LEAST_SECONDS:
            why = "There has to be at least ten seconds of music to learn from."
        elif seconds < _LITTLE_SECONDS:
            why = "This is little music: the model may learn it by heart. Half an hour or more works best."
        else:
            why = ""
        self.why_not.setText(why)
        self.why_not.setVisible(bool(why))


def _preset(project: Project) -> Preset:
    """That of the newest run, else the first."""
    name = project.runs[-1].preset if project.runs else ""
    return PRESETS.get(name) or next(iter(PRESETS.values()))
