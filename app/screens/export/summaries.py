"""The songs of the release as Export lists them: how loud they are, how they look, and how old their clips are."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from app.document.model import SONG_RATE, Song
from app.jobs.export import SongSummary, SongSummaryJob, loudness_shown, summarise_songs
from app.jobs.job import JobList
from app.session.open_project import OpenProject
from app.widgets.songs.release_songs import SongRow


class SongSummaries(QObject):
    """Measures songs in the background, and remembers what was measured until a song changes.

    Signals:
        changed(): the summary of one more song is known.
        measured(): all songs that had changed are measured, or measuring was cancelled.
        failed(str): songs cannot be measured, and why; another try waits for another edit.
    """

    changed = Signal()
    measured = Signal()
    failed = Signal(str)

    def __init__(self, project: OpenProject, jobs: JobList, parent: QObject) -> None:
        super().__init__(parent)
        self._project, self._jobs = project, jobs
        self._job: SongSummaryJob | None = None
        self._has_failed = False
        self._known: dict[str, tuple[Song, SongSummary]] = {}

    @property
    def known(self) -> dict[str, SongSummary]:
        """By the ids of songs; those of songs that have changed since are among them."""
        return {id: summary for id, (_, summary) in self._known.items()}

    def rows(self) -> list[SongRow]:
        """The songs of the release, as they are listed."""
        songs = [song for song in self._project.value.songs if song.frames]
        known = self.known
        summaries = [known[song.id] for song in songs if song.id in known]
        all_known = bool(songs) and len(summaries) == len(songs)
        loudness = loudness_shown(summaries, self._project.value.release.loudness) if all_known else ()
        rows = []
        for place, song in enumerate(songs):
            summary = known.get(song.id)
            rows.append(
                SongRow(
                    song.id,
                    song.title,
                    song.frames / SONG_RATE,
                    loudness[place] if all_known else None,
                    summary.lows if summary else None,
                    summary.highs if summary else None,
                    summary.ages if summary else None,
                )
            )
        return rows

    def measure_changed(self) -> None:
        """Starts measuring the songs that have changed, unless some are being measured."""
        changed = tuple(song for song in self._project.value.songs if song.frames and not self._is_known(song))
        if changed and self._job is None:
            self._job = summarise_songs(self._project, self._jobs, changed)
            self._has_failed = False
            self._job.summarised.connect(self._on_summarised)
            self._job.failed.connect(self._on_failed)
            self._job.ended.connect(self._on_ended)

    def cancel(self) -> None:
        """Leaves off measuring."""
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def forget(self) -> None:
        """All songs sound otherwise now: they are measured anew."""
        self._known.clear()
        self.cancel()

    def _is_known(self, song: Song) -> bool:
        known = self._known.get(song.id)
        return known is not None and known[0].lanes == song.lanes

    @Slot(object, object)
    def _on_summarised(self, song: Song, summary: SongSummary) -> None:
        self._known[song.id] = song, summary
        self.changed.emit()

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self._has_failed = True
        self.failed.emit(why)

    @Slot()
    def _on_ended(self) -> None:
        self._job = None
        if not self._has_failed:
            self.measured.emit()
