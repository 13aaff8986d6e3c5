"""New titles for a project are learnt from its tracks and catalogue and are none that it has."""

from __future__ import annotations

import pytest

from app.document.model import Album, Project, Song, Title, Track
from app.studio.titles.naming import album_name, artist_name, corpus, invent_titles
from titles import TitleError

CATALOGUE = tuple(
    f"{head} {tail}"
    for head in ("Black", "Crimson", "Hollow", "Silent", "Burning", "Endless")
    for tail in ("Machine", "Harvest", "Parade", "Liturgy", "Wolf")
)
ALBUM = Album(
    title="Pot Brownies",
    artist="Cast Iron Garden",
    tracks=(Track(id="t1", path="/music/1.ogg", title="Frozen Throne (Live)", on=False),),
    titles=CATALOGUE,
)


def test_titles_are_learnt_from_the_tracks_and_the_catalogue() -> None:
    assert corpus(Project(album=ALBUM)) == ("Frozen Throne (Live)", *CATALOGUE)


def test_new_titles_are_none_that_the_project_has() -> None:
    project = Project(album=ALBUM)
    first, note = invent_titles(project, count=40, seed=1)
    assert len(first) == 40
    assert note == "Order 3 gave nothing new; these are of a lower order."
    assert all(isinstance(title, Title) and not title.starred for title in first)
    project = Project(album=ALBUM, titles=first[:20], songs=tuple(Song(id=t.text, title=t.text) for t in first[20:]))
    again, _ = invent_titles(project, count=40, seed=1)
    assert not {title.text for title in first} & {title.text for title in again}


def test_a_project_without_titles_is_told_so() -> None:
    with pytest.raises(TitleError, match="no titles to learn from"):
        invent_titles(Project())


def test_names_for_the_release() -> None:
    project = Project(album=ALBUM)
    assert album_name(project, seed=3) == album_name(project, seed=3)
    assert len({album_name(project, seed=seed) for seed in range(16)}) > 4
    assert artist_name(project, seed=1) not in ("", "Cast Iron Garden", *CATALOGUE)
