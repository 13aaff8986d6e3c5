"""How loud the songs of a release come out: one gain for the album or one for each song, and the limiter if allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from app.document.model import Release
from app.studio.audio.limiter import CEILING_DB, Mastering, Song, master, mastered
from app.studio.audio.loudness import Block, decibels, integrated
from app.studio.release.files import FORMATS

PROMISED_PEAK_DB = -1.0
"""dBTP; of every file, unless it is left as made or the limiter is not allowed."""
LOSSY_CEILING_DB = -1.4
"""Lower than that of other files: peaks grow in the coding."""


@dataclass(frozen=True, slots=True)
class Levels:
    """What is done to each song.

    Attributes:
        songs: one for each song, in the order of the album; all the same where there is one gain.
        each_song: whether every song has a gain of its own.
        may_limit: whether peaks may be held back.
    """

    songs: tuple[Mastering, ...]
    each_song: bool
    may_limit: bool

    @property
    def limited(self) -> bool:
        """Whether peaks are held back in a lossless file."""
        return any(song.limited for song in self.songs)

    @property
    def gains_db(self) -> tuple[float, ...]:
        """The gain of each song."""
        return tuple(song.gain_db for song in self.songs)

    def apply(self, place: int, blocks: Iterable[Block]) -> Iterator[Block]:
        """A song, the first at 0, as it is in lossless files."""
        return self.songs[place].apply(blocks)

    def apply_for_lossy(self, place: int, blocks: Iterable[Block], ceiling_db: float) -> Iterator[Block]:
        """A song, the first at 0, as it is given to a lossy encoder."""
        return mastered(blocks, self.songs[place].gain_db, ceiling_db if self.may_limit else None)


def find_levels(songs: Sequence[Song], release: Release) -> Levels:
    """Listens to the songs until their loudness is as the release wants it.

    Args:
        songs: each plays a song from its start, again at every call.
    """
    may_limit = release.limiter and release.loudness is not None
    lossy = any(FORMATS[name].lossy for name in release.formats)
    ceiling = CEILING_DB if may_limit or not lossy else LOSSY_CEILING_DB
    find = partial(master, target=release.loudness, ceiling_db=ceiling, may_limit=may_limit)
    if release.each_song:
        return Levels(tuple(find([song]) for song in songs), True, may_limit)
    album = find(songs)
    each = (
        Mastering(album.gain_db, album.limited, album.lufs, album.true_peak_db, (measured,)) for measured in album.songs
    )
    return Levels(tuple(each), False, may_limit)


def notes_on(levels: Levels, target: float | None) -> Iterator[str]:
    """What was done to the peaks, or was not because it may not be, in plain sentences."""
    if levels.limited:
        numbers = [place for place, song in enumerate(levels.songs, start=1) if _reaches_ceiling(song)]
        yield f"The limiter held peaks back at {CEILING_DB:g} dBTP{_in_songs(numbers)}.".replace("-", "−")
    lufs = integrated([measured for song in levels.songs for measured in song.songs])
    if target is not None and not levels.may_limit and lufs < target - 0.1:
        yield (
            f"Without the limiter the album is {lufs:.1f} LUFS instead of {target:g}: its peaks leave no room for more."
        ).replace("-", "−")


def _reaches_ceiling(song: Mastering) -> bool:
    return song.limited and any(decibels(one.true_peak) > CEILING_DB - 0.1 for one in song.songs)


def _in_songs(numbers: Sequence[int]) -> str:
    return f" in {'song' if len(numbers) == 1 else 'songs'} {', '.join(map(str, numbers))}" if numbers else ""
