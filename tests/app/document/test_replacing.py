"""A stretch of a section makes way for a clip that leads from what stands before to what stands after; one step."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.document.edits.continuing import CROSSFADE, choose_alternatives
from app.document.edits.replacing import SHORTEST, ClipPlace, passage_of, place_replacement
from app.document.edits.sections import move_sections, place_clip, remove_sections, set_fade_out, set_gain, trim_end
from app.document.errors import UserError
from app.document.model import SONG_RATE, Clip, Project, Section
from app.document.tree import section_of
from tests.app.conftest import build_project

WAYS = ("c0101", "c0102", "c0103")
WHY = "It leads on best."


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """x1 plays c0006 from 0.5 s on, from 0 to 3 s; x2 plays c0004 from its beginning on, from 3 s to 6.5 s."""
    value = build_project(tmp_path_factory.mktemp("replacing") / "Replacing.deepcuts")
    made = (
        Clip(id=id, run="run-1", epoch=1, file=f"clips/{id}.flac", rate=16_000, samples=64_000, seed=0, temperature=1)
        for id in WAYS
    )
    return replace(value, clips=(*value.clips, *made))


def of(project: Project, id: str) -> Section:
    return section_of(project, id)[2]


def seconds(*values: float) -> tuple[int, ...]:
    return tuple(round(value * SONG_RATE) for value in values)


def test_the_part_in_the_loop_makes_way_and_the_rest_stays_where_it_is(project: Project) -> None:
    passage = passage_of(project, "x1", (SONG_RATE, 2 * SONG_RATE))
    assert (passage.before, passage.after) == (ClipPlace("c0006", seconds(1.5)[0]), ClipPlace("c0006", seconds(2.5)[0]))
    louder = set_gain(project, ["x1"], -6.0)
    after, fresh = place_replacement(louder, passage, WAYS, why=WHY)
    left, middle, right, other = section_of(after, fresh)[1].sections
    assert (left.id, middle.id, other) == ("x1", fresh, of(project, "x2"))
    assert (left.start, left.end) == (0, SONG_RATE + CROSSFADE)
    assert (middle.start, middle.end, middle.offset) == (SONG_RATE, 2 * SONG_RATE, 0)
    assert (middle.clip, middle.alternatives, middle.why, middle.gain_db) == (WAYS[0], WAYS, WHY, -6.0)
    assert (right.start, right.end) == (2 * SONG_RATE - CROSSFADE, 3 * SONG_RATE)
    for part in (left, right):
        assert (part.clip, part.offset - part.start) == ("c0006", seconds(0.5)[0])
    second = of(choose_alternatives(after, [fresh], 1), fresh)
    assert replace(second, clip=WAYS[0], why=WHY) == middle


def test_a_whole_section_leads_over_to_the_next_on_its_lane(project: Project) -> None:
    faded = set_fade_out(project, ["x1"], 5000)
    passage = passage_of(faded, "x1", (5 * SONG_RATE, 6 * SONG_RATE))  # the loop is elsewhere
    assert passage.before == ClipPlace("c0006", seconds(0.5)[0])
    assert passage.after == ClipPlace("c0004", 0)
    after, fresh = place_replacement(faded, passage, WAYS, shift=1000)
    made, other = section_of(after, fresh)[1].sections
    assert (fresh, made.start, made.end, made.fade_out) == ("x1", 0, 3 * SONG_RATE + 1000, 0)
    assert other.start == made.end - CROSSFADE  # its beginning makes way to the accent that it sets in on
    assert (other.offset - other.start, other.end) == (-3 * SONG_RATE, of(project, "x2").end)


def test_behind_the_last_section_its_own_clip_goes_on_unheard(project: Project) -> None:
    passage = passage_of(project, "x2", (5 * SONG_RATE, 9 * SONG_RATE))
    assert passage.after == ClipPlace("c0004", seconds(3.5)[0])
    assert passage.follower is None
    after, fresh = place_replacement(project, passage, WAYS[:1])
    assert of(after, fresh).end == of(project, "x2").end
    assert of(after, fresh).alternatives == ()


def test_a_section_that_begins_with_its_clip_goes_on_from_the_one_before_it(project: Project) -> None:
    trimmed = trim_end(project, "x1", seconds(2.995)[0])
    assert passage_of(trimmed, "x2").before == ClipPlace("c0006", seconds(3.495)[0])


def test_what_cannot_be_replaced_is_told_plainly(project: Project) -> None:
    with pytest.raises(UserError, match="too short"):
        passage_of(project, "x1", (SONG_RATE, SONG_RATE + SHORTEST - 1))
    with pytest.raises(UserError, match="Nothing stands before"):
        passage_of(project, "x5")  # alone on its lane, from the beginning of its clip on
    lane = section_of(project, "x5")[1].id
    last = place_clip(project, lane, "c0002", 20 * SONG_RATE, offset=SONG_RATE)
    with pytest.raises(UserError, match="Nothing stands after"):
        passage_of(last, section_of(last, "x5")[1].sections[-1].id)
    with pytest.raises(KeyError):
        passage_of(replace(project, clips=()), "x2", (4 * SONG_RATE, 9 * SONG_RATE))


def test_what_was_moved_meanwhile_takes_it_along_and_what_was_cut_does_not(project: Project) -> None:
    passage = passage_of(project, "x1", (SONG_RATE, 2 * SONG_RATE))
    moved = move_sections(project, ["x1", "x2"], 7000)
    after, fresh = place_replacement(moved, passage, WAYS)
    assert of(after, fresh).start == SONG_RATE + 7000
    whole = passage_of(project, "x1")
    for changed in (
        trim_end(project, "x1", 2 * SONG_RATE),
        remove_sections(project, ["x1"]),
        remove_sections(project, ["x2"]),
        move_sections(project, ["x2"], 400),
    ):
        with pytest.raises(KeyError):
            place_replacement(changed, whole, WAYS)


@settings(max_examples=80, deadline=None)
@given(
    id=st.sampled_from(["x1", "x2", "x3", "x4"]),
    start=st.floats(0, 6.5),
    length=st.floats(0.01, 4.0),
    shift=st.integers(-4000, 4000),
)
def test_there_is_no_hole_and_all_around_sounds_where_it_did(
    project: Project, id: str, start: float, length: float, shift: int
) -> None:
    try:
        passage = passage_of(project, id, seconds(start, start + length))  # type: ignore[arg-type]
    except UserError:
        return
    shift = shift if passage.follower is not None else 0
    after, fresh = place_replacement(project, passage, WAYS, shift)
    lane = section_of(after, fresh)[1]
    old = section_of(project, id)[1]
    assert lane.sections[0].start == old.sections[0].start
    assert max(part.end for part in lane.sections) == max(part.end for part in old.sections)
    sounds = {(part.clip, part.start - part.offset) for part in old.sections}
    for part in lane.sections:
        assert part.id == fresh or (part.clip, part.start - part.offset) in sounds
        assert part.offset >= 0
    for place in range(old.sections[0].start, max(part.end for part in old.sections), 997):
        was = any(part.start <= place < part.end for part in old.sections)
        assert not was or any(part.start <= place < part.end for part in lane.sections)


def test_a_section_that_takes_over_earlier_keeps_its_beginning(project: Project) -> None:
    overlapping = move_sections(project, ["x2"], -SONG_RATE)
    passage = passage_of(overlapping, "x1")
    assert passage.end == 2 * SONG_RATE + CROSSFADE
    after, fresh = place_replacement(overlapping, passage, WAYS)
    assert of(after, fresh).end == passage.end
    assert of(after, "x2") == of(overlapping, "x2")
