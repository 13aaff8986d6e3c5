"""Exporting in the background, and what is looked at before it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal

from app.document.ages import clip_ages
from app.document.edits.exported import add_exported, exported_today
from app.document.model import FORMAT_TITLES, Project, Song
from app.document.store import ProjectFolder
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from app.studio.analysis.song_summary import SongSummary, loudness_shown
from app.studio.artwork.lettering import Placed
from app.studio.importing.scan import natural
from app.studio.release.check import Check
from app.studio.release.files import FORMATS
from resources.progress import Cancelled, Report

__all__ = [
    "Check",
    "SongSummary",
    "SongSummaryJob",
    "check",
    "export_album",
    "loudness_shown",
    "songs_of",
    "summarise_songs",
    "usual_place",
]


class SongSummaryJob(Job):
    """Signals:
    summarised(Song, SongSummary): one song has been listened to.
    """

    summarised = Signal(object, object)


def export_album(project: OpenProject, jobs: JobList, out: Path) -> Job:
    """Starts writing the release into a new folder in `out`; the job finishes with its path, which is remembered."""

    def work(report: Report, cancelled: Cancelled) -> Path:
        from app.studio.release.export import export_release

        return export_release(value, folder, out, report=report, cancelled=cancelled)

    def remember(release: Path) -> None:
        exported = exported_today(value, folder, release)
        project.update(lambda value: add_exported(value, exported))

    value, folder = project.value, project.folder
    job = jobs.start("Export", work)
    job.finished.connect(remember)
    return job


def check(project: OpenProject, jobs: JobList, out: Path, placed: Mapping[str, Placed]) -> Job:
    """Starts looking at what to know before an export; the job finishes with a list of `Check`.

    Args:
        placed: where the names are on the cover, as it was drawn.
    """

    def work(report: Report, cancelled: Cancelled) -> list[Check]:
        from app.studio.release.checks import before_export, hard_to_read

        return [*before_export(value, folder, out), *hard_to_read(placed)]

    value, folder = project.value, project.folder
    return jobs.start("Checks", work, quiet=True)


def summarise_songs(project: OpenProject, jobs: JobList, songs: tuple[Song, ...]) -> SongSummaryJob:
    """Starts listening to songs, one after another."""

    def work(report: Report, cancelled: Cancelled) -> None:
        from app.studio.analysis.song_summary import kept_summary
        from app.studio.audio.clip_sound import ClipSounds
        from app.studio.finish.chosen import chosen_finish

        sounds = ClipSounds(folder, value.clips, chosen_finish(value, folder))
        ages = clip_ages(value)
        kept = ProjectFolder(folder).cache / "songs"
        for place, song in enumerate(songs):

            def report_part(fraction: float, text: str, place: int = place) -> None:
                report((place + fraction) / len(songs), text)

            job.tell(job.summarised, song, kept_summary(song, sounds, ages, kept, report_part, cancelled))

    value, folder = project.value, project.folder
    job = SongSummaryJob("Measuring songs", work, quiet=True)
    jobs.start_job(job)
    return job


def problems_of(release: Path) -> tuple[str, ...]:
    """What was not as it should be when the release was written, in plain sentences."""
    from app.studio.release.record import problems_of

    return problems_of(release)


def notes_of(release: Path) -> tuple[str, ...]:
    """What was done to the sound of the release, in plain sentences."""
    from app.studio.release.record import notes_of

    return notes_of(release)


def credits_text(project: Project) -> str:
    """Who did what on the release, to be copied into the forms of shops."""
    from app.studio.release.credits import credits_as_text, credits_of

    return credits_as_text(credits_of(project, [song for song in project.songs if song.frames]))


def usual_place(folder: Path) -> Path:
    """Where releases of a project go unless the artist says otherwise."""
    return ProjectFolder(folder).releases


def songs_of(release: Path) -> tuple[Path, ...]:
    """The sound files of a finished release in one format, in the order of the album; none where it is gone."""
    suffixes = tuple(dict.fromkeys(form.suffix for form in FORMATS.values()))
    for folder in (release, *(release / title for title in FORMAT_TITLES.values())):
        for suffix in suffixes:
            if files := sorted(folder.glob(f"*.{suffix}"), key=natural):
                return tuple(files)
    return ()
