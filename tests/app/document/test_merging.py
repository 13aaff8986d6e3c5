"""Two versions of a project that were edited apart become one that holds both."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from msgspec.structs import replace

from app.document.edits.made import add_clips, add_titles, put_run
from app.document.edits.merging import take_in_chosen, take_in_made
from app.document.edits.release import name_release, set_gap
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song, title_song
from app.document.model import Clip, Project, Run, Title
from app.document.tree import lane_of

CLIP = Clip(id="c1", run="run-1", epoch=1, file="clips/c1.flac", rate=16_000, samples=64_000, seed=1, temperature=1.0)


def _with_song(project: Project, title: str, start: int = 0) -> Project:
    project = add_song(project, lanes=1)
    song = project.songs[-1]
    return place_clip(title_song(project, song.id, title), song.lanes[0].id, "c1", start)


def test_both_sides_are_kept() -> None:
    start = add_clips(Project(name="Both"), [CLIP])
    mine = name_release(_with_song(start, "Mine", 500), "My title", "")
    theirs = put_run(start, Run(id="run-2", preset="sketch", epoch=3))
    theirs = set_gap(_with_song(add_titles(theirs, [Title(text="New")]), "Theirs"), 0.5)
    both = take_in_chosen(take_in_made(start, theirs)(mine), start, theirs)
    assert [song.title for song in both.songs] == ["Mine", "Theirs"]
    assert (both.release.title, both.release.gap_seconds) == ("My title", 0.5)
    assert [run.id for run in both.runs] == ["run-2"]
    assert both.titles == (Title(text="New"),)


def test_ids_stay_apart() -> None:
    start = add_clips(Project(name="Both"), [CLIP])
    both = take_in_chosen(_with_song(start, "Mine", 500), start, _with_song(start, "Theirs"))
    lanes = [lane.id for song in both.songs for lane in song.lanes]
    sections = [part.id for song in both.songs for lane in song.lanes for part in lane.sections]
    assert len(set(lanes)) == len(set(sections)) == len({song.id for song in both.songs}) == 2
    assert lane_of(both, lanes[1])[0].title == "Theirs"


def test_step_by_step_is_the_same_as_at_once() -> None:
    start = Project(name="Both")
    first = add_clips(start, [CLIP])
    second = _with_song(replace(first, titles=(Title(text="New"),)), "Theirs")
    stepped = start
    for before, after in ((start, first), (first, second)):
        stepped = take_in_chosen(take_in_made(before, after)(stepped), before, after)
    assert stepped == take_in_chosen(take_in_made(start, second)(start), start, second)


class _Counted(str):
    """A text that counts how often it is compared."""

    __slots__ = ()
    compared: ClassVar[Counter[str]] = Counter()

    def __eq__(self, other: object) -> bool:
        self.compared["=="] += 1
        return str(self) == other

    __hash__ = str.__hash__


def test_thousands_of_titles_are_not_compared_with_each_other_for_every_stage() -> None:
    old = tuple(Title(text=_Counted(f"Title {number}")) for number in range(2000))
    new = [Title(text=_Counted(f"New {number}")) for number in range(500)]
    start = Project(name="Both", titles=old)
    learnt = put_run(start, Run(id="r1", preset="sketch", epoch=1))
    named = add_titles(learnt, new)
    _Counted.compared.clear()
    updates = [take_in_made(start, learnt), take_in_made(learnt, named)]
    assert _Counted.compared["=="] <= len(old) + len(new)
    value = start
    for update in updates * 3:
        value = update(value)
    assert value == named
    _Counted.compared.clear()
    assert updates[0](value).titles is value.titles
    assert _Counted.compared["=="] == 0
