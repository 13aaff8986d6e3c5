"""Who did what, as it is told: by what the project says of its cover, titles, guides and levels."""

from __future__ import annotations

from msgspec.structs import replace

from app.document.edits.made import add_clips
from app.document.edits.release import set_limiter, set_loudness
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song, title_song
from app.document.model import Album, Clip, Cover, Project, Title
from app.studio.release.credits import Credit, credits_as_text, credits_of


def project_of(*, guide: str = "", cover: Cover | None = None, titles: tuple[str, ...] = ()) -> Project:
    clip = Clip(
        id="c1", run="r1", epoch=1, file="c1.flac", rate=16_000, samples=16_000, seed=0, temperature=1.0, guide=guide
    )
    project = add_clips(Project(album=Album(title="Slow Rust", artist="Tin Hearts")), [clip])
    for number, title in enumerate(("One", "Two"), start=1):
        project = title_song(add_song(project), f"s{number}", title)
        project = place_clip(project, project.songs[-1].lanes[0].id, "c1", 0)
    project = replace(project, titles=tuple(Title(text=text) for text in titles))
    if cover is None:
        return project
    return replace(project, covers=(cover,), release=replace(project.release, cover=cover.id))


def by_area(project: Project) -> dict[str, Credit]:
    return {credit.area: credit for credit in credits_of(project, project.songs)}


def test_all_that_shops_ask_for_is_there() -> None:
    found = by_area(project_of())
    assert list(found) == [
        "Vocals", "Instrumentation", "Composition", "Post-production", "Lyrics", "Artwork", "Titles"
    ]  # fmt: skip
    assert [found[area].who for area in ("Vocals", "Instrumentation", "Lyrics")] == ["machine", "machine", "nobody"]
    assert "“Slow Rust” by Tin Hearts" in found["Vocals"].words
    text = credits_as_text(tuple(found.values()))
    for said in ("Track: yes", "Composition: yes", "Artwork: no", "Audio: all of it", "Bandcamp", "Lyrics: none"):
        assert said in text


def test_the_cover_is_by_whoever_made_it() -> None:
    def who(cover: Cover) -> str:
        return by_area(project_of(cover=cover))["Artwork"].who

    assert who(Cover(id="a1", file="a1.jpg", method="self", network=True)) == "machine"
    assert who(Cover(id="a1", file="a1.jpg", method="photos")) == "program"
    assert who(Cover(id="a1", file="a1.jpg", method="plain")) == "people"
    painted = project_of(cover=Cover(id="a1", file="a1.jpg", method="self", network=True))
    assert "Artwork: yes" in credits_as_text(credits_of(painted, painted.songs))


def test_titles_are_by_whoever_found_them() -> None:
    assert by_area(project_of())["Titles"].who == "people"
    assert by_area(project_of(titles=("One",)))["Titles"].who == "both"
    assert by_area(project_of(titles=("One", "Two", "Three")))["Titles"].who == "machine"


def test_songs_are_arranged_by_people_or_by_recipes() -> None:
    project = project_of()
    assert "by people." in by_area(project)["Composition"].words
    one = replace(project, songs=(replace(project.songs[0], recipe="reveal"), project.songs[1]))
    assert "by people, and 1 song of 2 by a program, by the recipe “reveal”." in by_area(one)["Composition"].words
    both = replace(project, songs=tuple(replace(song, recipe="reveal") for song in project.songs))
    assert "by a program, by the recipe “reveal”" in by_area(both)["Composition"].words


def test_guides_and_levels_are_told() -> None:
    assert "“the beat you drew”" in by_area(project_of(guide="the beat you drew"))["Composition"].words
    assert "as they were arranged" in by_area(set_loudness(project_of(), None))["Post-production"].words
    assert "no limiter" in by_area(set_limiter(project_of(), False))["Post-production"].words
