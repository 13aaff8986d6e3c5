"""Cover candidates in the project: made, made again, chosen, and the final one for an export."""

from __future__ import annotations

import json
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops
from safetensors.torch import save_file

from app.document.edits import made as edits
from app.document.edits.lettering import letter_cover, set_type
from app.document.model import Album, Cover, Project, Release
from app.document.store import create_project
from app.studio.artwork.cover_recipe import full_file
from app.studio.artwork.covers import final_cover, use_picture
from app.studio.artwork.style_network import is_network_here
from app.studio.release.checks import before_export
from app.studio.release.export import COVER_SIDE
from artwork.errors import PictureError
from artwork.pictures import open_picture
from artwork.rendering import Rendering
from artwork.weights import kept_file
from tests.app.candidates import made_covers, made_like
from tests.artwork import network


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
    covers = made_covers(project, folder, count=2, pieces=2.5, strength=0.5, seed=40, size=80, made=one_by_one.append)
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
    first = made_covers(project, folder, count=1, method="type", size=64)
    again = made_covers(project, folder, count=1, method="type", size=64)
    assert first[0].id != again[0].id


def test_pictures_kept_at_the_same_time_get_ids_of_their_own(folder: Path, tmp_path: Path) -> None:
    paths = [picture(tmp_path / f"{side}.png", side, (side, side)) for side in range(40, 52)]
    with ThreadPoolExecutor(4) as pool:
        covers = list(pool.map(lambda path: use_picture(Project(), folder, path), paths))
    assert len({cover.id for cover in covers}) == len(paths)
    for path, cover in zip(paths, covers, strict=True):
        assert open_picture(folder / cover.file).size == open_picture(path).size
        recipe = json.loads((folder / cover.file).with_suffix(".json").read_text())
        assert (recipe["id"], recipe["from"][0]["path"]) == (cover.id, str(path))


def test_more_like_a_cover_set_in_type_is_written_under_its_own_name(folder: Path) -> None:
    project = Project(name="Untitled")
    (first,) = made_covers(project, folder, count=1, method="type", size=32)
    (like,) = made_like(edits.add_covers(project, [first]), folder, first.id, count=1, seed=7, size=32)
    assert json.loads((folder / like.file).with_suffix(".json").read_text())["id"] == like.id != first.id


def test_photographs_alone_and_nothing_at_all_still_give_covers(project: Project, folder: Path) -> None:
    album = replace(project.album, cover="")
    (cover,) = made_covers(replace(project, album=album), folder, count=1, pieces=2.5, size=64)
    assert cover.method == "photos"
    (cover,) = made_covers(Project(name="Untitled"), folder, count=1, size=64)
    assert cover.method == "type"


