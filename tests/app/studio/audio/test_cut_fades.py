"""A piece that a split has cut out of a fade sounds on as it did there, whatever becomes of the other pieces."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.edits.copies import copy_sections, paste_sections
from app.document.edits.sections import (
    heal_splits,
    move_sections,
    place_clip,
    remove_sections,
    set_fade_in,
    set_fade_in_curve,
    set_fade_out,
    set_fade_out_curve,
    split_section,
    trim_end,
    trim_start,
)
from app.document.edits.songs import add_song
from app.document.fades import FADE_CURVES
from app.document.model import MOST_SECTIONS, SCHEMA_VERSION, SONG_RATE, Clip, Project, Section
from app.document.store import create_project, load_project, save_project
from app.document.tree import section_of
from app.studio.audio.mix import DECLICK, Sound, mix

LENGTH = 30_000
SOUNDS = {"c1": np.random.default_rng(1).uniform(-1, 1, LENGTH).astype(np.float32)}
FADES = st.integers(0, 20_000)
CURVE = st.sampled_from(FADE_CURVES)
CUTS = st.lists(st.integers(1, LENGTH - 1), min_size=1, max_size=4)


@st.composite
def in_pieces(draw: st.DrawFn) -> tuple[Project, Project]:
    """A section with fades of any length and curve, and the same cut into pieces."""
    whole = faded(draw(FADES), draw(FADES))
    whole = set_fade_out_curve(set_fade_in_curve(whole, ["x1"], draw(CURVE)), ["x1"], draw(CURVE))
    project = whole
    for at in draw(CUTS):
        for part in pieces(project):
            project = split_section(project, part.id, at)
    return whole, project


def faded(into: int, out: int, length: int = LENGTH) -> Project:
    clip = Clip(id="c1", run="r", epoch=1, file="c1.flac", rate=44_100, samples=length, seed=0, temperature=1.0)
    project = add_song(Project(clips=(clip,)), lanes=2)
    project = place_clip(project, project.songs[0].lanes[0].id, "c1", 0)
    return set_fade_out(set_fade_in(project, ["x1"], into), ["x1"], out)


def pieces(project: Project) -> list[Section]:
    return [part for lane in project.songs[0].lanes for part in lane.sections]


def heard(project: Project, start: int = 0, frames: int = LENGTH) -> Sound:
    return mix(project.songs[0], SOUNDS, start, frames)


def inside(sound: Sound) -> bytes:
    """But for what keeps its new edges from clicking."""
    return sound[DECLICK:-DECLICK].tobytes()


@given(in_pieces(), st.data())
def test_what_stays_is_heard_as_before_when_a_piece_goes(made: tuple[Project, Project], data: st.DataObject) -> None:
    whole, project = made
    gone = data.draw(st.sampled_from(pieces(project)))
    edit = data.draw(st.sampled_from(("delete", "move away", "other lane")))
    after = {
        "delete": lambda: remove_sections(project, [gone.id]),
        "move away": lambda: move_sections(project, [gone.id], 2 * LENGTH),
        "other lane": lambda: move_sections(project, [gone.id], 0, lanes=1),
    }[edit]()
    before, now = heard(whole), heard(after)
    for part in pieces(after):
        if part.id != gone.id or edit == "other lane":
            assert inside(now[part.start : part.end]) == inside(before[part.start : part.end])


@given(in_pieces(), st.data())
def test_a_pasted_piece_is_heard_as_where_it_was_cut(made: tuple[Project, Project], data: st.DataObject) -> None:
    whole, project = made
    part = data.draw(st.sampled_from(pieces(project)))
    pasted, (id,) = paste_sections(project, "s1", copy_sections(project, [part.id]), 2 * LENGTH)
    now = heard(pasted, 2 * LENGTH, part.length)
    assert inside(now) == inside(heard(whole, part.start, part.length))
    assert section_of(pasted, id)[2].length == part.length


@given(in_pieces(), st.data())
def test_a_trimmed_piece_keeps_its_curve(made: tuple[Project, Project], data: st.DataObject) -> None:
    """An edge that a split made; the others carry their fades with them."""
    whole, project = made
    rows = pieces(project)
    part, to = data.draw(st.sampled_from(rows)), data.draw(st.integers(0, LENGTH))
    after = project
    if part is not rows[-1]:
        after = trim_end(project, part.id, min(to, part.end))
    elif part is not rows[0]:
        after = trim_start(project, part.id, max(to, part.start))
    _, _, now = section_of(after, part.id)
    assert inside(heard(after)[now.start : now.end]) == inside(heard(whole)[now.start : now.end])
    back = trim_end(trim_start(after, part.id, part.start), part.id, part.end)
    assert back == project


@given(in_pieces(), st.data())
def test_pieces_join_to_what_they_were(made: tuple[Project, Project], data: st.DataObject) -> None:
    whole, project = made
    assert heard(project).tobytes() == heard(whole).tobytes()
    assert heal_splits(project, [data.draw(st.sampled_from(pieces(project))).id]) == whole


def test_the_first_half_of_a_long_fade_ends_three_decibels_down_wherever_it_is_put() -> None:
    second = SONG_RATE
    project = split_section(faded(4 * second, 0, length=8 * second), "x1", 2 * second)
    pasted, (id,) = paste_sections(project, "s1", copy_sections(project, ["x1"]), 10 * second)
    trimmed = trim_end(pasted, id, 12 * second - 100)
    sound = {"c1": np.ones(8 * second, np.float32)}
    for song in (pasted.songs[0], trimmed.songs[0]):
        level = mix(song, sound, 12 * second - 100 - DECLICK - 1, 1)[0]
        assert np.hypot(*level) == pytest.approx(np.sqrt(0.5), abs=0.01)


def test_a_fade_is_asked_for_anew_where_there_is_none_any_more() -> None:
    project = split_section(faded(4000, 0), "x1", 1000)
    assert section_of(project, "x2")[2].fade_in_reach == 3000
    longer = section_of(set_fade_in(project, ["x2"], 5000), "x2")[2]
    assert (longer.fade_in, longer.fade_in_cut) == (6000, 1000)
    none = set_fade_in(project, ["x2"], 0)
    assert (section_of(none, "x2")[2].fade_in, section_of(none, "x2")[2].fade_in_cut) == (0, 0)
    fresh = section_of(set_fade_in(none, ["x2"], 500), "x2")[2]
    assert (fresh.fade_in, fresh.fade_in_cut) == (500, 0)


@given(in_pieces())
def test_documents_of_the_first_version_sound_as_they_did(made: tuple[Project, Project]) -> None:
    """There the outermost pieces alone bore the fades of all."""
    whole, project = made
    raw = json.loads(msgspec.json.encode(project))
    parts = raw["songs"][0]["lanes"][0]["sections"]
    for part in parts:
        del part["fade_in_cut"], part["fade_out_cut"]
    for part in parts[1:]:
        part.update(fade_in=0, fade_in_curve="round")
    for part in parts[:-1]:
        part.update(fade_out=0, fade_out_curve="round")
    from app.document.migrations import MIGRATIONS

    now = msgspec.convert(MIGRATIONS[1](raw), Project)
    assert heard(now).tobytes() == heard(whole).tobytes()
    assert pieces(now) == pieces(project)


def test_a_document_of_the_first_version_opens(tmp_path: Path) -> None:
    folder = tmp_path / "Old.deepcuts"
    create_project(folder)
    section = {"id": "x1", "clip": "c1", "start": 0, "offset": 0, "length": 100, "fade_in": 300}
    more = {"id": "x2", "clip": "c1", "start": 100, "offset": 100, "length": 500}
    clip = {"id": "c1", "run": "r", "epoch": 1, "file": "clips/c1.flac", "rate": 44_100, "samples": 600}
    clip |= {"seed": 0, "temperature": 1.0}
    songs = [{"id": "s1", "lanes": [{"id": "l1", "sections": [section, more]}]}]
    (folder / "project.json").write_text(json.dumps({"version": 1, "name": "Old", "clips": [clip], "songs": songs}))
    project = load_project(folder)
    assert project.version == SCHEMA_VERSION
    first, then = project.songs[0].lanes[0].sections
    assert (first.fade_in, first.fade_in_cut) == (300, 0)
    assert (then.fade_in, then.fade_in_cut) == (300, 100)
    without = set_fade_in(project, ["x2"], 0)
    save_project(folder, without)
    assert load_project(folder) == without


def test_lanes_full_of_pieces_that_do_not_go_on_open() -> None:
    from app.document.migrations import MIGRATIONS

    sections = [{"id": f"x{i}", "clip": "c1", "start": 3 * i, "offset": 0, "length": 2} for i in range(MOST_SECTIONS)]
    lanes = [{"id": f"l{lane}", "sections": sections} for lane in range(6)]
    raw = {"songs": [{"id": "s1", "lanes": lanes}]}
    now, before = (msgspec.convert(each, Project) for each in (MIGRATIONS[1](raw), raw))
    assert now.songs == before.songs
