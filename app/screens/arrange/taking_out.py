"""Clips, sections and songs dragged out of the window, or copied, as sound files for other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QUrl, Slot
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication

from app.document.words import plural
from app.jobs.taking_out import SoundMime, clips_out, copy_out, sections_out, song_out
from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.widgets.dragging import OWN_MIME, drag_picture, run_drag
from app.widgets.songs.album_flow import AlbumFlow

_OWN = {OWN_MIME: b"1"}


class TakingOut(ArrangePart):
    """Gives the widgets what their drags carry; makes a drag of sections that are carried out of the window."""

    def __init__(self, context: ArrangeContext, flow: AlbumFlow) -> None:
        super().__init__(context)
        self._clips.list.mime_of = self.clips
        flow.mime_of = self.song
        context.timeline.out_asked.connect(self.drag_sections)
        self._copying: Sequence[str] | None = None
        QApplication.clipboard().dataChanged.connect(self._forget)

    def clips(self, ids: Sequence[str], own: Mapping[str, bytes]) -> SoundMime:
        """What a drag of clips carries."""
        return self._telling(clips_out(self._project.value, self._project.folder, ids, {**own, **_OWN}))

    def song(self, id: str, own: Mapping[str, bytes]) -> SoundMime:
        """What a drag of a song carries."""
        return self._telling(song_out(self._project.value, self._project.folder, id, {**own, **_OWN}))

    def sections(self, ids: Sequence[str]) -> SoundMime:
        """What a drag of sections of a song carries."""
        return self._telling(sections_out(self._project.value, self._project.folder, ids, _OWN))

    @Slot(object)
    def drag_sections(self, ids: Sequence[str]) -> None:
        """Goes on with a drag of sections that has left the window."""
        drag = QDrag(self._timeline)
        drag.setPixmap(drag_picture(plural(len(ids), "section"), self._timeline))
        drag.setHotSpot(QPoint(-8, 12))
        run_drag(drag, self.sections(ids))

    @Slot(object)
    def copy_sections(self, ids: Sequence[str]) -> None:
        """Puts them on the clipboard as a sound file, as soon as that is whole, unless something else was copied."""
        if not ids:
            return
        self._copying = ids
        job = copy_out(self._project, self._jobs, ids)
        job.finished.connect(lambda path: self._put_on_clipboard(ids, path))
        job.failed.connect(self.problem)

    def _put_on_clipboard(self, ids: Sequence[str], path: Path) -> None:
        if self._copying is ids:
            # data of Python's own would be asked for once Python has ended
            mime = QMimeData()
            mime.setUrls([QUrl.fromLocalFile(str(path))])
            QApplication.clipboard().setMimeData(mime)

    @Slot()
    def _forget(self) -> None:
        """Something was put on the clipboard: what is not there yet does not take its place."""
        self._copying = None

    def _telling(self, mime: SoundMime) -> SoundMime:
        mime.failed.connect(self.problem)
        return mime
