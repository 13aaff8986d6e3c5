"""The project as one immutable value.

Every record is frozen. All positions and lengths of sound in a song are whole frames at `SONG_RATE`; levels are in
dB, pans run from -1 (left) to 1 (right). Paths of files inside the project folder are relative to it and use "/";
the paths of the tracks and photographs that stay where the artist keeps them are absolute.

The types say what can be: their bounds are wider than any musician goes, and narrow enough that nothing the program
does with a document stops it. Constructors do not look at them; `app.document.checking` does.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.document.exported import MOST_EXPORTED, Exported
from app.document.lettering import Lettering
from app.document.painting import MOST_PAINTED, PaintedBox
from app.document.release_facts import Isrc, ReleaseFacts

SONG_RATE = 44_100
SCHEMA_VERSION = 3
LONGEST_CLIP_SECONDS = 3600
LONGEST_SONG_SECONDS = 4 * 3600
LONGEST_SONG = LONGEST_SONG_SECONDS * SONG_RATE
SLOWEST_BPM, FASTEST_BPM = 20.0, 400.0
BEATS_PER_BAR = 4
LEAST_GAIN_DB, MOST_GAIN_DB = -60.0, 24.0
LONGEST_GAP = 30.0
QUIETEST_ALBUM, LOUDEST_ALBUM = -60.0, 0.0
"""LUFS."""
MOST_SONGS, MOST_LANES, MOST_SECTIONS, MOST_MARKERS = 1_000, 256, 20_000, 10_000
"""Songs of a project, lanes and markers of a song, sections of a lane."""
MOST_ALTERNATIVES = 64
"""Of a section."""
MOST_CLIPS = MOST_TITLES = 200_000
MOST_FILES = 20_000
"""Tracks, photographs, covers, runs."""

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Name = Annotated[str, Meta(max_length=100_000)]
"""As `app.document.names.clean_name` leaves it; documents of old may have longer ones, which it cuts on opening."""
Word = Annotated[str, Meta(max_length=200)]
"""Of the program's own: a method, a preset, a format."""
Remark = Annotated[str, Meta(max_length=2_000)]
File = Annotated[str, Meta(max_length=32_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Epoch = Count
Seed = Annotated[int, Meta(ge=0, lt=2**62)]
Temperature = Annotated[float, Meta(ge=0.0, le=100.0)]
MOST_BITS = 1e6
Bits = Annotated[float, Meta(ge=0.0, le=MOST_BITS)]
"""Per sample."""
Setting = Annotated[float, Meta(ge=0.0, le=10_000.0)]
Frames = Annotated[int, Meta(ge=0, le=LONGEST_SONG)]
Shift = Annotated[int, Meta(ge=-LONGEST_SONG, le=LONGEST_SONG)]
"""In frames."""
Gain = Annotated[float, Meta(ge=LEAST_GAIN_DB, le=MOST_GAIN_DB)]
Loudness = Annotated[float, Meta(ge=QUIETEST_ALBUM, le=LOUDEST_ALBUM)]
FORMAT_TITLES = {
    "flac": "FLAC", "flac24": "FLAC 24", "wav": "WAV", "wav24": "WAV 24", "mp3": "MP3", "mp3v0": "MP3 V0", "ogg": "Ogg",
    "opus": "Opus",
}  # fmt: skip
"""The file formats of a release with how people write them: the lossless ones first, the usual one before the other."""
SoundFormat = Annotated[str, Meta(pattern=f"^({'|'.join(FORMAT_TITLES)})$")]
Pan = Annotated[float, Meta(ge=-1.0, le=1.0)]
Stars = Annotated[int, Meta(ge=0, le=5)]
Gap = Annotated[float, Meta(ge=0.0, le=LONGEST_GAP)]
FadeCurve = Literal["round", "straight", "slow"]
"""How a fade rises: see `app.document.fades`."""


class Track(Struct, frozen=True, kw_only=True):
    """One song of the album that the artist dropped in."""

    id: Id
    path: File
    title: Name
    artist: Name = ""
    number: Count = 0
    seconds: Annotated[float, Meta(ge=0.0, le=1e8)] = 0.0
    rate: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    channels: Count = 0
    format: Word = ""
    on: bool = True
    notes: Annotated[tuple[Remark, ...], Meta(max_length=100)] = ()
    """Plain remarks shown beside the track, e.g. "mostly silence"."""
    fingerprint: Word = ""
    """Names what is in the file, so that it is known again elsewhere; "" in older documents."""


class Album(Struct, frozen=True, kw_only=True):
    """What the artist dropped in: tracks, cover and the rest of the catalogue."""

    title: Name = ""
    artist: Name = ""
    year: Name = ""
    tracks: Annotated[tuple[Track, ...], Meta(max_length=MOST_FILES)] = ()
    cover: File = ""
    titles: Annotated[tuple[Name, ...], Meta(max_length=MOST_TITLES)] = ()
    """Song titles of the whole catalogue, besides those of the tracks."""
    photographs: Annotated[tuple[File, ...], Meta(max_length=MOST_FILES)] = ()
    painted_out: Annotated[tuple[PaintedBox, ...], Meta(max_length=MOST_PAINTED)] = ()
    """What of the cover is filled from its surroundings before anything is made of it."""


class Learning(Struct, frozen=True, kw_only=True):
    """How the artist wants a model to learn: what Train and “Make it for me…” begin with."""

    preset: Word = "sketch"
    """Its name."""
    custom: Annotated[str, Meta(max_length=20_000)] = ""
    """The numbers of a model of the artist's own, as JSON; they count before the name."""
    by_time: bool = False
    epochs: Annotated[int, Meta(ge=1, le=100_000)] = 20
    minutes: Annotated[float, Meta(ge=0.5, le=100_000)] = 5.0


class Run(Struct, frozen=True, kw_only=True):
    """One training of one model."""

    id: Id
    preset: Word
    epoch: Epoch = 0
    """The newest epoch that has a checkpoint; 0 before the first."""
    held_out_bits: Bits | None = None
    best_epoch: Epoch = 0
    best_bits: Bits | None = None

    @property
    def best_or_newest(self) -> int:
        """The epoch with the lowest loss on held-out music; the newest one where none was scored."""
        return self.best_epoch or self.epoch


class Tempo(Struct, frozen=True, kw_only=True):
    """How fast a clip goes, and where its bars begin."""

    bpm: Annotated[float, Meta(ge=SLOWEST_BPM, le=FASTEST_BPM)]
    """Beats a minute."""
    first_beat: Annotated[float, Meta(ge=0.0, le=LONGEST_CLIP_SECONDS)] = 0.0
    """Seconds from the start of the clip to a beat that begins a bar."""


class Clip(Struct, frozen=True, kw_only=True):
    """One recording generated from one checkpoint; mono; never changed once made."""

    id: Id
    run: Word
    epoch: Epoch
    file: File
    rate: Annotated[int, Meta(ge=1000, le=768_000)]
    samples: Annotated[int, Meta(ge=0)]
    seed: Seed
    temperature: Temperature
    stars: Stars = 0
    rejected: bool = False
    preview: bool = False
    """Made by itself after an epoch, with the seed that all previews share."""
    early: bool = False
    """Of a preview: made amid its epoch, from a checkpoint that was never scored."""
    guide: Name = ""
    """What it plays along to; "" for nothing."""
    manner: Word = ""
    """How, as one would say it: “strokes only”; "" for strokes and fine notes."""
    tempo: Tempo | None = None
    """As corrected by hand; None for what listening finds."""

    def __post_init__(self) -> None:
        if not 1000 <= self.rate <= 768_000 or self.samples > LONGEST_CLIP_SECONDS * self.rate:
            raise ValueError("no clip is like this")

    @property
    def seconds(self) -> float:
        """Its length at its own rate."""
        return self.samples / self.rate

    @property
    def frames(self) -> int:
        """Its length in a song."""
        return self.samples * SONG_RATE // self.rate


class Section(Struct, frozen=True, kw_only=True):
    """A window onto a clip, placed on a lane."""

    id: Id
    clip: Id
    start: Frames
    """Where it begins in the song."""
    offset: Frames
    """Where it begins in the clip."""
    length: Annotated[int, Meta(ge=1, le=LONGEST_SONG)]
    gain_db: Gain = 0.0
    pan: Pan = 0.0
    fade_in: Frames = 0
    fade_out: Frames = 0
    fade_in_curve: FadeCurve = "round"
    fade_out_curve: FadeCurve = "round"
    fade_in_cut: Frames = 0
    """Frames of the fade in that lie before the section: it was cut off amid the fade, and rises on from there."""
    fade_out_cut: Frames = 0
    """Frames of the fade out that lie behind the section."""
    motif: Word = ""
    """Sections that share one are chosen, moved and repeated as one; "" for none."""
    alternatives: Annotated[tuple[Id, ...], Meta(max_length=MOST_ALTERNATIVES)] = ()
    """Ids of clips any of which could be here, in their order; `clip` is one of them. None where there is no choice."""
    why: Remark = ""
    """Why a recipe, or the model, chose it; "" where a person put it here."""
    alternative_offsets: Annotated[tuple[Shift, ...], Meta(max_length=MOST_ALTERNATIVES)] = ()
    """By how many frames later than in the first each of them is begun; none where all are begun alike."""

    @property
    def end(self) -> int:
        """The frame of the song behind its last one."""
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

    id: Id
    sections: Annotated[tuple[Section, ...], Meta(max_length=MOST_SECTIONS)] = ()
    gain_db: Gain = 0.0
    pan: Pan = 0.0
    mute: bool = False
    solo: bool = False


class Marker(Struct, frozen=True, kw_only=True):
    """A named place in a song."""

    id: Id
    frame: Frames
    name: Name = ""


class Song(Struct, frozen=True, kw_only=True):
    """An arrangement: lanes of sections, in stereo."""

    id: Id
    title: Name = ""
    title_locked: bool = False
    """Titles drawn at random leave this one alone."""
    lanes: Annotated[tuple[Lane, ...], Meta(max_length=MOST_LANES)] = ()
    markers: Annotated[tuple[Marker, ...], Meta(max_length=MOST_MARKERS)] = ()
    """In the order of their places."""
    gap_seconds: Gap | None = None
    """Silence after it on the album; None for as much as after any other."""
    isrc: Isrc = ""
    recipe: Word = ""
    """What put it together, see `app.document.recipe_book`; "" for a person."""
    why: Remark = ""
    """How the recipe put it together."""

    @property
    def frames(self) -> int:
        """The frame behind the last section."""
        return max((section.end for lane in self.lanes for section in lane.sections), default=0)


class Cover(Struct, frozen=True, kw_only=True):
    """One candidate picture and the settings that made it."""

    id: Id
    file: File
    method: Word
    seed: Seed = 0
    pieces: Setting = 6.0
    """The style picture is scaled to one over this."""
    strength: Setting = 0.7
    mode: Word = "overlay"
    """The blend that photographs are laid over each other by."""
    weight: Setting = 0.5
    """How strongly each further photograph is laid over."""
    network: bool = False
    """Whether the network of the paper made it."""


class Title(Struct, frozen=True, kw_only=True):
    """One invented title."""

    text: Name
    starred: bool = False


FinishChoice = Literal["album", "air", "made"]
"""What is put on clips where they are heard and exported: the air above 8 kHz and the width that were learnt from the
album, the air alone, or nothing."""


class Release(Struct, frozen=True, kw_only=True):
    """What comes out: the songs of the project in their order, under these names."""

    title: Name = ""
    artist: Name = ""
    cover: Annotated[str, Meta(max_length=64)] = ""
    """Id of the chosen `Cover`, or "" for none yet."""
    lettering: Lettering = Lettering()
    gap_seconds: Gap = 2.0
    formats: Annotated[tuple[SoundFormat, ...], Meta(min_length=1)] = ("flac",)
    """None of them twice."""
    loudness: Loudness | None = -14.0
    """In LUFS; None leaves it as made."""
    each_song: bool = False
    """Whether every song is brought to that loudness by a gain of its own; else one gain brings the album to it."""
    limiter: bool = True
    """Whether peaks may be held back for it; as made they never are."""
    finish: FinishChoice = "album"
    facts: ReleaseFacts = ReleaseFacts()


class Project(Struct, frozen=True, kw_only=True):
    """Everything the artist has chosen and everything that has been made."""

    version: int = SCHEMA_VERSION
    name: Name = ""
    album: Album = Album()
    runs: Annotated[tuple[Run, ...], Meta(max_length=MOST_FILES)] = ()
    """In the order in which they were last trained."""
    learning: Learning | None = None
    """None before the artist has chosen."""
    clips: Annotated[tuple[Clip, ...], Meta(max_length=MOST_CLIPS)] = ()
    songs: Annotated[tuple[Song, ...], Meta(max_length=MOST_SONGS)] = ()
    covers: Annotated[tuple[Cover, ...], Meta(max_length=MOST_FILES)] = ()
    titles: Annotated[tuple[Title, ...], Meta(max_length=MOST_TITLES)] = ()
    release: Release = Release()
    exported: Annotated[tuple[Exported, ...], Meta(max_length=MOST_EXPORTED)] = ()
    """The newest first."""
