"""What has been made: runs, clips, covers, titles. Jobs report these; the artist stars and chooses among them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from app.document.edits.songs import title_song
from app.document.model import MOST_BITS, Clip, Cover, Learning, Project, Run, Title
from app.document.names import clean_name
from app.document.tree import find, swap

MOST_INVENTED = 20_000
"""Titles that are neither starred nor on a song: nobody reads so many, and all of them cost memory."""


def known_bits(bits: float | None) -> float | None:
    """Bits per sample, or None for what is no number: that of a model that has come to grief."""
    return bits if bits is not None and 0.0 <= bits <= MOST_BITS else None


def with_epoch(run: Run, epoch: int, bits: float | None) -> Run:
    """The run after one more epoch, with its bits per sample on held-out music; the lowest so far is its best."""
    bits = known_bits(bits)
    after = replace(run, epoch=epoch, held_out_bits=bits)
    if bits is not None and (run.best_bits is None or bits < run.best_bits):
        after = replace(after, best_epoch=epoch, best_bits=bits)
    return after


def put_run(project: Project, run: Run) -> Project:
    """Adds a run, or replaces what was known of it."""
    run = _with_known_bits(run)
    if any(known.id == run.id for known in project.runs):
        return replace(project, runs=swap(project.runs, run.id, lambda _: run))
    return replace(project, runs=(*project.runs, run))


def put_run_last(project: Project, run: Run) -> Project:
    """Puts a run after all others: they stand in the order in which they were last trained."""
    others = tuple(known for known in project.runs if known.id != run.id)
    return replace(project, runs=(*others, _with_known_bits(run)))


def _with_known_bits(run: Run) -> Run:
    return replace(run, held_out_bits=known_bits(run.held_out_bits), best_bits=known_bits(run.best_bits))


def choose_learning(project: Project, learning: Learning) -> Project:
    """Remembers with what and for how long to learn."""
    return replace(project, learning=learning)


def add_clips(project: Project, clips: Iterable[Clip]) -> Project:
    """Adds the clips that are not there yet."""
    known = {clip.id for clip in project.clips}
    return replace(project, clips=(*project.clips, *(clip for clip in clips if clip.id not in known)))


def star_clip(project: Project, id: str, stars: int) -> Project:
    """Gives a clip 0 to 5 stars."""
    return replace(project, clips=swap(project.clips, id, lambda clip: replace(clip, stars=min(max(stars, 0), 5))))


def reject_clip(project: Project, id: str, rejected: bool) -> Project:
    """Rejects a clip, or takes that back."""
    return replace(project, clips=swap(project.clips, id, lambda clip: replace(clip, rejected=rejected)))


def add_covers(project: Project, covers: Iterable[Cover]) -> Project:
    """Adds the candidates that are not there yet; the first one ever made is chosen by itself."""
    known = {cover.id for cover in project.covers}
    project = replace(project, covers=(*project.covers, *(cover for cover in covers if cover.id not in known)))
    if not project.release.cover and project.covers:
        project = choose_cover(project, project.covers[0].id)
    return project


def choose_cover(project: Project, id: str) -> Project:
    """Makes a candidate the cover of the release."""
    find(project.covers, id)
    return replace(project, release=replace(project.release, cover=id))


def remove_cover(project: Project, id: str) -> Project:
    """Takes a candidate off the list; its file stays until the project is cleaned up, so undo can bring it back."""
    covers = tuple(cover for cover in project.covers if cover.id != id)
    chosen = "" if project.release.cover == id else project.release.cover
    return replace(project, covers=covers, release=replace(project.release, cover=chosen))


def add_titles(project: Project, titles: Iterable[Title]) -> Project:
    """Puts new titles before the old ones; those already there keep their stars.

    Of more than `MOST_INVENTED` those are forgotten that were invented first and are neither starred nor on a song.
    """
    known = {title.text for title in project.titles}
    clean = (replace(title, text=clean_name(title.text)) for title in titles)
    fresh = {title.text: title for title in clean if title.text and title.text not in known}
    everything = (*fresh.values(), *project.titles)
    too_many = len(everything) - MOST_INVENTED
    if too_many > 0:
        used = {song.title for song in project.songs}
        passing = [title.text for title in everything if not title.starred and title.text not in used]
        forgotten = {*passing[max(len(passing) - too_many, 0) :]}
        everything = tuple(title for title in everything if title.text not in forgotten)
    return replace(project, titles=everything)


def star_title(project: Project, text: str, starred: bool) -> Project:
    """Stars an invented title, or takes the star away."""
    titles = tuple(replace(title, starred=starred) if title.text == text else title for title in project.titles)
    return replace(project, titles=titles)


def clear_titles(project: Project) -> Project:
    """Forgets the titles that are neither starred nor on a song."""
    used = {song.title for song in project.songs}
    kept = tuple(title for title in project.titles if title.starred or title.text in used)
    return replace(project, titles=kept)


def fill_titles(project: Project, order: Iterable[str]) -> Project:
    """Gives each song without a title the next of `order` that no song bears yet."""
    return _draw(project, order, [song.id for song in project.songs if not song.title])


def redraw_titles(project: Project, order: Iterable[str]) -> Project:
    """Gives each song whose title is not locked the next of `order` that no song bears yet."""
    return _draw(project, order, [song.id for song in project.songs if not song.title_locked])


def _draw(project: Project, order: Iterable[str], songs: Iterable[str]) -> Project:
    used = {song.title for song in project.songs}
    fresh = dict.fromkeys(text for text in order if text not in used)
    for song, title in zip(songs, fresh, strict=False):
        project = title_song(project, song, title)
    return project
