"""Invented titles are updates: undo neither loses them nor keeps them again and again."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from app.document.edits.made import MOST_INVENTED, add_titles, clear_titles, redraw_titles, star_title
from app.document.history import History
from app.document.model import Project, Song, Title

SONGS = tuple(Song(id=f"s{number}") for number in range(1, 4))


def invented(first: int, count: int) -> list[Title]:
    return [Title(text=f"Title {number}") for number in range(first, first + count)]


def test_of_too_many_the_oldest_are_forgotten_but_none_that_is_used() -> None:
    project = add_titles(Project(songs=SONGS), invented(0, MOST_INVENTED))
    project = star_title(project, f"Title {MOST_INVENTED - 1}", True)
    project = redraw_titles(project, [f"Title {MOST_INVENTED - 2}"])
    more = add_titles(project, invented(MOST_INVENTED, 500))
    texts = [title.text for title in more.titles]
    assert len(texts) == MOST_INVENTED
    assert texts[0] == f"Title {MOST_INVENTED}"
    assert {f"Title {MOST_INVENTED - 1}", f"Title {MOST_INVENTED - 2}"} <= {*texts}
    assert f"Title {MOST_INVENTED - 3}" not in texts


def test_memory_stays_as_it_is_however_often_titles_are_invented_drawn_and_undone() -> None:
    history = History(Project(songs=SONGS))

    def work(rounds: range) -> int:
        for number in rounds:
            made = invented(1000 * number, 1000)
            history.update(lambda value, made=made: add_titles(value, made))
            history.edit("Draw", redraw_titles(history.value, [title.text for title in made[:3]]))
            if number % 3 == 0:
                history.undo()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        full = work(range(30))
        later = work(range(30, 60))
    finally:
        tracemalloc.stop()
    assert later - full < 2 * 2**20


def starred_first(project: Project) -> Project:
    return star_title(project, project.titles[0].text, True) if project.titles else project


STEPS = st.lists(st.sampled_from(["invent", "draw", "star", "clear", "undo", "redo"]), max_size=30)


@given(STEPS)
def test_undo_is_what_it_would_be_if_every_step_were_kept_whole(steps: list[str]) -> None:
    """Against a history that keeps whole documents and puts every invented title into all of them."""
    history = History(Project(songs=SONGS))
    past: list[Project] = []
    future: list[Project] = []
    value = history.value

    def edited(make: Callable[[Project], Project]) -> None:
        nonlocal value
        fresh = make(value)
        history.edit("Edit", make(history.value))
        if fresh != value:
            past.append(value)
            future.clear()
            value = fresh

    for place, step in enumerate(steps):
        if step == "invent":
            made = invented(10 * place, 3)
            history.update(lambda document, made=made: add_titles(document, made))
            value = add_titles(value, made)
            past = [add_titles(one, made) for one in past]
            future = [add_titles(one, made) for one in future]
        elif step == "draw":
            edited(lambda document: redraw_titles(document, [title.text for title in document.titles[::-1]]))
        elif step == "star":
            edited(
                lambda document: star_title(document, document.titles[0].text, True) if document.titles else document
            )
        elif step == "clear":
            edited(clear_titles)
        elif step == "undo" and past:
            history.undo()
            future.append(value)
            value = past.pop()
        elif step == "redo" and future:
            history.redo()
            past.append(value)
            value = future.pop()
        assert history.value.songs == value.songs
        assert {title.text: title.starred for title in history.value.titles} == {
            title.text: title.starred for title in value.titles
        }
