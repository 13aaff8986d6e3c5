"""Undo with updates that come in between: what is gone back to has them all, and each is kept once."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.edits.made import add_clips, add_titles, clear_titles, put_run, star_title
from app.document.edits.songs import title_song
from app.document.errors import UserError
from app.document.history import History
from app.document.model import Clip, Project, Run, Title
from tests.app.document.strategies import SCRIPTS, apply, start

Update = Callable[[Project], Project]


def _titles(number: int) -> Update:
    return lambda project: add_titles(project, [Title(text=f"{number} {place}") for place in range(3)])


def _clip(number: int) -> Update:
    clip = Clip(
        id=f"c{1000 + number}", run="r", epoch=1, file=f"clips/c{number}.flac", rate=16_000, samples=9, seed=0,
        temperature=1.0,
    )  # fmt: skip
    return lambda project: add_clips(project, [clip])


def _run(number: int) -> Update:
    return lambda project: put_run(project, Run(id="r", preset="sketch", epoch=number))


UPDATES = st.tuples(st.sampled_from([_titles, _clip, _run]), st.integers(0, 9)).map(lambda made: made[0](made[1]))
STEPS = st.lists(
    st.one_of(
        SCRIPTS.filter(bool).map(lambda script: ("edit", script[0])),
        UPDATES.map(lambda update: ("update", update)),
        st.sampled_from([("undo", None), ("undo", None), ("redo", None)]),
    ),
    max_size=25,
)


class Eager:
    """What `History` means, at its simplest: every update is applied to every value at once."""

    def __init__(self, value: Project) -> None:
        self.values, self.place = [value], 0

    def take(self, kind: str, what: Any) -> None:
        if kind == "update":
            self.values = [what(value) for value in self.values]
        elif kind == "edit":
            try:
                value = apply(self.values[self.place], what)
            except UserError:
                return
            if value != self.values[self.place]:
                self.values[self.place + 1 :] = [value]
                self.place += 1
        else:
            self.place = min(max(self.place + (1 if kind == "redo" else -1), 0), len(self.values) - 1)


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_a_value_that_is_gone_to_has_all_updates(steps: list[tuple[str, Any]]) -> None:
    history, eager = History(start()), Eager(start())
    for kind, what in steps:
        if kind == "update":
            history.update(what)
        elif kind == "edit":
            history.edit("Edit", apply(history.value, what))
        elif kind == "undo":
            history.undo()
        else:
            history.redo()
        eager.take(kind, what)
        assert history.value == eager.values[eager.place]
        assert history.place == eager.place
        assert len(history.names) == len(eager.values) - 1


def test_titles_are_kept_once_for_all_steps() -> None:
    project = start()
    song = project.songs[0].id
    history = History(project)
    for number in range(1000):
        history.edit("Title song", title_song(history.value, song, f"Title {number}"))
    made = [[Title(text=f"{batch} {place}") for place in range(1000)] for batch in range(12)]
    calls = 0

    def update(titles: list[Title]) -> Update:
        def add(value: Project) -> Project:
            nonlocal calls
            calls += 1
            return add_titles(value, titles)

        return add

    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for titles in made:
        history.update(update(titles))
        history.edit("Title song", title_song(history.value, song, titles[0].text))
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert calls == len(made), "the steps before are left alone"
    assert after - before < 5e6, "a list of 12 000 is 0.1 MB: it is not there once for every step"
    history.go_to(0)
    assert len(history.value.titles) == 12_000
    assert history.value.songs[0].title == ""


def test_what_is_done_with_titles_is_undone_though_more_have_come() -> None:
    history = History(start())
    history.update(_titles(1))
    history.edit("Star", star_title(history.value, "1 0", True))
    history.update(_titles(2))
    history.edit("Clear", clear_titles(history.value))
    history.update(_titles(3))
    assert [title.text for title in history.value.titles] == ["3 0", "3 1", "3 2", "1 0"]
    history.undo()
    assert {title.text[0] for title in history.value.titles} == {"1", "2", "3"}
    assert len(history.value.titles) == 9
    history.undo()
    assert not any(title.starred for title in history.value.titles)
    history.redo()
    assert [title.text for title in history.value.titles if title.starred] == ["1 0"]
