"""`deepcuts artwork`: covers from a picture, from photographs and of type."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.app.shell.calling import deepcuts, refused


def test_a_cover_is_made(tmp_path: Path, album: Path) -> None:
    for name, size in (("new.png", 128), ("new.jpg", 96)):
        result = deepcuts(tmp_path, "artwork", album / "cover.jpg", "--out", tmp_path / name, "--size", size)
        assert result.returncode == 0, result.stderr
        with Image.open(tmp_path / name) as picture:
            assert picture.size == (size, size)
    assert "new.txt" in refused(deepcuts(tmp_path, "artwork", album / "cover.jpg", "--out", tmp_path / "new.txt"))


def test_a_cover_of_photographs_alone_or_of_type_with_names_on_it(tmp_path: Path, album: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(3):
        Image.linear_gradient("L").rotate(90 * number).convert("RGB").save(photos / f"{number}.png")

    def made(name: str, *arguments: object) -> np.ndarray:
        result = deepcuts(tmp_path, "artwork", "--out", tmp_path / name, "--size", 96, *arguments)
        assert result.returncode == 0, result.stderr
        return np.asarray(Image.open(tmp_path / name).convert("RGB"), dtype=float)

    alone = made("alone.png", "--photos", photos)
    assert not np.array_equal(alone, made("other.png", "--photos", photos, "--blend", "multiply", "--weight", 1))
    named = made("named.png", "--photos", photos, "--title", "Slow Rust", "--artist", "Tin Hearts")
    changed = np.abs(named - alone).max(axis=2) > 0
    assert changed[-30:, :60].any()  # the title at the lower left, the artist at the upper right
    assert changed[:20, 50:].any()
    assert not changed[30:60].any()
    assert made("type.png", "--title", "Slow Rust").std() > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--title"),
        (["cover.jpg", "--method", "photos"], "--photos"),
        (["cover.jpg", "--network"], "--network-file"),
        (["cover.jpg", "--network-file", "cover.jpg"], "not the published network"),
        (["cover.jpg", "--blend", "dodge"], "dodge"),
        (["cover.jpg", "--pieces", "40"], "1/16"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_cover_that_cannot_be_made_is_told_in_one_line(
    tmp_path: Path, album: Path, arguments: list[str], words: str
) -> None:
    places = [album / word if word == "cover.jpg" else word for word in arguments]
    photos: list[object] = []
    if "--blend" in arguments:
        photos = ["--photos", tmp_path / "photos"]
        (tmp_path / "photos").mkdir()
        shutil.copy(album / "cover.jpg", tmp_path / "photos")
    assert words in refused(deepcuts(tmp_path, "artwork", "--out", tmp_path / "new.jpg", *places, *photos))
    assert not (tmp_path / "new.jpg").exists()
