"""What is painted out of the old cover leaves no pictures behind that nothing is made of."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from app.document.edits.painting import bring_back, paint_over
from app.document.model import Album, Project
from app.document.store import ProjectFolder, create_project
from app.studio.artwork.cover_recipe import is_as_it_was, read_recipe
from app.studio.artwork.painting import old_cover, paint_old_cover, painted_pixels
from artwork.errors import PictureError
from tests.app.candidates import made_covers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Old.deepcuts"
    create_project(folder)
    (folder / "album").mkdir()
    pixels = np.random.default_rng(1).integers(0, 256, (80, 80, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "album" / "cover.png")
    return folder


@pytest.fixture
def project() -> Project:
    return replace(Project(), album=Album(title="Old", cover="album/cover.png"))


def painted(folder: Path) -> set[Path]:
    return set(folder.rglob("painted-*"))


def test_boxes_that_are_only_looked_at_leave_nothing_in_the_artwork(project: Project, folder: Path) -> None:
    seen = []
    for number in range(8):
        project = paint_over(project, 0.1 * number, 0.1, 0.08, 0.1)
        painted_pixels(project, folder)
        seen.append(old_cover(project, folder))
    assert seen[-1] in painted(folder)
    assert painted(folder) == {path for path in seen[-3:] if path is not None}
    assert {path.parent for path in painted(folder)} == {ProjectFolder(folder).cache}


def test_what_covers_are_made_of_stays(project: Project, folder: Path) -> None:
    project = paint_over(project, 0.1, 0.1, 0.2, 0.1)
    seen = painted_pixels(project, folder)
    (cover,) = made_covers(project, folder, count=1, size=40, pieces=2.5)
    for number in range(5):
        painted_pixels(paint_over(project, 0.1 * number, 0.5, 0.2, 0.1), folder)
    shutil.rmtree(ProjectFolder(folder).cache)
    recipe = read_recipe(folder / cover.file)
    assert recipe is not None
    assert is_as_it_was(ProjectFolder(folder), recipe)
    kept = old_cover(project, folder)
    assert kept is not None
    assert kept == paint_old_cover(project, folder)
    assert painted(folder) == {kept}
    assert recipe["from"][0]["path"] == kept.relative_to(folder).as_posix()
    assert np.array_equal(painted_pixels(project, folder), seen)
    assert old_cover(bring_back(project), folder) == folder / "album" / "cover.png"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_that_is_called_the_old_cover_is_not_waited_for(project: Project, folder: Path) -> None:
    (folder / "album" / "cover.png").unlink()
    os.mkfifo(folder / "album" / "cover.png")
    project = paint_over(project, 0.1, 0.1, 0.2, 0.1)
    assert old_cover(project, folder) == folder / "album" / "cover.png"
    for look in (paint_old_cover, painted_pixels):
        with pytest.raises(PictureError, match="cannot be read"):
            look(project, folder)
