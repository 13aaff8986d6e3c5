from __future__ import annotations

import json
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from app.document.edits import made as edits
from app.document.model import Album, Cover, Project, Release
from app.document.store import create_project
from app.studio.covers import final_cover, make_covers, use_picture
from artwork.errors import PictureError
from artwork.pictures import open_picture


def picture(path: Path, seed: int, size: tuple[int, int] = (120, 90)) -> Path:
    blobs = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    Image.fromarray(blobs).resize(size, Image.Resampling.BICUBIC).save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "band.deepcuts"
    create_project(path)
    (path / "album").mkdir(exist_ok=True)
    picture(path / "album" / "cover.png", 1)
    return path


@pytest.fixture
def project(folder: Path, tmp_path: Path) -> Project:
    photographs = tuple(str(picture(tmp_path / f"photo{number}.jpg", number)) for number in range(2))
    return Project(album=Album(title="Old", artist="Band", cover="album/cover.png", photographs=photographs))


def choose(project: Project, cover: Cover) -> Project:
    return edits.choose_cover(edits.add_covers(project, [cover]), cover.id)


def difference(one: Path, other: Path, side: int = 100) -> float:
    pixels = [
        np.asarray(open_picture(path).resize((side, side), Image.Resampling.BOX), dtype=float) for path in (one, other)
    ]
    return float(np.abs(pixels[0] - pixels[1]).mean())


def test_candidates_lie_in_the_project_with_how_they_were_made(project: Project, folder: Path) -> None:
    one_by_one: list[Cover] = []
    covers = make_covers(project, folder, count=2, pieces=2.5, strength=0.5, seed=40, size=80, made=one_by_one.append)
    assert covers == tuple(one_by_one)
    assert [cover.id for cover in covers] == ["a0001", "a0002"]
    assert [(cover.method, cover.seed, cover.pieces, cover.strength) for cover in covers] == [
        ("self", 40, 2.5, 0.5),
        ("self", 41, 2.5, 0.5),
    ]
    for cover in covers:
        assert open_picture(folder / cover.file).size == (80, 80)
        assert json.loads((folder / cover.file).with_suffix(".json").read_text())["seed"] == cover.seed
    assert {path.name for path in (folder / "artwork").iterdir()} == {
        "a0001.jpg", "a0001.json", "a0002.jpg", "a0002.json",
    }  # fmt: skip


def test_ids_are_never_used_again(project: Project, folder: Path) -> None:
    first = make_covers(project, folder, count=1, method="type", size=64)
    again = make_covers(project, folder, count=1, method="type", size=64)
    assert first[0].id != again[0].id


def test_photographs_alone_and_nothing_at_all_still_give_covers(project: Project, folder: Path) -> None:
    album = replace(project.album, cover="")
    (cover,) = make_covers(replace(project, album=album), folder, count=1, pieces=2.5, size=64)
    assert cover.method == "photos"
    (cover,) = make_covers(Project(name="Untitled"), folder, count=1, size=64)
    assert cover.method == "type"


def test_a_photograph_that_cannot_be_read_is_left_out(project: Project, folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("no picture")
    both = replace(project, album=replace(project.album, photographs=(str(broken), project.album.photographs[0])))
    (cover,) = make_covers(both, folder, count=1, method="photos", pieces=2.5, size=64)
    recipe = json.loads((folder / cover.file).with_suffix(".json").read_text())
    assert [Path(source["path"]).name for source in recipe["from"]] == ["cover.png", "photo0.jpg"]
    none = replace(project, album=replace(project.album, photographs=(str(broken),)))
    with pytest.raises(PictureError, match="None of the photographs"):
        make_covers(none, folder, count=1, method="photos", size=64)


@pytest.mark.parametrize("method", ["photos", "gatys"])
def test_what_cannot_be_made_is_refused(folder: Path, method: str) -> None:
    with pytest.raises(PictureError):
        make_covers(Project(album=Album(cover="album/cover.png")), folder, count=1, method=method, size=64)


def test_the_final_cover_is_the_chosen_candidate_only_sharper(project: Project, folder: Path, tmp_path: Path) -> None:
    first, second = make_covers(project, folder, count=2, pieces=2.5, size=200)
    out = final_cover(choose(project, second), folder, tmp_path / "cover.jpg", size=400)
    assert open_picture(out).size == (400, 400)
    assert 2 * difference(out, folder / second.file) < difference(out, folder / first.file)


@pytest.mark.parametrize("damage", ["source changed", "source gone", "no sidecar", "odd sidecar"])
def test_a_candidate_whose_sources_are_gone_is_enlarged(
    project: Project, folder: Path, tmp_path: Path, damage: str
) -> None:
    (cover,) = make_covers(project, folder, count=1, pieces=2.5, size=100)
    source, sidecar = folder / "album" / "cover.png", (folder / cover.file).with_suffix(".json")
    if damage == "source changed":
        picture(source, 99)
    elif damage == "source gone":
        source.unlink()
    elif damage == "no sidecar":
        sidecar.unlink()
    else:
        sidecar.write_text('{"method": "self", "from": []}')
    out = final_cover(choose(project, cover), folder, tmp_path / "cover.jpg", size=200)
    assert difference(out, folder / cover.file) < 5


def test_without_a_choice_the_old_cover_or_type_is_used(project: Project, folder: Path, tmp_path: Path) -> None:
    out = final_cover(project, folder, tmp_path / "a.jpg", size=90)
    middle = open_picture(folder / "album" / "cover.png").crop((15, 0, 105, 90))
    middle.save(tmp_path / "middle.png")
    assert difference(out, tmp_path / "middle.png", 90) < 6
    out = final_cover(Project(release=Release(title="New")), folder, tmp_path / "b.jpg", size=90)
    assert open_picture(out).size == (90, 90)


def test_any_picture_can_be_used_as_it_is(project: Project, folder: Path, tmp_path: Path) -> None:
    cover = use_picture(project, folder, picture(tmp_path / "mine.png", 5, (300, 200)))
    assert cover.method == "plain"
    assert open_picture(folder / cover.file).size == (200, 200)
    out = final_cover(choose(project, cover), folder, tmp_path / "cover.jpg", size=200)
    assert difference(out, folder / cover.file) < 3
    with pytest.raises(PictureError):
        use_picture(project, folder, folder / "project.json")


def test_cancelling_leaves_no_half_made_files(project: Project, folder: Path, tmp_path: Path) -> None:
    kept: list[Cover] = []
    with pytest.raises(CancelledError):
        make_covers(project, folder, count=3, pieces=2.5, size=64, made=kept.append, cancelled=lambda: bool(kept))
    assert sorted(path.name for path in (folder / "artwork").iterdir()) == ["a0001.jpg", "a0001.json"]
    with pytest.raises(CancelledError):
        final_cover(choose(project, kept[0]), folder, tmp_path / "out.jpg", size=64, cancelled=lambda: True)
    assert not (tmp_path / "out.jpg").exists()


def test_progress_goes_from_nothing_to_all(project: Project, folder: Path) -> None:
    told: list[tuple[float, str]] = []
    make_covers(project, folder, count=2, pieces=2.5, size=64, report=lambda *at: told.append(at))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert "Cover 2 of 2" in told[-2][1]