def test_a_photograph_that_cannot_be_read_is_left_out(project: Project, folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("no picture")
    both = replace(project, album=replace(project.album, photographs=(str(broken), project.album.photographs[0])))
    (cover,) = made_covers(both, folder, count=1, method="photos", pieces=2.5, size=64)
    recipe = json.loads((folder / cover.file).with_suffix(".json").read_text())
    assert [Path(source["path"]).name for source in recipe["from"]] == ["cover.png", "photo0.jpg"]
    none = replace(project, album=replace(project.album, photographs=(str(broken),)))
    with pytest.raises(PictureError, match="None of the photographs"):
        made_covers(none, folder, count=1, method="photos", size=64)


@pytest.mark.parametrize("method", ["photos", "gatys"])
def test_what_cannot_be_made_is_refused(folder: Path, method: str) -> None:
    with pytest.raises(PictureError):
        made_covers(Project(album=Album(cover="album/cover.png")), folder, count=1, method=method, size=64)


def test_the_final_cover_is_the_chosen_candidate_only_sharper(project: Project, folder: Path, tmp_path: Path) -> None:
    first, second = made_covers(project, folder, count=2, pieces=2.5, size=200)
    out = final_cover(choose(project, second), folder, tmp_path / "cover.jpg", Rendering(400))
    assert open_picture(out).size == (400, 400)
    assert 2 * difference(out, folder / second.file) < difference(out, folder / first.file)


@pytest.mark.parametrize("damage", ["source changed", "source gone", "no sidecar", "odd sidecar"])
def test_a_candidate_whose_sources_are_gone_is_enlarged(
    project: Project, folder: Path, tmp_path: Path, damage: str
) -> None:
    (cover,) = made_covers(project, folder, count=1, pieces=2.5, size=100)
    source, sidecar = folder / "album" / "cover.png", (folder / cover.file).with_suffix(".json")
    if damage == "source changed":
        picture(source, 99)
    elif damage == "source gone":
        source.unlink()
    elif damage == "no sidecar":
        sidecar.unlink()
    else:
        sidecar.write_text('{"method": "self", "from": []}')
    out = final_cover(choose(project, cover), folder, tmp_path / "cover.jpg", Rendering(200))
    assert difference(out, folder / cover.file) < 5


def test_without_a_choice_the_old_cover_or_type_is_used(project: Project, folder: Path, tmp_path: Path) -> None:
    out = final_cover(project, folder, tmp_path / "a.jpg", Rendering(90))
    middle = open_picture(folder / "album" / "cover.png").crop((15, 0, 105, 90))
    middle.save(tmp_path / "middle.png")
    assert difference(out, tmp_path / "middle.png", 90) < 6
    out = final_cover(Project(release=Release(title="New")), folder, tmp_path / "b.jpg", Rendering(90))
    assert open_picture(out).size == (90, 90)


def test_any_picture_can_be_used_as_it_is(project: Project, folder: Path, tmp_path: Path) -> None:
    cover = use_picture(project, folder, picture(tmp_path / "mine.png", 5, (300, 200)))
    assert cover.method == "plain"
    assert open_picture(folder / cover.file).size == (200, 200)
    out = final_cover(choose(project, cover), folder, tmp_path / "cover.jpg", Rendering(200))
    assert difference(out, folder / cover.file) < 3
    with pytest.raises(PictureError):
        use_picture(project, folder, folder / "project.json")


def test_a_candidate_that_has_to_be_enlarged_is_told_of(project: Project, folder: Path, tmp_path: Path) -> None:
    cover = use_picture(project, folder, picture(tmp_path / "mine.png", 5, (200, 200)))
    told: list[str] = []
    final_cover(choose(project, cover), folder, tmp_path / "cover.jpg", Rendering(200), problem=told.append)
    assert told == []
    final_cover(choose(project, cover), folder, tmp_path / "large.jpg", Rendering(300), problem=told.append)
    (words,) = told
    assert "200 × 200 was enlarged" in words


def test_cancelling_leaves_no_half_made_files(project: Project, folder: Path, tmp_path: Path) -> None:
    kept: list[Cover] = []
    with pytest.raises(CancelledError):
        made_covers(project, folder, count=3, pieces=2.5, size=64, made=kept.append, cancelled=lambda: bool(kept))
    assert sorted(path.name for path in (folder / "artwork").iterdir()) == ["a0001.jpg", "a0001.json"]
    with pytest.raises(CancelledError):
        final_cover(choose(project, kept[0]), folder, tmp_path / "out.jpg", Rendering(64, cancelled=lambda: True))
    assert not (tmp_path / "out.jpg").exists()


def test_progress_goes_from_nothing_to_all(project: Project, folder: Path) -> None:
    told: list[tuple[float, str]] = []
    made_covers(project, folder, count=2, pieces=2.5, size=64, report=lambda *at: told.append(at))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert "Cover 2 of 2" in told[-2][1]


def test_more_like_one_are_near_it_and_of_the_same_pictures(project: Project, folder: Path) -> None:
    (first,) = made_covers(
        project, folder, count=1, method="photos", pieces=4, strength=0.5, weight=0.4, mode="soft light",
        photographs=1, size=64,
    )  # fmt: skip
    assert (first.mode, first.weight, first.network) == ("soft light", 0.4, False)
    with_it = edits.add_covers(project, [first])
    like = made_like(with_it, folder, first.id, count=4, seed=90, size=64)
    assert [cover.seed for cover in like] == [90, 91, 92, 93]
    assert {(cover.method, cover.mode) for cover in like} == {("photos", "soft light")}
    assert all(2 < cover.pieces < 8 and abs(cover.strength - 0.5) < 0.4 for cover in like)
    assert len({(cover.pieces, cover.strength) for cover in like}) == 4
    assert len({(folder / cover.file).read_bytes() for cover in like}) == 4
    sources = [json.loads((folder / cover.file).with_suffix(".json").read_text())["from"] for cover in (first, *like)]
    assert all(source == sources[0] for source in sources)
    again = made_like(with_it, folder, first.id, count=1, seed=90, size=64)
    assert (folder / again[0].file).read_bytes() == (folder / like[0].file).read_bytes()


def test_more_like_one_whose_sidecar_is_gone_takes_its_settings(project: Project, folder: Path) -> None:
    (first,) = made_covers(project, folder, count=1, pieces=3, size=64)
    (folder / first.file).with_suffix(".json").unlink()
    (like,) = made_like(edits.add_covers(project, [first]), folder, first.id, count=1, seed=5, size=64)
    assert like.method == "self"
    assert 1.5 < like.pieces < 6


def test_each_cover_draws_its_own_photographs(project: Project, folder: Path) -> None:
    covers = made_covers(project, folder, count=6, method="photos", pieces=2.5, photographs=1, size=32)
    drawn = {json.loads((folder / cover.file).with_suffix(".json").read_text())["from"][1]["path"] for cover in covers}
    assert {Path(path).name for path in drawn} == {"photo0.jpg", "photo1.jpg"}


def test_names_are_set_on_the_final_cover_and_never_on_the_candidate(
    project: Project, folder: Path, tmp_path: Path
) -> None:
    (cover,) = made_covers(project, folder, count=1, pieces=2.5, size=200)
    before = (folder / cover.file).read_bytes()
    bare = choose(project, cover)
    final_cover(bare, folder, tmp_path / "bare.png", Rendering(200))
    named = set_type(letter_cover(bare, on=True), "title", x=0.0, y=0.0, size=0.2, colour="#00ff00")
    final_cover(named, folder, tmp_path / "named.png", Rendering(200))
    box = ImageChops.difference(*(open_picture(tmp_path / f"{name}.png") for name in ("bare", "named"))).getbbox()
    assert box is not None
    assert box[0] < 30
    assert box[1] < 40
    assert (folder / cover.file).read_bytes() == before
    final_cover(letter_cover(named, on=False), folder, tmp_path / "off.png", Rendering(200))
    assert (tmp_path / "off.png").read_bytes() == (tmp_path / "bare.png").read_bytes()


def test_a_cover_set_in_type_is_not_lettered_twice(project: Project, folder: Path, tmp_path: Path) -> None:
    (cover,) = made_covers(project, folder, count=1, method="type", size=100)
    for on in (False, True):
        final_cover(letter_cover(choose(project, cover), on), folder, tmp_path / f"{on}.png", Rendering(100))
    assert (tmp_path / "False.png").read_bytes() == (tmp_path / "True.png").read_bytes()


def test_the_network_is_asked_for_only_where_it_is_here(
    project: Project, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "data")
    assert not is_network_here()
    with pytest.raises(PictureError, match="not there"):
        made_covers(project, folder, count=1, network=True, size=64)
    kept = kept_file(tmp_path / "data")
    kept.parent.mkdir()
    save_file(network.made_up(), kept)
    assert is_network_here()
    (cover,) = made_covers(project, folder, count=1, network=True, size=64)
    assert cover.network
    final_cover(choose(project, cover), folder, tmp_path / "made anew.png", Rendering(64))
    assert difference(tmp_path / "made anew.png", folder / cover.file, 64) < 6
    kept.unlink()
    final_cover(choose(project, cover), folder, tmp_path / "again.png", Rendering(64))  # what was kept
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "made anew.png").read_bytes()
    full_file(folder / cover.file, 64).unlink()
    final_cover(choose(project, cover), folder, tmp_path / "enlarged.png", Rendering(64))
    assert difference(tmp_path / "enlarged.png", folder / cover.file, 64) < 1


