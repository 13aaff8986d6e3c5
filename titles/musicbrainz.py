"""Song titles looked up by artist in MusicBrainz, the open encyclopaedia of music, and kept.

Its web service is described at https://musicbrainz.org/doc/MusicBrainz_API.
"""

from __future__ import annotations

import hashlib
import json
import re
import urllib.parse
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from resources.files import clear_parts, make_folders, write_whole
from resources.progress import Cancelled, Report
from titles.asking import INSTEAD, Line
from titles.cleaning import clean, one_line
from titles.errors import TitleError

SITE = "https://musicbrainz.org"
_PAGE = 100
"""Recordings a question; the service gives no more."""
_MOST = 10_000
"""Recordings; so many take two minutes."""
_MOST_COUNTED = 10**9
_MOST_ARTISTS = 8
_LEAST_SCORE = 60
_SCORE = re.compile(r"[0-9]{1,3}")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LUCENE = re.compile(r'([+\-!(){}\[\]^"~*?:\\/]|&&|\|\|)')
_NOT_THE_SONG = re.compile(
    r"\b(?:live|demo|instrumental|karaoke|interview|rehearsal|soundcheck|remix|mix|edit|commentary|acappella)\b",
    re.IGNORECASE,
)
_PLAIN_MARKS = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "…": "..."})


@dataclass(frozen=True)
class Artist:
    """One that MusicBrainz knows by the name asked for.

    Args:
        about: what tells it from others of that name: "group from Los Angeles, since 1981".
    """

    id: str
    name: str
    about: str = ""


@dataclass(frozen=True)
class Catalogue:
    """The cleaned song titles of one artist, when they were looked up, and a plain remark or ""."""

    artist: Artist
    titles: tuple[str, ...]
    looked_up: date
    note: str = ""


class MusicBrainz:
    """Asks politely, and keeps what it was told.

    Args:
        cache: the folder for the answers. Every question through the same folder waits its turn, from whichever
            window it comes.
        agent: who asks, as the User-Agent: "Name/1.0 ( where to complain )".
        site: another server that speaks the same language.
        pause: least seconds between two questions.
    """

    def __init__(self, cache: Path, agent: str, *, site: str = SITE, pause: float = 1.0) -> None:
        self._cache = cache
        self._line = Line(site, agent, cache / "asked", pause)

    def artists(self, name: str, cancelled: Cancelled) -> tuple[Artist, ...]:
        """Those of that name or a similar one, the likeliest first; at least one.

        Raises:
            TitleError: where there is none, or MusicBrainz cannot be asked.
            CancelledError: once `cancelled()`.
        """
        name = " ".join(name.split())
        if not name:
            raise TitleError("There is no name to look up.", "Type the artist's name.")
        query = urllib.parse.urlencode({"query": _LUCENE.sub(r"\\\1", name), "limit": 25, "fmt": "json"})
        answer = self._line.ask(f"/ws/2/artist?{query}", cancelled)
        found = [one for entry in _list(answer, "artists") if (one := _artist(entry)) is not None]
        same = [one for one in found if one.name.casefold() == name.casefold()]
        found = [*same, *(one for one in found if one not in same)][:_MOST_ARTISTS]
        if not found:
            raise TitleError(f"MusicBrainz knows no artist called “{name}”.", f"Check the spelling. {INSTEAD}")
        return tuple(found)

    def kept(self, artist: Artist) -> Catalogue | None:
        """What was looked up before; None where nothing was, or it cannot be read any more."""
        try:
            raw = json.loads(self._place(artist).read_bytes())
            if not isinstance(raw["titles"], list):
                return None
            titles = clean([title for title in raw["titles"] if isinstance(title, str)])
            looked_up = date.fromisoformat(raw["looked_up"])
            note = one_line(str(raw["note"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return Catalogue(artist, titles, looked_up, note) if titles else None

    def titles(self, artist: Artist, report: Report, cancelled: Cancelled, *, afresh: bool = False) -> Catalogue:
        """All song titles of the artist: from what was kept, unless there is nothing or they are wanted `afresh`.

        Raises:
            TitleError: where MusicBrainz lists none, or cannot be asked.
            CancelledError: once `cancelled()`.
        """
        before = None if afresh else self.kept(artist)
        if before is not None:
            return before
        raw: list[str] = []
        read, whole = 0, 1
        while read < min(whole, _MOST):
            query = urllib.parse.urlencode({"artist": artist.id, "limit": _PAGE, "offset": read, "fmt": "json"})
            answer = self._line.ask(f"/ws/2/recording?{query}", cancelled)
            page = _list(answer, "recordings")
            if not page:
                break
            raw += [title for entry in page if (title := _title(entry))]
            read += len(page)
            count = answer.get("recording-count")
            whole = count if isinstance(count, int) and count < _MOST_COUNTED else read
            report(min(1.0, read / max(1, min(whole, _MOST))), f"{read} of {whole} recordings")
        titles = clean(raw)
        if not titles:
            raise TitleError(f"MusicBrainz lists no songs of “{artist.name}”.", INSTEAD)
        note = f"These are from the first {read} of {whole} recordings." if read < whole else ""
        catalogue = Catalogue(artist, titles, date.today(), note)
        self._keep(catalogue)
        return catalogue

    # keeping

    def _place(self, artist: Artist) -> Path:
        return self._cache / f"{hashlib.sha256(artist.id.encode()).hexdigest()[:20]}.json"

    def _keep(self, catalogue: Catalogue) -> None:
        value = asdict(catalogue) | {"looked_up": catalogue.looked_up.isoformat()}
        with suppress(OSError):  # a full disk costs only the next look-up
            make_folders(self._cache)
            clear_parts(self._cache)
            write_whole(self._place(catalogue.artist), json.dumps(value, ensure_ascii=False, indent=1))


def _list(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    entries = answer.get(name)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _artist(entry: Mapping[str, Any]) -> Artist | None:
    id, name, score = entry.get("id"), entry.get("name"), entry.get("score", 100)
    if not isinstance(id, str) or not _ID.fullmatch(id) or not isinstance(name, str) or not one_line(name):
        return None
    if isinstance(score, int | str) and _SCORE.fullmatch(str(score)) and int(score) < _LEAST_SCORE:
        return None
    return Artist(id, one_line(name), _about(entry))


def _about(entry: Mapping[str, Any]) -> str:
    def text(key: str, within: Any = entry) -> str:
        value = within.get(key) if isinstance(within, dict) else None
        return one_line(value) if isinstance(value, str) else ""

    kind = text("type").lower()
    place = text("name", entry.get("begin-area")) or text("name", entry.get("area")) or text("country")
    life = entry.get("life-span")
    begin, end = text("begin", life)[:4], text("end", life)[:4]
    years = f"{begin}–{end}" if begin and end else f"since {begin}" if begin else ""
    where = f"{kind} from {place}" if kind and place else kind or place
    return ", ".join(part for part in (where, years, text("disambiguation")) if part)


def _title(entry: Mapping[str, Any]) -> str:
    """The title of a recording, or "" where it is no song: a film of one, a live version, "[untitled]", a medley."""
    title, remark = entry.get("title"), entry.get("disambiguation")
    if not isinstance(title, str) or entry.get("video") is True:
        return ""
    if isinstance(remark, str) and _NOT_THE_SONG.search(remark):
        return ""
    if " / " in title or (title.startswith("[") and title.endswith("]")):
        return ""
    return title.translate(_PLAIN_MARKS)
