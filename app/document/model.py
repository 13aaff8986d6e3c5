"""The project as one immutable value.

Every record is frozen. All positions and lengths of sound in a song are whole frames at `SONG_RATE`; levels are in
dB, pans run from -1 (left) to 1 (right). Paths of files inside the project folder are relative to it and use "/";
the paths of the tracks and photographs that stay where the artist keeps them are absolute.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.document.exported import MOST_EXPORTED, Exported
from app.document.lettering import Lettering

SONG_RATE = 44_100
SCHEMA_VERSION = 2
LONGEST_CLIP_SECONDS = 3600
SLOWEST_BPM, FASTEST_BPM = 20.0, 400.0
BEATS_PER_BAR = 4

Frames = Annotated[int, Meta(ge=0)]
SoundFormat = Annotated[str, Meta(pattern="^(flac|wav|mp3|ogg|opus)$")]
Pan = Annotated[float, Meta(ge=-1.0, le=1.0)]
Stars = Annotated[int, Meta(ge=0, le=5)]
Gap = Annotated[float, Meta(ge=0.0, le=30.0)]
FadeCurve = Literal["round", "straight", "slow"]
"""How a fade rises: see `app.document.fades`."""


class Track(Struct, frozen=True, kw_only=True):
    """One song of the album that the artist dropped in."""

    id: str
    path: str
    title: str
    artist: str = ""
    number: int = 0
    seconds: float = 0.0
    rate: int = 0
    channels: int = 0
    format: str = ""
    on: bool = True
    notes: tuple[str, ...] = ()
    """Plain remarks shown beside the track, e.g. "mostly silence"."""


class Album(Struct, frozen=True, kw_only=True):
    """What the artist dropped in: tracks, cover and the rest of the catalogue."""

    title: str = ""
    artist: str = ""
    year: str = ""
    tracks: tuple[Track, ...] = ()
    cover: str = ""
    titles: tuple[str, ...] = ()
    """Song titles of the whole catalogue, besides those of the tracks."""
    photographs: tuple[str, ...] = ()


class Run(Struct, frozen=True, kw_only=True):
    """One training of one model."""

    id: str
    preset: str
    epoch: int = 0
    """The newest epoch that has a checkpoint; 0 before the first."""
    held_out_bits: float | None = None
    best_epoch: int = 0
    best_bits: float | None = None


class Tempo(Struct, frozen=True, kw_only=True):
    """How fast a clip goes, and where its bars begin."""

    bpm: Annotated[float, Meta(ge=SLOWEST_BPM, le=FASTEST_BPM)]
    """Beats a minute."""
    first_beat: Annotated[float, Meta(ge=0.0)] = 0.0
    """Seconds from the start of the clip to a beat that begins a bar."""


class Clip(Struct, frozen=True, kw_only=True):
    """One recording generated from one checkpoint; mono; never changed once made."""

    id: str
    run: str
    epoch: int
    file: str
    rate: int
    samples: Frames
    seed: int
    temperature: float
    stars: Stars = 0
    rejected: bool = False
    preview: bool = False
    """Made by itself after an epoch, with the seed that all previews share."""
    tempo: Tempo | None = None
    """As corrected by hand; None for what listening finds."""

    def __post_init__(self) -> None:
        if not 1000 <= self.rate <= 768_000 or self.samples > LONGEST_CLIP_SECONDS * self.rate:
            raise ValueError("no clip is like this")

    @property
    def seconds(self) -> float:
        return self.samples / self.rate

    @property
    def frames(self) -> int:
        """Its length in a song."""
        return self.samples * SONG_RATE // self.rate


class Section(Struct, frozen=True, kw_only=True):
    """A window onto a clip, placed on a lane."""

    id: str
    clip: str
    start: Frames
    """Where it begins in the song."""
    offset: Frames
    """Where it begins in the clip."""
    length: Annotated[int, Meta(ge=1)]
    gain_db: float = 0.0
    pan: Pan = 0.0
    fade_in: Frames = 0
    fade_out: Frames = 0
    fade_in_curve: FadeCurve = "round"
    fade_out_curve: FadeCurve = "round"
    fade_in_cut: Frames = 0
    """Frames of the fade in that lie before the section: it was cut off amid the fade, and rises on from there."""
    fade_out_cut: Frames = 0
    """Frames of the fade out that lie behind the section."""
    motif: str = ""
    """Sections that share one are chosen, moved and repeated as one; "" for none."""

    @property
    def end(self) -> int:
        return self.start + self.length

    @property
    def fade_in_reach(self) -> int:
        """How far into the section it fades in."""
        return max(self.fade_in - self.fade_in_cut, 0)

    @property
    def fade_out_reach(self) -> int:
        """How long before its end the section begins to fade out."""
        return max(self.fade_out - self.fade_out_cut, 0)


class Lane(Struct, frozen=True, kw_only=True):
    """A row of sections in a song, kept in the order of their starts."""

    id: str
    sections: tuple[Section, ...] = ()
    gain_db: float = 0.0
    pan: Pan = 0.0
    mute: bool = False
    solo: bool = False


class Marker(Struct, frozen=True, kw_only=True):
    """A named place in a song."""

    id: str
    frame: Frames
    name: str = ""


class Song(Struct, frozen=True, kw_only=True):
    """An arrangement: lanes of sections, in stereo."""

    id: str
    title: str = ""
    title_locked: bool = False
    """Titles drawn at random leave this one alone."""
    lanes: tuple[Lane, ...] = ()
    markers: tuple[Marker, ...] = ()
    """In the order of their places."""
    gap_seconds: Gap | None = None
    """Silence after it on the album; None for as much as after any other."""

    @property
    def frames(self) -> int:
        return max((section.end for lane in self.lanes for section in lane.sections), default=0)


class Cover(Struct, frozen=True, kw_only=True):
    """One candidate picture and the settings that made it."""

    id: str
    file: str
    method: str
    seed: int = 0
    pieces: float = 6.0
    """The style picture is scaled to one over this."""
    strength: float = 0.7
    mode: str = "overlay"
    """The blend that photographs are laid over each other by."""
    weight: float = 0.5
    """How strongly each further photograph is laid over."""
    network: bool = False
    """Whether the network of the paper made it."""


class Title(Struct, frozen=True, kw_only=True):
    """One invented title."""

    text: str
    starred: bool = False


class Release(Struct, frozen=True, kw_only=True):
    """What comes out: the songs of the project in their order, under these names."""

    title: str = ""
    artist: str = ""
    cover: str = ""
    """Id of the chosen `Cover`, or "" for none yet."""
    lettering: Lettering = Lettering()
    gap_seconds: float = 2.0
    formats: Annotated[tuple[SoundFormat, ...], Meta(min_length=1)] = ("flac",)
    loudness: float | None = -14.0
    """Album loudness in LUFS; None leaves it as made."""


class Project(Struct, frozen=True, kw_only=True):
    """Everything the artist has chosen and everything that has been made."""

    version: int = SCHEMA_VERSION
    name: str = ""
    album: Album = Album()
    runs: tuple[Run, ...] = ()
    """In the order in which they were last trained."""
    clips: tuple[Clip, ...] = ()
    songs: tuple[Song, ...] = ()
    covers: tuple[Cover, ...] = ()
    titles: tuple[Title, ...] = ()
    release: Release = Release()
    exported: Annotated[tuple[Exported, ...], Meta(max_length=MOST_EXPORTED)] = ()
    """The newest first."""
