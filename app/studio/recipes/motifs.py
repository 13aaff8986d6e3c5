"""The recipe “motifs”, after Bot Prownies: some clips as they were found, other songs of motifs that come back."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from app.document.bars import bar_frames
from app.document.edits.songs import title_song
from app.document.model import SONG_RATE, Project, Section
from app.document.words import plural
from app.studio.recipes.choosing import Chooser, Stretch, accent_near
from app.studio.recipes.drafts import Draft, faded_in, faded_out, free_titles, put_drafts, section_of_clip
from app.studio.recipes.joining import BEFORE_ACCENT, MARGIN, OVER, reach_in, until_bar
from app.studio.recipes.material import Batch, HeardClip, Learnt, Material, Wishes

_FORMS = ("AABAABCA", "AABACABA", "ABABCABB", "AABBAACA")
"""Which motif follows which; however much of it is heard, two fifths come back."""
_LEAST_BLOCKS = 4
_BLOCK_SECONDS = 7.0
_EVERY_FOUND = 3
"""One song in so many stays as it was found."""
_TAKES = 4
_CANDIDATES = 2
_HARD = frozenset("bcdgkpqtxz")
_TITLES_EACH = 5
"""Titles that are drawn for each song, to find those that fit among."""


def songs_as_found(wishes: Wishes) -> frozenset[int]:
    """The places of the songs that are clips as they were found; of a single song, none."""
    count = max(wishes.songs // _EVERY_FOUND, 1) if wishes.songs > 1 else 0
    return frozenset(random.Random(wishes.seed).sample(range(wishes.songs), count))


def motifs_clips(wishes: Wishes, learnt: Learnt) -> Iterator[Batch]:
    """For each song that is to stay as found some clips of its length, for each other one some to take motifs from."""
    found = len(songs_as_found(wishes))
    if found:
        yield Batch(learnt.best, _CANDIDATES * found, wishes.song_seconds, wishes.seed, takes=_CANDIDATES)
    seconds = 2 * (wishes.song_seconds / _blocks(wishes) + MARGIN / SONG_RATE)
    seed = wishes.seed + _CANDIDATES * found
    yield Batch(learnt.best, _TAKES * (wishes.songs - found), seconds, seed, takes=_TAKES)


def motifs_recipe(project: Project, wishes: Wishes, material: Material) -> Project:
    """Adds the songs, and gives them titles: the songs that strike most often get those with the hardest letters."""
    found, chooser = songs_as_found(wishes), Chooser(wishes.seed)
    halfway = _CANDIDATES * len(found)
    whole, rest = iter(material.clips[:halfway]), iter(material.clips[halfway:])
    drafts, strokes = [], []
    for song in range(wishes.songs):
        if song in found:
            mine = list(itertools.islice(whole, _CANDIDATES))
            draft = _as_found(mine, wishes, material, chooser)
        else:
            mine = list(itertools.islice(rest, _TAKES))
            draft = _built(mine, wishes, material, chooser)
        drafts.append(draft)
        strokes.append(_strokes(draft, {heard.clip.id: heard for heard in mine}))
    before = len(project.songs)
    project = put_drafts(project, "motifs", drafts)
    return _with_fitting_titles(project, [song.id for song in project.songs[before:]], strokes, chooser.draw)


def _as_found(clips: Sequence[HeardClip], wishes: Wishes, material: Material, chooser: Chooser) -> Draft:
    chosen = chooser.stretch(clips, min(wishes.frames, min(heard.clip.frames for heard in clips)))
    clip = chosen.heard.clip
    why = f"As it was found: the better of {plural(len(clips), 'clip')}, whole and unedited."
    part = section_of_clip(clip, 0, 0, clip.frames, why)
    return Draft(((replace(part, gain_db=material.gain_db(chosen.heard)),),), why="One clip as it was found, unedited.")


@dataclass(frozen=True, slots=True)
class _Motif:
    """What comes back: frames of a clip that begin just before a stroke, and how many pass until what follows."""

    heard: HeardClip
    offset: int
    period: int


def _blocks(wishes: Wishes) -> int:
    return max(round(wishes.song_seconds / _BLOCK_SECONDS), _LEAST_BLOCKS)


def _built(clips: Sequence[HeardClip], wishes: Wishes, material: Material, chooser: Chooser) -> Draft:
    count = _blocks(wishes)
    drawn = chooser.draw.choice(_FORMS)
    form = [drawn[place % len(drawn)] for place in range(count)]
    block = wishes.frames // count
    motifs: dict[str, _Motif] = {}
    others = list(clips)
    for letter in dict.fromkeys(form):
        stretch = chooser.stretch(others, block + MARGIN)
        motifs[letter] = _motif(stretch, block)
        others = [heard for heard in others if heard is not stretch.heard] or list(clips)
    lane, at = [], 0
    seen: dict[str, int] = {}
    for letter in form:
        motif = motifs[letter]
        seen[letter] = seen.get(letter, 0) + 1
        why = f"Motif {letter}" + (f", for the {_ordinal(seen[letter])} time." if seen[letter] > 1 else ", new.")
        part = section_of_clip(motif.heard.clip, at, motif.offset, motif.period + OVER, why)
        lane.append(replace(part, gain_db=material.gain_db(motif.heard)))
        at += motif.period
    markers = tuple((part.start, letter) for part, letter in zip(lane, form, strict=True))
    lane[0], lane[-1] = faded_in(lane[0]), faded_out(lane[-1])
    back = 100 * repeated_share(lane)
    return Draft((tuple(lane),), why=f"{' '.join(form)}: {back:.0f} of 100 of it comes back.", markers=markers)


def _motif(stretch: Stretch, block: int) -> _Motif:
    """From a stroke to a stroke about a block later; whole bars where the clip tells of bars."""
    heard, frames = stretch.heard, stretch.heard.clip.frames
    before = BEFORE_ACCENT + OVER
    begin = accent_near(heard, stretch.offset, stretch.offset + before, stretch.offset + until_bar(heard))
    if begin is None:
        begin = min(stretch.offset + before, max(frames - block, before))
    tempo = heard.clip.tempo
    if tempo is not None:
        bar = bar_frames(tempo)
        bars = max(round(block / bar), 1)
        while bars > 1 and begin + round(bars * bar) > frames:
            bars -= 1
        period = round(bars * bar)
    else:
        reach = min(reach_in(heard), block // 2)
        end = accent_near(heard, begin + block, begin + block - reach, begin + block + reach)
        period = block if end is None else end - begin
    return _Motif(heard, begin - before, max(min(period, frames - begin), 1))


def repeated_share(lane: Sequence[Section]) -> float:
    """Which share of a lane, 0 to 1, was heard in it before: the same frames of the same clip."""
    seen: set[tuple[str, int, int]] = set()
    again = total = 0
    for part in lane:
        what = (part.clip, part.offset, part.length)
        total += part.length
        again += part.length if what in seen else 0
        seen.add(what)
    return again / total if total else 0.0


def _ordinal(number: int) -> str:
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
    return names[number - 1] if number <= len(names) else f"{number}th"


def _strokes(draft: Draft, clips: Mapping[str, HeardClip]) -> float:
    """Accents a second in the first lane of a draft; 0 where nothing is known of them."""
    count = frames = 0
    for part in draft.lanes[0]:
        accents = clips[part.clip].accents
        frames += part.length
        if accents is not None:
            inside = (accents.frames >= part.offset) & (accents.frames < part.offset + part.length)
            count += int(inside.sum())
    return count * SONG_RATE / max(frames, 1)


def hardness(title: str) -> float:
    """Which share of the letters of a title are hard ones, 0 to 1."""
    letters = [letter for letter in title.casefold() if letter.isalpha()]
    return sum(letter in _HARD for letter in letters) / len(letters) if letters else 0.0


def _with_fitting_titles(
    project: Project, songs: Sequence[str], strokes: Sequence[float], draw: random.Random
) -> Project:
    free = list(dict.fromkeys(free_titles(project)))
    drawn = draw.sample(free, min(_TITLES_EACH * len(songs), len(free)))
    hard = sorted(drawn, key=hardness, reverse=True)
    step = max(len(hard) // len(songs), 1)
    by_strokes = sorted(range(len(songs)), key=lambda place: -strokes[place])
    for place, title in zip(by_strokes, hard[::step], strict=False):
        project = title_song(project, songs[place], title)
    return project
