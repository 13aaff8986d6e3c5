"""The model replaces a stretch of a section, or plays more like one, in the background."""

from __future__ import annotations

from app.document.edits.made import add_clips
from app.document.edits.replacing import Passage, place_replacement
from app.document.model import SONG_RATE, Clip, Section
from app.document.tree import clip_of
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from app.studio.generation.replacing import ReplacementRequest, Replacements, replace_passage
from resources.progress import Cancelled, Report

__all__ = ["REPLACEMENTS", "Replacements", "more_like_section", "put_in_place", "replace_stretch"]

REPLACEMENTS = 4
"""So many ways to replace a stretch are made, and so many clips that are like a section."""
_LEAST_SECONDS, _MOST_SECONDS = 2.0, 60.0
"""Length of a clip that is like a section."""


def replace_stretch(project: OpenProject, jobs: JobList, passage: Passage, seed: int) -> Job:
    """Starts making clips in the place of a stretch. The job finishes with `Replacements`: see `put_in_place`."""
    value, folder = project.value, project.folder

    def work(report: Report, cancelled: Cancelled) -> Replacements:
        return replace_passage(value, folder, ReplacementRequest(passage, REPLACEMENTS, seed), report, cancelled)

    return jobs.start("Replacing", work)


def put_in_place(project: OpenProject, passage: Passage, made: Replacements) -> str:
    """Takes the clips in and puts the likeliest in the place of the stretch, in one step of undo.

    Returns:
        The id of the section that plays it; "" where what it lies between is gone or was cut otherwise meanwhile: then
        the clips are in the list only.
    """
    project.update(lambda value: add_clips(value, made.clips))
    clips = [clip.id for clip in made.clips]
    try:
        value, fresh = place_replacement(project.value, passage, clips, made.shift, made.why)
    except KeyError:
        return ""
    project.put("Replace this stretch", value)
    return fresh


def more_like_section(project: OpenProject, jobs: JobList, section: Section, seed: int) -> Job:
    """Starts making clips that begin in the state in which the model was just before a section, from other seeds.

    They are as long as the section, within reason. The job finishes with tuple[Clip, ...], which it does not take in.

    Raises:
        KeyError: the clip of the section is not in the project.
    """
    value, folder = project.value, project.folder
    clip = clip_of(value, section.clip)
    seconds = min(max(section.length / SONG_RATE, _LEAST_SECONDS), _MOST_SECONDS)

    def work(report: Report, cancelled: Cancelled) -> tuple[Clip, ...]:
        from app.studio.generation.continuing import Continuation, continue_clip

        wanted = Continuation(clip, section.offset, REPLACEMENTS, seconds, seed)
        return continue_clip(value, folder, wanted, report, cancelled)

    return jobs.start("More like this", work)
