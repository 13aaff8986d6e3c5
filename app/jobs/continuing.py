"""The model goes on from a place in a section, in the background."""

from __future__ import annotations

from app.document.edits.continuing import place_continuations
from app.document.edits.made import add_clips
from app.document.edits.tree import clip_of
from app.document.model import Clip, Section
from app.jobs.job import Cancelled, Job, JobList, Report
from app.jobs.open_project import OpenProject

__all__ = ["CONTINUATIONS", "continue_section", "place"]

CONTINUATIONS = 3
_SECONDS = 10.0


def continue_section(project: OpenProject, jobs: JobList, section: Section, at: int, seed: int) -> Job:
    """Starts making continuations of a section from the frame `at` of its song; hand what it finishes with to `place`.

    The job finishes with tuple[Clip, ...].
    """
    value, folder = project.value, project.folder
    clip = clip_of(value, section.clip)
    frame = section.offset + at - section.start

    def work(report: Report, cancelled: Cancelled) -> tuple[Clip, ...]:
        from app.studio.continuing import continue_clip

        return continue_clip(
            value, folder, clip, frame,
            count=CONTINUATIONS, seconds=_SECONDS, seed=seed, report=report, cancelled=cancelled,
        )  # fmt: skip

    return jobs.start("Continuing", work)


def place(project: OpenProject, section: str, at: int, clips: tuple[Clip, ...]) -> bool:
    """Takes the clips in and puts them on a new lane of the section's song, in one step of undo.

    Returns:
        False where the section is gone meanwhile: then they are in the list of clips only.
    """
    project.absorb(lambda value: add_clips(value, clips))
    try:
        project.edit("Continue from here", place_continuations, section, [clip.id for clip in clips], at)
    except KeyError:
        return False
    return True
