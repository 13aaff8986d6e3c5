"""An album that is dropped in again, from where it was or from somewhere else, is the same album."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.document.edits.album import add_album, switch_track
from app.document.model import Album, Project, Track


def _track(number: int, folder: str, fingerprint: str = "", **facts: object) -> Track:
    track = Track(
        id="", path=f"{folder}/{number:02} Song.flac", title=f"Song {number}", seconds=60.0 + number, rate=44_100,
        channels=2, format="flac", fingerprint=fingerprint,
    )  # fmt: skip
    return replace(track, **facts)


def _album(folder: str, *, known: bool = True) -> Album:
    return Album(tracks=tuple(_track(number, folder, f"print {number}" if known else "") for number in (1, 2, 3)))


@pytest.mark.parametrize("known", [True, False], ids=["known by content", "an older document"])
def test_a_moved_album_makes_no_doubles_and_its_paths_are_put_right(known: bool) -> None:
    project = add_album(Project(), _album("/music/Slow Rust", known=known))
    project = switch_track(project, "t2", False)
    again = add_album(project, _album("/archive/renamed"))
    assert [track.id for track in again.album.tracks] == ["t1", "t2", "t3"]
    assert [track.on for track in again.album.tracks] == [True, False, True]
    assert [track.path for track in again.album.tracks] == [
        f"/archive/renamed/{number:02} Song.flac" for number in (1, 2, 3)
    ]
    assert [track.fingerprint for track in again.album.tracks] == ["print 1", "print 2", "print 3"]
    assert add_album(again, _album("/archive/renamed")) == again


def test_renamed_files_are_known_by_their_content() -> None:
    project = add_album(Project(), _album("/music"))
    renamed = replace(project.album.tracks[1], path="/music/b-side.flac", title="B-Side")
    again = add_album(project, Album(tracks=(renamed,)))
    assert len(again.album.tracks) == 3
    assert (again.album.tracks[1].path, again.album.tracks[1].title) == ("/music/b-side.flac", "Song 2")


def test_other_recordings_of_the_same_name_and_length_are_other_tracks() -> None:
    project = add_album(Project(), _album("/music"))
    other = _track(1, "/live", "another")
    assert len(add_album(project, Album(tracks=(other,))).album.tracks) == 4


def test_a_recording_that_took_the_place_of_another_is_told_as_it_is() -> None:
    project = add_album(Project(), _album("/music"))
    longer = _track(1, "/music", "another", seconds=99.0)
    track = add_album(project, Album(tracks=(longer,))).album.tracks[0]
    assert (track.id, track.seconds, track.fingerprint) == ("t1", 99.0, "another")


def test_tracks_of_one_drop_are_never_taken_for_one_another() -> None:
    """However alike they are: two exports of the same length and content, or with no content known."""
    twins = Album(tracks=tuple(_track(1, f"/music/disc {disc}", "the same") for disc in (1, 2, 3)))
    assert len(add_album(Project(), twins).album.tracks) == 3
    unknown = Album(tracks=tuple(_track(1, f"/music/disc {disc}") for disc in (1, 2, 3)))
    assert len(add_album(Project(), unknown).album.tracks) == 3
    project = add_album(Project(), Album(tracks=twins.tracks[:1]))
    moved = Album(tracks=tuple(_track(1, f"/archive/disc {disc}", "the same") for disc in (1, 2)))
    again = add_album(project, moved).album.tracks
    assert [(track.id, track.path) for track in again] == [
        ("t1", "/archive/disc 1/01 Song.flac"),
        ("t2", "/archive/disc 2/01 Song.flac"),
    ]


def test_a_file_that_is_told_twice_in_one_drop_is_one_track() -> None:
    track = _track(1, "/music", "print 1")
    assert len(add_album(Project(), Album(tracks=(track, track))).album.tracks) == 1
