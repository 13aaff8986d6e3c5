"""The recipe “random”, after Calculating Calculating Infinity: everything is drawn by lot from what has been made."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from app.document.bars import bar_frames
from app.document.edits.markers import add_marker
from app.document.edits.songs import add_song, set_lane_pan
from app.document.errors import UserError
from app.document.model import SONG_RATE, Clip, Project, Section
from app.document.tree import new_id, with_sections
from app.document.words import plural
from app.studio.analysis.liveliness import Liveliness
from app.studio.finish.applying import TAKES_PAN
from app.studio.recipes.drafts import CROSSFADE, FADE_IN, FADE_OUT, SEAM, draw_cover, draw_titles, told
from app.studio.recipes.material import QUIETEST_DB, evening_db
from app.studio.recipes.planned import PlannedBlock, PlannedSong

SIDES = (-TAKES_PAN, TAKES_PAN)
"""Where the two takes of a song are panned."""
_SECTION_SECONDS = (8.0, 20.0)
_SHORTEST_CLIP = SONG_RATE // 2
_LEAST_SECTION = 2 * SONG_RATE
_TRIES = 8
_BY_LOT = "Clips drawn by lot, nothing curated."
_OTHER_TAKE = "The other take of what the lane above plays."
_IN_A_FORM = "A form drawn by lot, and takes of its parts drawn by lot."
_LEAST_ALIVE = 0.5


def clip_seconds_needed(songs: int, song_seconds: float) -> float:
    """Seconds of clips that a release wants, with some to spare so that the dull ones can stay out."""
    return 1.4 * len(SIDES) * songs * song_seconds


def random_recipe(
    project: Project,
    *,
    songs: int,
    song_seconds: float,
    seed: int,
    heard: Mapping[str, Liveliness] | None = None,
    planned: Sequence[PlannedSong] = (),
) -> Project:
    """The fully automated method of the paper: songs, titles and cover drawn at random from what has been made.

    Adds `songs` songs of exactly `song_seconds`. In each, two mono takes are layered and panned apart; a take is
    made of sections of clips that fade into each other, the least used clips first. Where clips play along to the
    same guide, the second take is the other clip at the same moment, as guitars are doubled. What is silent or
    stuck is passed over where `heard` tells of it, and clips are brought to about one loudness. Songs are named,
    and the cover is chosen, by lot too, starred titles first.

    The first songs are those that were `planned`, if any: there each block is heard on both sides in two of its takes,
    in others when it comes back, and has a marker with its name if it bears one.

    Raises:
        UserError: where there are no clips, or none in which anything goes on.
    """
    draw = random.Random(seed)
    clips = [clip for clip in project.clips if not clip.rejected and not clip.preview]
    clips = [clip for clip in clips if clip.frames >= _SHORTEST_CLIP]
    if not clips:
        raise UserError("There are no clips to make songs of.", "Generate some first, of some seconds each.")
    bag = _Bag([clip for clip in clips if _is_alive(clip, heard)], heard or {}, draw)
    if not bag.clips:
        raise UserError("Nothing goes on in any of the clips.", "Train for longer, or generate more of them.")
    frames = round(song_seconds * SONG_RATE)
    for number in range(songs):
        project = add_song(project, lanes=len(SIDES))
        song = project.songs[-1]
        for lane, pan in zip(song.lanes, SIDES, strict=True):
            project = set_lane_pan(project, lane.id, pan)
        fill = _put_planned(project, planned[number], bag) if number < len(planned) else None
        project = fill or _put_drawn(project, frames, bag)
        project = told(project, song.id, "random", _IN_A_FORM if fill else _BY_LOT)
        project = draw_titles(project, [song.id], draw)
    return draw_cover(project, draw)


def _put_drawn(project: Project, frames: int, bag: _Bag) -> Project:
    """The newest song filled with sections drawn by lot."""
    taken: set[str] = set()
    for lane in project.songs[-1].lanes:
        first = int(new_id(project, "x")[1:])
        before = project.songs[-1].lanes[0].sections
        sections = _other_takes(before, bag, first) or _fill(frames, bag, taken, first, bag.draw)
        project = with_sections(project, lane.id, sections)
        taken |= {section.clip for section in sections}
    return project


def _put_planned(project: Project, planned: PlannedSong, bag: _Bag) -> Project | None:
    """The newest song filled with the blocks of its plan; None where there is nothing alive to be heard in one."""
    takes = [bag.takes(block.takes, len(SIDES)) for block in planned]
    if not all(takes):
        return None
    song = project.songs[-1]
    for side, lane in enumerate(song.lanes):
        first = int(new_id(project, "x")[1:])
        sections = [
            _block_section(f"x{first + place}", block, there, side, is_last=block is planned[-1])
            for place, (block, there) in enumerate(zip(planned, takes, strict=True))
        ]
        project = with_sections(project, lane.id, sections)
    for block in planned:
        if not block.name:
            continue
        project = add_marker(project, song.id, block.start, block.name)
    return project


def _block_section(id: str, block: PlannedBlock, takes: Sequence[Clip], side: int, *, is_last: bool) -> Section:
    """A block in the take of this side."""
    clip = takes[side % len(takes)]
    length = min(block.length if is_last else block.length + SEAM, clip.frames)
    return Section(
        id=id,
        clip=clip.id,
        start=block.start,
        offset=0,
        length=length,
        # none at the beginning: the song begins with a stroke
        fade_out=min(FADE_OUT, length // 2) if is_last else 0,
        alternatives=block.takes if len(block.takes) > 1 else (),
        why=f"One of {plural(len(block.takes), 'take')} of this part, drawn by lot.",
    )


def _is_alive(clip: Clip, heard: Mapping[str, Liveliness] | None) -> bool:
    return heard is None or clip.id not in heard or heard[clip.id].share > 0


@dataclass
class _Bag:
    """The clips to draw from, and how often each has been drawn."""

    clips: list[Clip]
    heard: Mapping[str, Liveliness]
    draw: random.Random
    used: dict[str, int] = field(default_factory=dict)

    def clip(self, besides: set[str]) -> Clip:
        """One of the least used, none of `besides` if there are others."""
        others = [clip for clip in self.clips if clip.id not in besides] or self.clips
        least = min(self.used.get(clip.id, 0) for clip in others)
        clip = self.draw.choice([clip for clip in others if self.used.get(clip.id, 0) == least])
        self.used[clip.id] = least + 1
        return clip

    def takes(self, ids: Sequence[str], count: int) -> list[Clip]:
        """So many of these clips, those least used; fewer where no more are alive."""
        there = [clip for clip in self.clips if clip.id in ids]
        self.draw.shuffle(there)
        there.sort(key=lambda clip: self.used.get(clip.id, 0))
        for clip in there[:count]:
            self.used[clip.id] = self.used.get(clip.id, 0) + 1
        return there[:count]

    def other_take(self, clip: Clip) -> Clip | None:
        """A clip that plays along to the very same guide."""
        takes = (one for one in self.clips if clip.guide and one.guide == clip.guide and one.tempo == clip.tempo)
        return next((one for one in takes if one.id != clip.id and one.frames == clip.frames), None)

    def offset(self, clip: Clip, length: int) -> int:
        """A place in the clip from which on something goes on; the best of a few if no place is good."""
        places = [_on_a_bar(clip, self.draw.randint(0, clip.frames - length)) for _ in range(_TRIES)]
        known = self.heard.get(clip.id)
        if known is None:
            return places[0]
        good = (place for place in places if known.share_of(place, length) >= _LEAST_ALIVE)
        return next(good, max(places, key=lambda place: known.share_of(place, length)))

    def gain_db(self, clip: Clip) -> float:
        """What brings the clip to the loudness of the middle one."""
        levels = sorted(
            level
            for one in self.clips
            if one.id in self.heard
            if (level := self.heard[one.id].loudness_db) > QUIETEST_DB
        )
        if clip.id not in self.heard or not levels:
            return 0.0
        return evening_db(self.heard[clip.id].loudness_db, levels[len(levels) // 2])


def _fill(frames: int, bag: _Bag, besides: set[str], number: int, draw: random.Random) -> list[Section]:
    """Sections that cover a lane from its start to `frames` and overlap a little; their ids count from `number`."""
    sections: list[Section] = []
    at, before, last = 0, 0, ""
    while at < frames:
        clip = bag.clip(besides | {last})
        overlap = min(CROSSFADE, before // 3, clip.frames // 3)
        wanted = round(draw.uniform(*_SECTION_SECONDS) * SONG_RATE)
        start, length = _fitted(at - overlap, min(wanted, clip.frames), clip.frames, frames)
        at, before, last = start + length, length, clip.id
        sections.append(
            Section(
                id=f"x{number + len(sections)}",
                clip=clip.id,
                start=start,
                offset=bag.offset(clip, length),
                length=length,
                gain_db=bag.gain_db(clip),
                fade_in=0 if start else min(FADE_IN, length // 4),
                fade_out=min(FADE_OUT, length // 2) if at == frames else 0,
                why="Drawn by lot, of the clips that were heard least.",
            )
        )
    return sections


def _on_a_bar(clip: Clip, place: int) -> int:
    """The last beginning of a bar up to there, where the clip tells of bars."""
    if clip.tempo is None:
        return place
    bar = bar_frames(clip.tempo)
    first = clip.tempo.first_beat * SONG_RATE
    return max(round(first + (place - first) // bar * bar), 0)


def _other_takes(sections: Sequence[Section], bag: _Bag, number: int) -> list[Section]:
    """The same sections of the other takes; none at all where one of the clips has no other."""
    by_id = {clip.id: clip for clip in bag.clips}
    taken: list[Section] = []
    for section in sections:
        other = bag.other_take(by_id[section.clip])
        if other is None:
            return []
        bag.used[other.id] = bag.used.get(other.id, 0) + 1
        change = {"id": f"x{number + len(taken)}", "clip": other.id, "gain_db": bag.gain_db(other), "why": _OTHER_TAKE}
        taken.append(replace(section, **change))
    return taken


def _fitted(start: int, length: int, longest: int, frames: int) -> tuple[int, int]:
    """Start and length so that the section ends at `frames` or leaves room there for another one."""
    start = max(start, 0)
    rest = frames - start
    if rest <= longest and rest - length < _LEAST_SECTION:
        return start, rest
    if rest - length < _LEAST_SECTION and length > 2 * _LEAST_SECTION:
        length = max(rest - _LEAST_SECTION, _LEAST_SECTION)
    return start, min(length, rest)
