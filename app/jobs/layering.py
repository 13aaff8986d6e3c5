"""Takes are layered to stereo and sections aligned in the background; each becomes one edit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.document.edits.layers import Take
from app.document.model import Clip, Project, Song
from app.document.tree import change_song, clip_of, song_of
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from resources.progress import Cancelled, Report

_LISTENING = 0.9
"""So much of the work, as a fraction."""


def layer_to_stereo(
    project: OpenProject, jobs: JobList, song: str, takes: Sequence[Take], *, keep_aligned: bool
) -> Job:
    """Puts takes on lanes panned apart with their accents aligned; see `studio.layering`.

    The job's value is the song as it should be: hand it to `take_over`.
    """
    value, folder = project.value, project.folder

    def work(report: Report, cancelled: Cancelled) -> Song:
        from app.studio.alignment import kept_aligned, layering
        from app.studio.analysis.accents import listen_to

        heard = listen_to(folder, _clips(value, takes), _part(report), cancelled)
        layer = kept_aligned.layer_kept_aligned if keep_aligned else layering.layer_to_stereo
        return song_of(layer(value, song, takes, heard), song)

    return jobs.start("Layering to stereo", work)


def align_accents(project: OpenProject, jobs: JobList, song: str, sections: Iterable[str]) -> Job:
    """Moves sections onto the accents of what sounds with them; the value is as that of `layer_to_stereo`."""
    value, folder, chosen = project.value, project.folder, list(sections)

    def work(report: Report, cancelled: Cancelled) -> Song:
        from app.studio.alignment import layering
        from app.studio.analysis.accents import listen_to

        still, moving = layering.still_and_moving(song_of(value, song), chosen)
        heard = listen_to(folder, _clips(value, [still, *moving]), _part(report), cancelled)
        return song_of(layering.align_accents(value, song, chosen, heard), song)

    return jobs.start("Aligning accents", work)


def take_over(project: OpenProject, name: str, before: tuple[Song, ...], song: Song) -> bool:
    """Makes the song that a job has worked out part of the document, as one edit.

    Args:
        before: the songs as they were when the job began.

    Returns:
        False where the songs have been changed since; then nothing is done.
    """
    if project.value.songs != before:
        return False
    project.edit(name, change_song, song.id, lambda _: song)
    return True


def _clips(project: Project, takes: Iterable[Take]) -> list[Clip]:
    return [clip_of(project, id) for id in dict.fromkeys(part.clip for take in takes for part in take)]


def _part(report: Report) -> Report:
    return lambda fraction, words: report(_LISTENING * fraction, words)
