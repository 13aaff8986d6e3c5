"""The model goes on from a place in a section, in the background."""

from __future__ import annotations

from app.document.edits.continuing import place_continuation
from app.document.edits.made import add_clips
from app.document.model import Clip, Section
from app.document.tree import clip_of
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from resources.progress import Cancelled, Report

__all__ = ["CONTINUATIONS", "continue_section", "place"]

CONTINUATIONS = 3
"""So many ways to go on are made, unless asked otherwise."""
_SECONDS = 10.0


def continue_section(
    project: OpenProject, jobs: JobList, section: Section, at: int, seed: int, count: int = CONTINUATIONS
) -> Job:
    """Starts making so many continuations of a section from the frame `at` of its song.

    The job finishes with tuple[Clip, ...]: hand it to `place`.
    """
    value, folder = project.value, project.folder
    clip = clip_of(value, section.clip)
    frame = section.offset + at - section.start

    def work(report: Report, cancelled: Cancelled) -> tuple[Clip, ...]:
        from app.studio.generation.continuing import Continuation, continue_clip

        return continue_clip(value, folder, Continuation(clip, frame, count, _SECONDS, seed), report, cancelled)

    return jobs.start("Continuing", work)


def place(project: OpenProject, section: Section, at: int, clips: tuple[Clip, ...]) -> str:
    """Takes the clips in and lets the section go on with the first of them, in one step of undo.

    Args:
        section, at: as they were when the work began; where the section has been moved since, its continuation is, too.

    Returns:
        The id of the new section; "" where the old one is gone meanwhile: then they are in the list of clips only.
    """
    project.update(lambda value: add_clips(value, clips))
    frame = section.offset + at - section.start
    try:
        value, fresh = place_continuation(project.value, section.id, [clip.id for clip in clips], frame)
    except KeyError:
        return ""
    project.put("Continue from here", value)
    return fresh
