"""Delete and close the gap: what follows moves up by the time that went, once, and stays as it is otherwise."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.document.edits.ripple import remove_and_close
from app.document.edits.sections import place_clip, remove_sections
from app.document.edits.songs import add_song
from app.document.model import Clip, Project, Section
from app.studio.audio.mix import mix

LENGTH = 40_000
SOUNDS = {"c1": np.random.default_rng(1).uniform(-1, 1, LENGTH).astype(np.float32)}


def laid(*windows: tuple[int, int]) -> Project:
    """Sections on one lane, x1 the first of them: (start, end) of each."""
    clip = Clip(id="c1", run="r", epoch=1, file="c1.flac", rate=44_100, samples=LENGTH, seed=0, temperature=1.0)
    project = add_song(Project(clips=(clip,)), lanes=1)
    for place, (start, end) in enumerate(windows):
        lane = project.songs[0].lanes[0].id
        project = place_clip(project, lane, "c1", start, offset=777 * place, length=end - start)
    return project


def parts(project: Project) -> dict[str, Section]:
    return {part.id: part for part in project.songs[0].lanes[0].sections}


def starts(project: Project) -> dict[str, int]:
    return {id: part.start for id, part in parts(project).items()}


def test_crossfaded_sections_take_their_time_once() -> None:
    project = laid((0, 10_000), (8_000, 20_000), (18_000, 30_000), (30_000, 35_000), (36_000, 39_000))
    closed = remove_and_close(project, ["x2", "x3"])
    assert starts(closed) == {"x1": 0, "x4": 8_000, "x5": 14_000}
    assert starts(remove_and_close(project, ["x3", "x2"])) == starts(closed)


def test_what_was_crossfaded_with_the_deleted_takes_its_place_and_the_rest_keeps_its_distance() -> None:
    project = laid((0, 10_000), (8_000, 20_000), (18_000, 30_000), (28_000, 35_000))
    assert starts(remove_and_close(project, ["x2"])) == {"x1": 0, "x3": 8_000, "x4": 18_000}
    assert starts(remove_and_close(project, ["x1"])) == {"x2": 0, "x3": 10_000, "x4": 20_000}


def test_two_gaps_are_both_closed() -> None:
    project = laid((0, 1_000), (1_000, 3_000), (3_000, 4_000), (5_000, 7_000), (7_000, 9_000))
    assert starts(remove_and_close(project, ["x2", "x4"])) == {"x1": 0, "x3": 1_000, "x5": 3_000}


def test_a_section_within_the_deleted_stays() -> None:
    project = laid((0, 10_000), (2_000, 3_000), (10_000, 12_000))
    assert starts(remove_and_close(project, ["x1"])) == {"x2": 2_000, "x3": 0}


WINDOWS = st.lists(
    st.tuples(st.integers(0, 30_000), st.integers(1_000, 9_000)).map(lambda at: (at[0], at[0] + at[1])),
    min_size=2,
    max_size=7,
)


@given(WINDOWS, st.integers(1, 126))
def test_what_follows_keeps_its_distances_and_its_sound(windows: list[tuple[int, int]], which: int) -> None:
    project = laid(*windows)
    before = parts(project)
    gone = [id for place, id in enumerate(sorted(before)) if which >> place & 1]
    after = parts(remove_and_close(project, gone))
    assert after.keys() == before.keys() - set(gone)
    if not gone:
        assert after == before
        return
    end = max(before[id].end for id in gone)
    union = len({frame for id in gone for frame in range(before[id].start, before[id].end)})
    behind = [id for id in after if before[id].start >= end]
    shifts = {before[id].start - after[id].start for id in behind}
    assert len(shifts) <= 1
    assert all(0 <= shift <= union for shift in shifts)
    ahead = [id for id in after if before[id].end <= min(before[id].start for id in gone)]
    if behind and len(ahead) + len(behind) == len(after):
        assert shifts == {union}
        start, stop = min(before[id].start for id in behind), max(before[id].end for id in behind)
        old = mix(only(project, behind).songs[0], SOUNDS, start, stop - start)
        new = mix(only(remove_and_close(project, gone), behind).songs[0], SOUNDS, start - union, stop - start)
        assert old.tobytes() == new.tobytes()


def only(project: Project, ids: list[str]) -> Project:
    return remove_sections(project, parts(project).keys() - set(ids))
