from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.document.edits.songs import add_song
from app.document.model import Project
from app.document.shelf import file_name, is_untitled_name, is_untouched, new_untitled, remove_untouched, settle


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


@given(st.text(max_size=200))
def test_every_name_makes_a_folder_name(name: str) -> None:
    made = file_name(name)
    assert 0 < len(made) <= 80
    assert not set(made) & set('<>:"/\\|?*\n\0')
    assert made == made.strip(" .")
