"""Names that no installed face can set are told of before they are printed."""

from __future__ import annotations

from msgspec.structs import replace

from app.document.model import Album, Cover, Project, Release
from app.studio.artwork.lettering import Faces, boxed_letters

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
