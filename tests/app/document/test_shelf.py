"""The folder that holds the projects: names of new ones, renaming, and which of them may be removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.document.edits.songs import add_song
from app.document.errors import UserError
from app.document.model import Project
from app.document.shelf import (
    free_copy,
    is_untitled_name,
    is_untouched,
    new_untitled,
    one_of_twins,
    remove_untouched,
    settle,
    told_apart,
)
from app.document.store import load_project
from tests.threads import at_once


def test_fresh_projects_take_the_first_free_name(tmp_path: Path) -> None:
    first, project = new_untitled(tmp_path / "shelf")
    second, _ = new_untitled(tmp_path / "shelf")
    assert (first.name, second.name) == ("Untitled.deepcuts", "Untitled 2.deepcuts")
    assert project.name == "Untitled"


def test_only_an_untouched_project_is_removed(tmp_path: Path) -> None:
    path, project = new_untitled(tmp_path)
    assert is_untouched(path, project)
    assert not is_untouched(path, add_song(project))
    (path / "clips").mkdir()
    assert not is_untouched(path, project)
    (path / "clips").rmdir()
    remove_untouched(path)
    assert not path.exists()


def test_a_project_that_was_named_is_never_taken_for_untouched(tmp_path: Path) -> None:
    path = tmp_path / "Mine.deepcuts"
    path.mkdir()
    assert not is_untouched(path, Project(name="Mine"))


def test_a_named_project_gets_a_folder_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "AC-DC.deepcuts").mkdir()
    path, project = new_untitled(tmp_path)
    settled = settle(path, replace(project, name="AC/DC"))
    assert settled.name == "AC-DC 2.deepcuts"
    assert (settled / "project.json").is_file()
    assert not path.exists()


def test_a_folder_with_a_chosen_name_stays(tmp_path: Path) -> None:
    path = tmp_path / "Mine.deepcuts"
    path.mkdir()
    assert settle(path, Project(name="Another")) == path


@pytest.mark.parametrize(("name", "ours"), [("Untitled", True), ("Untitled 12", True), ("Untitled love", False)])
def test_names_of_ours(name: str, ours: bool) -> None:
    assert is_untitled_name(name) is ours


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("CON", "CON_"),
        ("lpt¹.live", "lpt¹_.live"),
        ("🥁" * 100, "🥁" * 30),
        ("Ash\u202etxt", "Ashtxt"),
        ("Side: B", "Side - B"),
    ],
)
def test_no_name_keeps_a_project_untitled(tmp_path: Path, name: str, folder: str) -> None:
    path, project = new_untitled(tmp_path)
    settled = settle(path, replace(project, name=name))
    assert settled.name == f"{folder}.deepcuts"
    assert (settled / "project.json").is_file()
    assert free_copy(settled, name, tmp_path).name == f"{folder} copy.deepcuts"


def test_projects_of_one_name_are_told_apart() -> None:
    paths = [Path(name) for name in ("/a/Foo.deepcuts", "/b/foo.deepcuts", "/c/x/Bar.deepcuts", "/d/x/Bar.deepcuts")]
    paths += [Path("/a/Other.deepcuts")]
    sep = os.sep
    names = told_apart(paths)
    assert names == ["Foo (in a)", "foo (in b)", f"Bar (in c{sep}x)", f"Bar (in d{sep}x)", "Other"]
    assert told_apart([Path("/Foo.deepcuts"), Path("/a/Foo.deepcuts")]) == [f"Foo (in {sep})", "Foo (in a)"]


def test_the_one_that_is_open_says_which_it_is() -> None:
    foo, twin = Path("/a/Foo.deepcuts"), Path("/b/Foo.deepcuts")
    assert one_of_twins("Foo", foo, [foo]) == "Foo"
    assert one_of_twins("Foo", foo, [foo, twin]) == "Foo (in a)"
    assert one_of_twins("Foo", Path("/a/Foo 2.deepcuts"), [foo]) == "Foo 2"
    assert one_of_twins("New name", foo, []) == "New name"


def test_new_projects_at_once_get_a_folder_each(tmp_path: Path) -> None:
    made: list[Path] = []

    def make() -> None:
        made.extend(new_untitled(tmp_path / "shelf")[0] for _ in range(5))

    at_once(6, make)
    assert len(set(made)) == 30
    assert all(load_project(path).name == path.stem for path in made)


def test_a_shelf_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    shelf = tmp_path / "file"
    shelf.touch()
    with pytest.raises(UserError, match="No new project can be made in"):
        new_untitled(shelf)


def test_a_copy_is_proposed_under_a_free_name(tmp_path: Path) -> None:
    folder, shelf = tmp_path / "Foo.deepcuts", tmp_path / "shelf"
    assert free_copy(folder, "Foo", shelf) == tmp_path / "Foo copy.deepcuts"
    (tmp_path / "Foo copy.deepcuts").mkdir()
    assert free_copy(folder, "Foo", shelf) == tmp_path / "Foo copy 2.deepcuts"
    assert free_copy(tmp_path / "gone" / "Foo.deepcuts", "Foo", shelf) == shelf / "Foo copy.deepcuts"