def test_whoever_exports_a_cover_of_the_network_is_told_and_can_cancel(
    project: Project, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "data")
    kept = kept_file(tmp_path / "data")
    kept.parent.mkdir()
    save_file(network.made_up(), kept)
    (cover,) = made_covers(project, folder, count=1, network=True, size=64)
    project = choose(project, cover)

    def told() -> tuple[str, str]:
        ((level, text),) = [
            (check.level, check.text) for check in before_export(project, folder) if "cover" in check.text
        ]
        return level, text

    assert told()[0] == "look"
    assert "anew" in told()[1]
    said: list[str] = []
    with pytest.raises(CancelledError):
        final_cover(
            project,
            folder,
            tmp_path / "cover.jpg",
            Rendering(
                COVER_SIDE,
                report=lambda _, text: said.append(text),
                cancelled=lambda: any("step" in text for text in said),
            ),
        )
    assert said[-1].startswith("Cover by the network: step")
    assert not (tmp_path / "cover.jpg").exists()
    full = full_file(folder / cover.file, COVER_SIDE)
    assert not full.exists()
    full.touch()
    assert told() == ("ok", f"cover is {COVER_SIDE} × {COVER_SIDE}")
    full.unlink()
    kept.unlink()
    assert told()[0] == "look"
    assert "enlarged" in told()[1]


def test_a_cover_set_in_type_follows_the_names(project: Project, folder: Path, tmp_path: Path) -> None:
    (cover,) = made_covers(project, folder, count=1, method="type", seed=3, size=100)
    chosen = choose(project, cover)
    renamed = replace(chosen, release=replace(chosen.release, title="Another Name", artist="Somebody Else"))
    (fresh,) = made_covers(renamed, folder, count=1, method="type", seed=3, size=200)
    before = final_cover(chosen, folder, tmp_path / "before.png", Rendering(200))
    after = final_cover(renamed, folder, tmp_path / "after.png", Rendering(200))
    assert difference(after, before) > 1
    assert difference(after, final_cover(choose(renamed, fresh), folder, tmp_path / "fresh.png", Rendering(200))) == 0


def test_more_like_a_cover_set_in_type_bear_the_names_as_they_are(project: Project, folder: Path) -> None:
    (cover,) = made_covers(project, folder, count=1, method="type", size=32)
    renamed = choose(replace(project, release=Release(title="Another Name")), cover)
    (like,) = made_like(renamed, folder, cover.id, count=1, size=32)
    assert json.loads((folder / like.file).with_suffix(".json").read_text())["title"] == "Another Name"


def test_candidates_made_of_itself_differ_and_are_made_anew_as_they_were(
    project: Project, folder: Path, tmp_path: Path
) -> None:
    covers = made_covers(project, folder, count=6, seed=30, size=200, pieces=2.5)
    files = [folder / cover.file for cover in covers]
    assert min(difference(one, other) for place, one in enumerate(files) for other in files[:place]) > 12
    for cover, file in zip(covers[1:3], files[1:3], strict=True):
        large = final_cover(choose(project, cover), folder, tmp_path / f"{cover.id}.png", Rendering(400))
        assert difference(large, file) < 12
