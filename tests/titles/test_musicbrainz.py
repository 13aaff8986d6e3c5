"""Looking titles up, against a small server that speaks MusicBrainz's format."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from tests.titles.encyclopaedia import LOUD, QUIET, SONGS, Encyclopaedia, artist, busy, recording, serving
from titles import TitleError
from titles.musicbrainz import Artist, MusicBrainz

NAME = "Cast Iron Gardens"
AGENT = "DeepCuts/0.1 ( tests )"


def never() -> bool:
    return False


def silent(fraction: float, words: str) -> None:
    assert 0 <= fraction <= 1


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[Encyclopaedia]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving() as encyclopaedia:
        yield encyclopaedia


@pytest.fixture
def brainz(known: Encyclopaedia, tmp_path: Path) -> MusicBrainz:
    return MusicBrainz(tmp_path / "kept", AGENT, site=known.url, pause=0.0)


def test_several_artists_of_a_name_are_told_apart(brainz: MusicBrainz, known: Encyclopaedia) -> None:
    found = brainz.artists("cast iron  gardens", never)
    assert [(one.id, one.name) for one in found[:2]] == [(LOUD, NAME), (QUIET, NAME)]
    assert found[0].about == "group from Ghent, since 1991, doom metal"
    assert found[1].about == "group from NZ, 1970–1974"
    assert found[2].name == "The Cast Iron Gardens Tribute"
    assert len(found) == 3
    assert known.asked[0][2] == AGENT


def test_the_titles_are_songs_each_once_and_no_live_version_film_or_medley(
    brainz: MusicBrainz, known: Encyclopaedia
) -> None:
    told: list[tuple[float, str]] = []
    catalogue = brainz.titles(Artist(LOUD, NAME), lambda done, words: told.append((done, words)), never)
    assert catalogue.titles == (*SONGS, "Don't Look Down")
    assert catalogue.looked_up == date.today()
    assert catalogue.note == ""
    assert [path.count("offset=100") for path, _, _ in known.asked] == [0, 1]
    assert told[-1] == (1.0, "166 of 166 recordings")


def test_what_was_looked_up_is_kept_with_its_date_and_needs_no_network_again(
    brainz: MusicBrainz, known: Encyclopaedia, tmp_path: Path
) -> None:
    artist = Artist(LOUD, NAME)
    assert brainz.kept(artist) is None
    first = brainz.titles(artist, silent, never)
    [file] = (tmp_path / "kept").glob("*.json")
    kept = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(kept | {"looked_up": "2024-02-29"}), "utf-8")
    asked = len(known.asked)
    again = brainz.titles(artist, silent, never)
    assert (again.titles, again.looked_up) == (first.titles, date(2024, 2, 29))
    assert len(known.asked) == asked
    assert brainz.titles(artist, silent, never, afresh=True).looked_up == date.today()
    assert len(known.asked) == asked + 2


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"titles": 3}', b'{"titles": ["A"], "looked_up": "soon"}'])
def test_a_damaged_answer_that_was_kept_is_asked_for_again(brainz: MusicBrainz, tmp_path: Path, damage: bytes) -> None:
    brainz.titles(Artist(LOUD, NAME), silent, never)
    [file] = (tmp_path / "kept").glob("*.json")
    file.write_bytes(damage)
    assert brainz.titles(Artist(LOUD, NAME), silent, never).titles[0] == SONGS[0]


def test_a_pause_is_kept_between_questions_whoever_asks(known: Encyclopaedia, tmp_path: Path) -> None:
    began = time.monotonic()
    for _ in range(2):
        MusicBrainz(tmp_path, AGENT, site=known.url, pause=0.3).artists(NAME, never)
    MusicBrainz(tmp_path, AGENT, site=known.url, pause=0.3).titles(Artist(LOUD, NAME), silent, never)
    assert len(known.asked) == 4
    assert time.monotonic() - began > 3 * 0.3 - 0.05


def test_those_who_wait_at_the_same_time_queue(known: Encyclopaedia, tmp_path: Path) -> None:
    brainz = MusicBrainz(tmp_path, AGENT, site=known.url, pause=0.4)
    brainz.artists(NAME, never)
    turns = [(tmp_path / "asked").stat().st_mtime]
    with ThreadPoolExecutor(2) as windows:
        waiting = []
        for _ in range(2):
            waiting.append(windows.submit(brainz.artists, NAME, never))
            while (turn := (tmp_path / "asked").stat().st_mtime) == turns[-1]:
                time.sleep(0.01)
            turns.append(turn)
        assert all(one.result() for one in waiting)
    assert time.time() >= turns[-1]
    assert min(later - sooner for sooner, later in pairwise(turns)) > 0.39
    assert len(known.asked) == 3


def test_a_clock_that_was_wrong_does_not_keep_anyone_waiting(
    brainz: MusicBrainz, known: Encyclopaedia, tmp_path: Path
) -> None:
    asked = tmp_path / "kept" / "asked"
    asked.parent.mkdir()
    asked.touch()
    os.utime(asked, (time.time() + 10**6, time.time() + 10**6))
    assert brainz.artists(NAME, never)
    assert asked.stat().st_mtime < time.time() + 10


def test_it_waits_where_it_is_told_to_and_gives_up_in_the_end(brainz: MusicBrainz, known: Encyclopaedia) -> None:
    known.answers = [lambda: busy(0)] * 2
    assert brainz.artists(NAME, never)[0].id == LOUD
    assert len(known.asked) == 3
    known.answers = [lambda: busy(0)] * 9
    with pytest.raises(TitleError, match="too much to do"):
        brainz.artists(NAME, never)
    assert len(known.asked) == 7


def test_no_such_artist_and_an_artist_without_songs_are_told(brainz: MusicBrainz) -> None:
    with pytest.raises(TitleError, match="knows no artist called “Zzyzx”"):
        brainz.artists("Zzyzx", never)
    with pytest.raises(TitleError, match="lists no songs of “Cast Iron Gardens”"):
        brainz.titles(Artist(QUIET, NAME), silent, never)
    with pytest.raises(TitleError, match="no name"):
        brainz.artists("  ", never)


def test_signs_of_the_search_language_are_only_letters_of_a_name(brainz: MusicBrainz, known: Encyclopaedia) -> None:
    known.artists[1]["name"] = "AC/DC (Belgium)!"
    assert brainz.artists("AC/DC (Belgium)!", never)[0].name == "AC/DC (Belgium)!"
    assert "AC%5C%2FDC" in known.asked[0][0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((500, b"", {}), "status 500"),
        ((404, b'{"error": "Not Found"}', {}), "status 404"),
        ((200, b"<html>", {}), "cannot be read"),
        ((200, b"[" * 100_000, {}), "cannot be read"),
        ((200, b"[1]", {}), "cannot be read"),
        ((200, b'{"artists": 3}', {}), "knows no artist"),
        ((200, b'{"artists": [3, {}, {"id": 1, "name": 2}]}', {}), "knows no artist"),
    ],
)
def test_odd_answers_are_told_in_a_sentence(
    brainz: MusicBrainz, known: Encyclopaedia, answer: tuple[int, bytes, dict[str, str]], told: str
) -> None:
    known.answers = [lambda: answer]
    with pytest.raises(TitleError, match=told):
        brainz.artists(NAME, never)


def test_figures_that_are_none_do_no_harm(brainz: MusicBrainz, known: Encyclopaedia) -> None:
    known.artists[1]["score"] = "²"
    known.answers = [lambda: (503, b"", {"Retry-After": "²"})]
    assert LOUD in {one.id for one in brainz.artists(NAME, never)}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2"])
def test_it_is_not_led_to_another_server(
    brainz: MusicBrainz, known: Encyclopaedia, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1,127.0.0.2,localhost")
    elsewhere = known.url.replace("127.0.0.1", host) + "/ws/2/artist?query=x&fmt=json"
    known.answers = [lambda: (302, b"", {"Location": elsewhere})]
    with pytest.raises(TitleError, match="sends on"):
        brainz.artists(NAME, never)
    assert len(known.asked) == 1


def test_within_the_same_server_it_follows(brainz: MusicBrainz, known: Encyclopaedia) -> None:
    known.answers = [lambda: (301, b"", {"Location": f"{known.url}/ws/2/artist?query=Cast+Iron&fmt=json"})]
    assert brainz.artists(NAME, never)[0].id == LOUD
    assert len(known.asked) == 2


def test_names_in_answers_are_cleaned(brainz: MusicBrainz, known: Encyclopaedia) -> None:
    odd = "Cast\n\u202eIron\x00 \ud800Gardens" + "x" * 5000
    known.artists = [artist(LOUD, odd, 100, disambiguation="one\nline\u2028more", country="\ud800")]
    known.recordings[LOUD] = [recording("Slow\nRust \ud800"), recording("Cold\x00 Room"), recording("y" * 100_000)]
    (found,) = brainz.artists(NAME, never)
    assert found.name.startswith("Cast Iron Gardensxxx")
    assert len(found.name) <= 200
    assert found.about == "group, one line more"
    assert brainz.titles(found, silent, never).titles == ("Slow Rust", "Cold Room")
    assert brainz.kept(found) is not None


@pytest.mark.parametrize("score", ["9" * 5000, "²", "-1", True, None, [], 1e400, -5, {"a": 1}])
def test_scores_that_are_none_do_no_harm(brainz: MusicBrainz, known: Encyclopaedia, score: object) -> None:
    known.artists = [artist(LOUD, NAME, 100) | {"score": score}]
    assert brainz.artists(NAME, never)[0].id == LOUD


def test_without_a_network_it_says_so(tmp_path: Path, known: Encyclopaedia) -> None:
    offline = MusicBrainz(tmp_path, AGENT, site="http://127.0.0.1:9", pause=0.0)
    with pytest.raises(TitleError, match=r"cannot be reached\. Check the internet connection"):
        offline.artists(NAME, never)


def test_cancelling_does_not_wait_for_an_answer(brainz: MusicBrainz, known: Encyclopaedia) -> None:
    known.hang.clear()
    with pytest.raises(CancelledError):
        brainz.titles(Artist(LOUD, NAME), silent, lambda: bool(known.asked))


def test_cancelling_does_not_wait_for_its_turn(brainz: MusicBrainz, known: Encyclopaedia) -> None:
    known.answers = [lambda: busy(30)]
    cancelled = threading.Event()
    timer = threading.Timer(0.1, cancelled.set)
    timer.start()
    with pytest.raises(CancelledError):
        brainz.artists(NAME, cancelled.is_set)
    timer.join()


def test_more_than_anyone_reads_is_cut_short_and_said(
    brainz: MusicBrainz, known: Encyclopaedia, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("titles.musicbrainz._MOST", 100)
    catalogue = brainz.titles(Artist(LOUD, NAME), silent, never)
    assert catalogue.note == "These are from the first 100 of 166 recordings."
    assert len(catalogue.titles) == 40
