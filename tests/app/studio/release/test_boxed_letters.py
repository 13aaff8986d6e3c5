"""Names that no installed face can set are told of before they are printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from app.document.model import Album, Cover, Project, Release
from app.studio.artwork.covers import final_cover
from app.studio.artwork.lettering import Faces, boxed_letters
from artwork.rendering import Rendering

NONE = Faces([])
NAMED = Release(title="Ж夜 Rust", artist="Tin 鉄")


def test_letters_of_names_set_on_a_cover_and_of_covers_that_are_type() -> None:
    painted = Project(release=replace(NAMED, cover="a1"), covers=(Cover(id="a1", file="x", method="self"),))
    lettering = painted.release.lettering
    assert boxed_letters(painted, NONE) == ("Ж夜鉄" if lettering.on else "")
    on = replace(painted.release, lettering=replace(lettering, on=True))
    assert boxed_letters(replace(painted, release=on), NONE) == "Ж夜鉄"
    off = replace(painted.release, lettering=replace(lettering, on=False))
    assert boxed_letters(replace(painted, release=off), NONE) == ""
    assert boxed_letters(Project(release=NAMED), NONE) == "Ж夜鉄"
    assert boxed_letters(Project(release=Release(title="Rust", artist="Tin")), NONE) == ""
    assert boxed_letters(Project(album=Album(cover="album/c.jpg"), release=replace(NAMED, title="Rust")), NONE) in (
        "",
        "鉄",
    )


def test_whoever_exports_such_names_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.studio.artwork.covers.Faces", lambda: NONE)
    said: list[str] = []
    final_cover(Project(release=NAMED), tmp_path, tmp_path / "cover.jpg", Rendering(64), said.append)
    assert [words for words in said if "boxes" in words] == [
        "No installed type face has “Ж夜鉄”: the cover shows boxes for that. Install a face that has it."
    ]
    said.clear()
    final_cover(Project(release=Release(title="Rust")), tmp_path, tmp_path / "cover.jpg", Rendering(64), said.append)
    assert said == []
