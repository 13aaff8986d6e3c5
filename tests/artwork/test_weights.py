"""The network's file: fetched from a small local server, checked, refused, kept."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from artwork.download import download
from artwork.errors import PictureError
from artwork.vgg_layout import WIDTHS, shapes
from artwork.weights import VGG19, Published, fetch_weights, kept_file, load_features, take_weights
from tests.artwork import network
from tests.artwork.serving import Server, serving


def no_report(_fraction: float, _text: str) -> None:
    pass


def never() -> bool:
    return False


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source" / "vgg19.pth"
    path.parent.mkdir()
    network.write_published(path)
    return path


@pytest.fixture
def server(source: Path) -> Iterator[Server]:
    with serving(source.read_bytes()) as made:
        yield made


@pytest.fixture
def here(server: Server, source: Path) -> Published:
    return network.published(source, server.url)


def is_kept(folder: Path) -> bool:
    """The convolutions are there with their values, and nothing else is."""
    kept = load_file(kept_file(folder))
    same = all(torch.equal(kept[name], wanted) for name, wanted in network.made_up().items())
    return (
        same
        and set(kept) == set(shapes(network.WIDTHS))
        and [path.name for path in folder.iterdir()] == [kept_file(folder).name]
    )


def test_what_is_shown_of_the_published_file_is_what_it_is() -> None:
    assert VGG19.name == "vgg19-dcbb9e9d.pth"
    assert VGG19.sha256.startswith("dcbb9e9d")
    assert len(bytes.fromhex(VGG19.sha256)) == 32
    convolutions = sum(int(np.prod(shape)) for shape in shapes(WIDTHS).values())
    classifier = 25088 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000
    assert convolutions == 20_024_384
    assert 0 < VGG19.size - 4 * (convolutions + classifier) < 10_000


def test_it_is_fetched_checked_and_kept_without_the_rest(tmp_path: Path, here: Published) -> None:
    told: list[tuple[float, str]] = []
    folder = tmp_path / "data" / "deep"
    kept = fetch_weights(folder, lambda *at: told.append(at), never, here)
    assert kept == kept_file(folder)
    assert is_kept(folder)
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert any("MB" in text for _, text in told)
    assert load_features(kept, "cpu")(torch.rand(1, 3, 32, 32), ("conv1_1",))["conv1_1"].shape[1] == 4


@pytest.mark.parametrize("old_format", [True, False])
def test_both_formats_of_torch_are_read(tmp_path: Path, old_format: bool) -> None:
    path = tmp_path / "mine.pth"
    published = network.write_published(path, old_format=old_format)
    take_weights(path, tmp_path / "data", no_report, never, published)
    assert is_kept(tmp_path / "data")
    assert path.exists()


def test_a_broken_line_is_taken_up_where_it_broke(tmp_path: Path, server: Server, here: Published) -> None:
    server.break_after = here.size // 3 + 1
    fetch_weights(tmp_path / "data", no_report, never, here)
    third = server.break_after
    assert server.ranges == ["", f"bytes={third}-", f"bytes={2 * third}-"]
    assert is_kept(tmp_path / "data")


def test_cancel_keeps_what_has_come_and_a_later_one_goes_on(tmp_path: Path, server: Server, here: Published) -> None:
    folder = tmp_path / "data"
    server.break_after = 1000
    part = folder / "vgg19.pth.part"
    with pytest.raises(CancelledError):
        fetch_weights(folder, no_report, lambda: part.exists() and part.stat().st_size >= 1000, here)
    assert part.stat().st_size == 1000
    assert not kept_file(folder).exists()
    server.break_after = None
    fetch_weights(folder, no_report, never, here)
    assert server.ranges[-1] == "bytes=1000-"
    assert is_kept(folder)


def test_a_silent_server_can_be_cancelled_and_is_asked_again(tmp_path: Path, server: Server, here: Published) -> None:
    server.break_after = 500
    server.hold.set()
    part = tmp_path / "part"
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(server.ranges) == 3

    with pytest.raises(CancelledError):
        download(server.url, part, here.size, no_report, cancelled, patience=0.1)
    assert server.ranges == ["", "bytes=500-", "bytes=1000-"]
    assert part.read_bytes() == server.data[:1000] or part.read_bytes() == server.data[:1500]


def test_a_server_that_cannot_go_on_begins_again(tmp_path: Path, server: Server, here: Published) -> None:
    server.knows_ranges = False
    part = tmp_path / "part"
    part.write_bytes(b"x" * 700)
    download(server.url, part, here.size, no_report, never)
    assert part.read_bytes() == server.data


def test_a_file_that_ends_too_soon_is_told_and_kept(tmp_path: Path, server: Server, here: Published) -> None:
    server.knows_ranges = False
    server.break_after = 2000
    part = tmp_path / "part"
    with pytest.raises(PictureError, match="less than the whole"):
        download(server.url, part, here.size, no_report, never, patience=0.01)
    assert part.stat().st_size == 2000


def test_another_file_of_that_name_is_refused(tmp_path: Path, server: Server, here: Published) -> None:
    part = tmp_path / "part"
    with pytest.raises(PictureError, match="another file"):
        download(server.url, part, here.size + 10, no_report, never)
    part.write_bytes(b"x" * (here.size + 5))
    with pytest.raises(PictureError, match="another file"):
        download(server.url, part, here.size + 10, no_report, never)
    with pytest.raises(PictureError, match="another file"):
        download(server.url, part, here.size, no_report, never)
    assert not part.exists()


def test_a_file_that_does_not_end_is_not_taken_to_its_end(tmp_path: Path) -> None:
    part = tmp_path / "part"
    told: list[float] = []
    with serving(bytes(64 * 2**20)) as endless:
        endless.tells_size = False
        with pytest.raises(PictureError, match="another file"):
            download(endless.url, part, 1000, lambda done, _: told.append(part.stat().st_size if done else 0), never)
    assert max(told) < 2**20
    assert not part.exists()


def test_what_has_come_is_not_lost_where_it_cannot_be_kept(tmp_path: Path, server: Server, here: Published) -> None:
    folder = tmp_path / "data"
    kept_file(folder).mkdir(parents=True)
    with pytest.raises(PictureError, match="cannot be kept"):
        fetch_weights(folder, no_report, never, here)
    assert (folder / "vgg19.pth.part").stat().st_size == here.size
    kept_file(folder).rmdir()
    fetch_weights(folder, no_report, never, here)
    assert len(server.ranges) == 1
    assert is_kept(folder)


def test_damage_on_the_way_is_found_and_thrown_away(tmp_path: Path, server: Server, here: Published) -> None:
    damaged = bytearray(server.data)
    damaged[len(damaged) // 2] ^= 1
    server.data = bytes(damaged)
    with pytest.raises(PictureError, match="contents are different"):
        fetch_weights(tmp_path / "data", no_report, never, here)
    assert list((tmp_path / "data").iterdir()) == []


def test_a_server_that_says_no_or_is_not_there(tmp_path: Path, server: Server, here: Published) -> None:
    server.status = 404
    with pytest.raises(PictureError, match="404"):
        fetch_weights(tmp_path / "data", no_report, never, here)
    with pytest.raises(PictureError, match="cannot be reached"):
        download("http://127.0.0.1:9/vgg19.pth", tmp_path / "part", 10, no_report, never, patience=0.01)


def test_wrong_and_damaged_files_from_the_disk_are_refused(tmp_path: Path, source: Path) -> None:
    published = network.published(source)
    with pytest.raises(PictureError, match=r"not the published network.*MB"):
        take_weights(source, tmp_path / "data", no_report, never, replace(published, size=published.size + 1))
    with pytest.raises(PictureError, match="contents are different"):
        take_weights(source, tmp_path / "data", no_report, never, replace(published, sha256="0" * 64))
    with pytest.raises(PictureError, match="cannot be read"):
        take_weights(tmp_path / "none.pth", tmp_path / "data", no_report, never, published)
    words = tmp_path / "words.pth"
    words.write_text("not a network")
    with pytest.raises(PictureError, match="does not hold a network"):
        take_weights(words, tmp_path / "data", no_report, never, network.published(words))
    torch.save({"features.0.weight": torch.zeros(4, 3, 3, 3)}, words)
    with pytest.raises(PictureError, match=r"features\.0\.bias"):
        take_weights(words, tmp_path / "data", no_report, never, network.published(words))
    with pytest.raises(CancelledError):
        take_weights(source, tmp_path / "data", no_report, lambda: True, published)
    assert not (tmp_path / "data").exists()


class Trap:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("sprung",)


def test_a_file_cannot_run_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, save in (("plain.pth", pickle.dump), ("torch.pth", torch.save)):
        with open(name, "wb") as file:
            save({"features.0.weight": Trap()}, file)
        path = Path(name)
        with pytest.raises(PictureError, match="does not hold a network"):
            take_weights(path, tmp_path / "data", no_report, never, network.published(path))
    assert not (tmp_path / "sprung").exists()


def test_a_damaged_kept_file_is_told(tmp_path: Path, source: Path) -> None:
    kept = take_weights(source, tmp_path, no_report, never, network.published(source))
    weights = load_file(kept)
    for name, changed in (
        ("features.0.bias", torch.zeros(5)),
        ("features.0.bias", torch.tensor(1.0)),
        ("features.5.weight", torch.full((6, 4, 3, 3), np.nan)),
    ):
        save_file({**weights, name: changed}, kept)
        with pytest.raises(PictureError, match="damaged"):
            load_features(kept, "cpu")
    save_file({name: tensor for name, tensor in weights.items() if name != "features.2.bias"}, kept)
    with pytest.raises(PictureError, match="damaged"):
        load_features(kept, "cpu")
    save_file(weights, kept)
    assert load_features(kept, "cpu") is not None
    kept.write_bytes(kept.read_bytes()[:-100])
    with pytest.raises(PictureError, match="damaged"):
        load_features(kept, "cpu")
    kept.unlink()
    with pytest.raises(PictureError, match="not there"):
        load_features(kept, "cpu")


def test_without_room_nothing_is_fetched(tmp_path: Path, server: Server, here: Published) -> None:
    with pytest.raises(PictureError, match="no room"):
        fetch_weights(tmp_path, no_report, never, replace(here, size=10**15))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PictureError, match="cannot be written"):
        fetch_weights(tmp_path / "file" / "data", no_report, never, here)
    assert server.ranges == []
