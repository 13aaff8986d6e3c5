"""What is marked on the old cover is kept, undone, and forgotten with the cover."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.document.edits.album import add_album
from app.document.edits.painting import bring_back, paint_over
from app.document.model import Album, Project
from app.document.painting import MOST_PAINTED
from app.document.store import create_project, load_project, save_project

share = st.floats(-2, 3, allow_nan=False)


@given(share, share, share, share)
def test_a_box_lies_on_the_cover_or_is_none(left: float, top: float, width: float, height: float) -> None:
    for box in paint_over(Project(), left, top, width, height).album.painted_out:
        assert min(box.left, box.top) >= 0
        assert box.width > 0 < box.height
        assert max(box.left + box.width, box.top + box.height) <= 1.0000001


def test_boxes_are_kept_and_brought_back(tmp_path: Path) -> None:
    folder = tmp_path / "One.deepcuts"
    create_project(folder)
    project = paint_over(paint_over(Project(), 0.1, 0.1, 0.2, 0.1), 0.5, 0.5, 0.9, 0.1)
    save_project(folder, project)
    assert load_project(folder).album.painted_out == project.album.painted_out
    assert [box.left for box in bring_back(project, 0).album.painted_out] == [0.5]
    assert bring_back(project).album.painted_out == ()


def test_another_cover_has_nothing_painted_out() -> None:
    project = paint_over(Project(album=Album(cover="album/one.png")), 0.1, 0.1, 0.2, 0.1)
    assert add_album(project, Album(titles=("Tin",))).album.painted_out
    assert not add_album(project, Album(cover="album/two.png")).album.painted_out


def test_the_same_cover_dropped_in_again_keeps_its_boxes() -> None:
    project = paint_over(Project(album=Album(cover="album/one.png")), 0.1, 0.1, 0.2, 0.1)
    again = add_album(project, Album(title="Tin", cover="album/one.png"))
    assert again.album.painted_out == project.album.painted_out


def test_there_is_an_end_to_boxes() -> None:
    project = Project()
    for _ in range(MOST_PAINTED + 5):
        project = paint_over(project, 0.1, 0.1, 0.2, 0.1)
    assert len(project.album.painted_out) == MOST_PAINTED
