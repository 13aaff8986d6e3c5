"""What a document can be: the rest is refused on opening and never saved; what is saved opens again as it was."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.document.checking import fits
from app.document.edits.album import add_album, rename_album, set_catalogue
from app.document.edits.made import add_clips, add_titles, choose_cover, put_run
from app.document.edits.markers import add_marker
from app.document.edits.release import name_release, set_formats, set_gap, set_loudness
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_lane, title_song
from app.document.errors import UserError
from app.document.history import History
from app.document.last_good import DamagedError
from app.document.model import LONGEST_SONG, MOST_LANES, Album, Project, Run, Title, Track
from app.document.shelf import rename
from app.document.store import ProjectFolder, create_project, load_project, save_project
from app.studio.generation.clip_files import found_clips
from app.studio.training.train import found_runs
from tests.app.damage import damaged as damaged_file
from tests.app.document.documents import DAMAGE, damaged, full
from tests.app.document.strategies import SCRIPTS, apply, start

TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
"""Also control characters, and halves of letters."""
NUMBER = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([-1, 0, 2**31, 2**62, 2**63, 10**30, 1e308, math.nan, math.inf, -math.inf]),
)
VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBER, TEXT),
    lambda values: st.one_of(st.lists(values, max_size=3), st.dictionaries(TEXT, values, max_size=3)),
    max_leaves=5,
)
SIDECAR = {
    "run": "r1", "epoch": 1, "rate": 16_000, "seconds": 1.0, "seed": 0, "temperature": 1.0, "preview": False
}  # fmt: skip
CARD = {"epoch": 1, "preset": "sketch", "held_out_bits": 3.5}
WRONG_SIDECARS = st.tuples(st.just(SIDECAR), st.dictionaries(st.sampled_from(sorted(SIDECAR)), VALUE, min_size=1)).map(
    lambda parts: {**parts[0], **parts[1]}
)
WRONG_CARDS = st.tuples(st.just(CARD), st.dictionaries(st.sampled_from(sorted(CARD)), VALUE, min_size=1)).map(
    lambda parts: {**parts[0], **parts[1]}
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keepable") / "P.deepcuts"
    create_project(path)
    (path / "clips").mkdir()
    return path


def saves_and_opens(folder: Path, project: Project) -> None:
    save_project(folder, project)
    assert load_project(folder) == project


@pytest.mark.parametrize("how", sorted(DAMAGE))
def test_a_document_that_cannot_be_is_refused_in_a_sentence(tmp_path: Path, how: str) -> None:
    path = tmp_path / "P.deepcuts"
    create_project(path)
    save_project(path, full())
    ProjectFolder(path).document.write_bytes(damaged(full(), how))
    with pytest.raises(DamagedError, match=r"is damaged: .*Go on with the copy of") as refused:
        load_project(path)
    assert "\n" not in str(refused.value)
    assert refused.value.copy_from is not None


@settings(max_examples=60, deadline=None)
@given(SCRIPTS)
def test_what_edits_make_is_saved_and_opens_again(folder: Path, script: list[Any]) -> None:
    history = History(start())
    for command in script:
        try:
            history.edit(command[0], apply(history.value, command))
        except UserError:  # a song of four hours has been made
            continue
    saves_and_opens(folder, history.value)


@settings(max_examples=150, deadline=None)
@given(VALUE | WRONG_SIDECARS | st.just(SIDECAR), VALUE | WRONG_CARDS | st.just(CARD))
@example({**SIDECAR, "run": "\ud800"}, {**CARD, "preset": "\ud800"})
@example({**SIDECAR, "seconds": math.nan}, {**CARD, "held_out_bits": math.nan})
@example({**SIDECAR, "temperature": math.inf}, {**CARD, "epoch": math.inf})
@example({**SIDECAR, "seed": 10**400}, {**CARD, "epoch": 10**400})
@example({**SIDECAR, "rate": -1}, {**CARD, "epoch": -1})
def test_what_lies_in_the_folder_can_always_be_taken_in_and_saved(folder: Path, sidecar: Any, card: Any) -> None:
    """Any text may stand in the files beside clips and checkpoints: what cannot be is left out, and only that."""
    checkpoints = folder / "runs" / "r1" / "checkpoints"
    checkpoints.mkdir(parents=True, exist_ok=True)
    (checkpoints.parent / "config.json").touch()
    for name, told in {"c0001": SIDECAR, "c0002": sidecar}.items():
        (folder / "clips" / f"{name}.flac").touch()
        (folder / "clips" / f"{name}.json").write_text(json.dumps(told))
    for epoch, told in {1: CARD, 2: card}.items():
        (checkpoints / f"epoch-{epoch:04}.safetensors").touch()
        (checkpoints / f"epoch-{epoch:04}.json").write_text(json.dumps(told))
    history = History(create_from(folder))
    history.update(lambda project: add_clips(project, found_clips(folder)))
    for run in found_runs(folder):
        history.update(lambda project, run=run: put_run(project, run))  # type: ignore[misc]
    assert history.value.clips[0].id == "c0001"
    assert history.value.runs[0].preset == "sketch"
    saves_and_opens(folder, history.value)


def create_from(folder: Path) -> Project:
    return Project(name=folder.stem)


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT, NUMBER.filter(lambda number: number == number))
def test_whatever_is_typed_pasted_or_read_can_be_saved(folder: Path, one: str, two: str, number: float) -> None:
    project = full()
    song = project.songs[0].id
    track = Track(id="", path="/music/1.flac", title=one, artist=two)
    project = add_album(project, Album(title=one, artist=two, year=two, tracks=(track,), titles=(one, two)))
    project = rename_album(project, two, one)
    project = set_catalogue(project, [one, two, one])
    project = title_song(project, song, one)
    project = add_marker(project, song, 7, two)
    project = add_titles(project, [Title(text=one), Title(text=two), Title(text=f"{one}\n{two}")])
    project = name_release(project, one, two)
    project = rename(project, two)
    project = set_gap(set_loudness(project, number), number)
    project = put_run(project, Run(id="r9", preset="sketch", epoch=1, held_out_bits=float(number), best_bits=math.nan))
    saves_and_opens(folder, project)


def test_what_cannot_be_is_not_written_and_the_old_document_stands(tmp_path: Path) -> None:
    save_project(tmp_path, full())
    before = ProjectFolder(tmp_path).document.read_bytes()
    project = full()
    clip = project.clips[0]
    for wrong in (
        replace(project, clips=(replace(clip, temperature=math.nan), *project.clips[1:])),
        replace(project, clips=(replace(clip, temperature=math.inf), *project.clips[1:])),
        replace(project, clips=(replace(clip, run="\ud800"), *project.clips[1:])),
        replace(project, name="A\nB"),
        replace(project, release=replace(project.release, cover="a9")),
        replace(project, titles=(Title(text="x" * 301),)),
    ):
        with pytest.raises(UserError, match="could not be saved"):
            save_project(tmp_path, wrong)
        assert ProjectFolder(tmp_path).document.read_bytes() == before


def test_an_edit_that_cannot_be_kept_is_refused_and_changes_nothing() -> None:
    project = full()
    history = History(project)
    song, lane = project.songs[0].id, project.songs[0].lanes[0].id
    for _ in range(MOST_LANES - len(project.songs[0].lanes)):
        project = add_lane(project, song)
    assert history.edit("Add lanes", project)
    for wrong, words in (
        (add_lane(project, song), f"no more than {MOST_LANES} lanes"),
        (place_clip(project, lane, "c0", LONGEST_SONG), "longer than 4 hours"),
        (replace(project, name="\ud800"), "That was not done"),
    ):
        with pytest.raises(UserError, match=words):
            history.edit("Wrong", wrong)
        with pytest.raises(UserError, match=words):
            history.update(lambda _, wrong=wrong: wrong)  # type: ignore[misc]
        assert history.value is project
        assert history.names == ["Add lanes"]


def test_the_next_id_can_be_kept_whatever_the_last_one_is(tmp_path: Path) -> None:
    project = full()
    song = replace(project.songs[0], id="s" + "9" * 63)
    project = replace(project, songs=(song,))
    project = title_song(add_lane(project, song.id), song.id, "Long")
    save_project(tmp_path, project)
    assert load_project(tmp_path) == project


def test_each_format_once_and_at_least_one() -> None:
    assert set_formats(full(), ["mp3", "mp3", "flac", "nonsense"]).release.formats == ("flac", "mp3")
    assert set_formats(full(), []).release.formats == ("flac",)
    assert choose_cover(full(), "a1").release.cover == "a1"


def test_a_record_that_cannot_be_kept_is_told_from_one_that_can() -> None:
    clip = full().clips[0]
    assert fits(clip)
    assert not fits(replace(clip, temperature=math.nan))
    assert not fits(replace(clip, run="\udfff"))
    assert not fits(replace(clip, seed=2**80))


def test_names_of_an_older_document_are_cleaned_on_opening(tmp_path: Path) -> None:
    project = full()
    song = replace(project.songs[0], title="Two\nLines\u2028and\u0085more\x0b")
    old = replace(project, name="A\rB", songs=(song,), titles=(Title(text="T\x00itle"),))
    old = replace(old, release=replace(old.release, title="\u202eevil", artist="x" * 400))
    ProjectFolder(tmp_path).document.write_bytes(msgspec.json.encode(old))
    opened = load_project(tmp_path)
    assert opened.songs[0].title == "Two Lines and more"
    assert (opened.name, opened.titles[0].text) == ("A B", "T itle")
    assert (opened.release.title, opened.release.artist) == ("evil", "x" * 300)
    saves_and_opens(tmp_path, opened)


def test_however_a_document_is_damaged_it_is_refused_in_a_sentence_or_opens_and_saves(tmp_path: Path) -> None:
    path = tmp_path / "P.deepcuts"
    create_project(path)
    save_project(path, full())
    document = ProjectFolder(path).document
    whole = document.read_bytes()
    refused: list[UserError] = []
    for seed in range(300):
        document.write_bytes(damaged_file(whole, seed))
        try:
            project = load_project(path)
        except UserError as error:
            refused.append(error)
            continue
        saves_and_opens(path, project)
        save_project(path, full())
    damaged_ones = [error for error in refused if isinstance(error, DamagedError)]
    assert len(damaged_ones) > 150
    assert all(error.copy_from is not None for error in damaged_ones)
    assert all("newer Deep Cuts" in str(error) for error in refused if error not in damaged_ones)
    assert not any("\n" in str(error) for error in refused)
