"""Titles drawn for songs, and locked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.document.edits.made import fill_titles, redraw_titles
from app.document.edits.songs import add_song, duplicate_song, lock_title, title_song
from app.document.model import Project

SONGS = st.lists(st.tuples(st.sampled_from(["", "Rust", "Salt", "Glass"]), st.booleans()), max_size=5)
ORDERS = st.lists(st.sampled_from(["Rust", "Salt", "Iron", "Knot", "Doors", "Wolf", "Ash"]), max_size=9)


def album(songs: list[tuple[str, bool]]) -> Project:
    project = Project()
    for title, locked in songs:
        project = add_song(project)
        id = project.songs[-1].id
        project = lock_title(title_song(project, id, title), id, locked)
    return project


@given(SONGS, ORDERS)
def test_filling_touches_only_the_empty_and_drawing_only_the_unlocked(
    songs: list[tuple[str, bool]], order: list[str]
) -> None:
    before = album(songs)
    used = {song.title for song in before.songs}
    for drawn, may_change in (
        (fill_titles, lambda song: not song.title),
        (redraw_titles, lambda song: not song.title_locked),
    ):
        after = drawn(before, order)
        changed = 0
        for old, new in zip(before.songs, after.songs, strict=True):
            assert new.title_locked == old.title_locked
            if new.title != old.title:
                assert may_change(old)
                assert new.title not in used
                changed += 1
        assert changed == min(sum(map(may_change, before.songs)), len(set(order) - used))
        fresh = [new.title for old, new in zip(before.songs, after.songs, strict=True) if new.title != old.title]
        assert len(set(fresh)) == len(fresh)


def test_an_empty_title_cannot_be_locked_and_a_copy_is_free() -> None:
    project = album([("Rust", True), ("", True)])
    first, second = project.songs
    assert (first.title_locked, second.title_locked) == (True, False)
    assert not title_song(project, first.id, " ").songs[0].title_locked
    assert title_song(project, first.id, "By Hand").songs[0].title_locked
    copy = duplicate_song(project, first.id).songs[1]
    assert (copy.title, copy.title_locked) == ("", False)
