"""The page that goes with a release."""

from __future__ import annotations

import re

import numpy as np
from msgspec.structs import replace

from app.document.model import Album, Clip, Lane, Project, Run, Section, Song, Track
from app.studio.audio.limiter import Mastering
from app.studio.audio.loudness import Measured
from app.studio.release.levels import Levels
from app.studio.release.page import PageHead, PageSong, page

SECOND = 44_100
ORANGE, BLUE = "#ff6a3d", "#546eff"


def page_of(project: Project, title: str = "Title") -> str:
    measured = tuple(Measured(song.frames, np.full(9, 0.01), 0.5) for song in project.songs)
    levels = Levels((Mastering(0.0, False, -14.0, -6.0, measured),), each_song=False, may_limit=True)
    songs = [PageSong(song, one, f"{song.id}.flac") for song, one in zip(project.songs, measured, strict=True)]
    return page(project, PageHead(title, "Artist", b""), songs, levels, ["FLAC"])


def project_of(*clips: tuple[str, str, int]) -> Project:
    """A song of one second of each clip: id, run, epoch. Run r1 is forty epochs long, r2 four."""
    made = tuple(
        Clip(id=id, run=run, epoch=epoch, file=f"{id}.flac", rate=16_000, samples=16_000, seed=0, temperature=1.0)
        for id, run, epoch in clips
    )
    sections = tuple(
        Section(id=f"x{place}", clip=clip.id, start=place * SECOND, offset=0, length=SECOND)
        for place, clip in enumerate(made)
    )
    runs = (Run(id="r1", preset="sketch", epoch=40), Run(id="r2", preset="sketch", epoch=4))
    song = Song(id="s1", title="Ages", lanes=(Lane(id="l1", sections=sections),))
    return Project(runs=runs, clips=made, songs=(song,))


def colours(html: str) -> dict[str, str]:
    return {clip: colour for colour, clip in re.findall(r'background:(#[0-9a-f]{6})" title="(c\d),', html)}


def test_a_colour_is_the_age_of_a_checkpoint_in_its_own_run() -> None:
    html = page_of(project_of(("c1", "r1", 40), ("c2", "r2", 4), ("c3", "r2", 1), ("c4", "r1", 1)))
    assert colours(html) == {"c1": ORANGE, "c2": ORANGE, "c3": BLUE, "c4": BLUE}
    assert "<span>the last epoch of its run</span>" in html


def test_the_scale_names_the_last_epoch_of_the_only_run_that_is_heard() -> None:
    html = page_of(project_of(("c2", "r2", 4), ("c3", "r2", 2)))
    assert "<span>epoch 4</span>" in html
    assert colours(html)["c3"] not in (ORANGE, BLUE)


def test_a_clip_that_is_gone_is_named_as_missing() -> None:
    whole = project_of(("c1", "r1", 40), ("c2", "r2", 4))
    html = page_of(replace(whole, clips=whole.clips[:1]))
    assert "c2, missing" in html
    assert colours(html) == {"c1": ORANGE, "c2": BLUE}


def test_a_name_from_right_to_left_turns_nothing_around() -> None:
    project = project_of(("c1", "r1", 40))
    album = Album(title="שלום <i>", artist="עולם", year="1999", tracks=(Track(id="t1", path="/1", title="לילה 2"),))
    song = replace(project.songs[0], title="יום 3")
    html = page_of(replace(project, album=album, songs=(song,)), "ערב")
    assert "<bdi>שלום &lt;i&gt;</bdi> by <bdi>עולם</bdi> (<bdi>1999</bdi>), 1 track" in html
    assert "<li><bdi>לילה 2</bdi> <span" in html
    assert "<h3><bdi>יום 3</bdi></h3>" in html
    assert "<h1><bdi>ערב</bdi></h1><div><bdi>Artist</bdi></div>" in html
    assert "<title>\u2068ערב\u2069 – Artist</title>" in html
    assert 'alt="Cover of \u2068ערב\u2069"' in html


def test_the_recipe_and_its_reasons_are_told() -> None:
    project = project_of(("c1", "r1", 40), ("c2", "r1", 1))
    first, second = project.songs[0].lanes[0].sections
    lane = Lane(id="l1", sections=(replace(first, why="Late: <it> takes over."), second))
    song = replace(project.songs[0], lanes=(lane,), recipe="stitch", why="2 sections & a join.")
    html = page_of(replace(project, songs=(song,)))
    assert "the recipe “stitch”, after “Inorganimate”. 2 sections &amp; a join.</p>" in html
    assert '<th class="why">why</th>' in html
    assert '<td class="why">Late: &lt;it&gt; takes over.</td>' in html
    by_hand = page_of(project)
    assert "recipe “" not in by_hand
    assert 'class="why"' not in by_hand
    assert "recipe “" not in page_of(replace(project, songs=(replace(song, recipe="polka"),)))
