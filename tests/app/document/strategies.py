"""Documents and scripts of edits for property tests."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from app.document.edits.continuing import choose_alternatives, place_continuation
from app.document.edits.copies import copy_beside, copy_sections, duplicate_sections, move_to_song, paste_sections
from app.document.edits.excerpts import PATH_CROSSFADE, add_song_of, place_excerpts
from app.document.edits.layers import put_apart, put_instead, shifted, takes_of_clips, takes_of_sections
from app.document.edits.made import add_clips, put_run, reject_clip, star_clip
from app.document.edits.markers import add_marker, move_marker, move_nearest_marker, name_marker, remove_marker
from app.document.edits.motifs import make_motif, repeat_sections, take_motif_apart
from app.document.edits.playing_again import place_takes
from app.document.edits.release import confirm_rights, set_each_song, set_facts, set_isrc, set_limiter
from app.document.edits.replacing import passage_of, place_replacement
from app.document.edits.ripple import remove_and_close, remove_time
from app.document.edits.sections import (
    fade_in_until,
    fade_out_from,
    heal_splits,
    join_row,
    move_sections,
    place_clip,
    place_clips,
    place_clips_behind,
    place_clips_on_new_lane,
    remove_sections,
    set_fade_in,
    set_fade_in_curve,
    set_fade_out,
    set_fade_out_curve,
    set_gain,
    set_pan,
    split_section,
    split_sections,
    split_song,
    trim_end,
    trim_ends,
    trim_start,
    trim_starts,
)
from app.document.edits.songs import (
    add_lane,
    add_song,
    duplicate_song,
    move_song,
    mute_lane,
    remove_lane,
    remove_song,
    set_lane_gain,
    set_lane_pan,
    set_song_gap,
    solo_lane,
    title_song,
)
from app.document.edits.tempo import set_tempo
from app.document.errors import UserError
from app.document.excerpt import Excerpt
from app.document.fades import FADE_CURVES
from app.document.model import FASTEST_BPM, SLOWEST_BPM, Clip, Lane, Project, Run, Section, Tempo
from app.document.release_facts import ReleaseFacts
from app.document.song_part import sections_alone, whole_song
from app.document.tree import section_of

Edit = Callable[[Project], Project]

CLIP_LENGTHS = (16_000, 40_000, 7, 1)


def start() -> Project:
    """Four clips, of which two are absurdly short, and one song of two lanes."""
    clips = [
        Clip(
            id=f"c{number}", run="r", epoch=number + 1, file=f"clips/c{number}.flac", rate=16_000, samples=samples,
            seed=0, temperature=1.0,
        )
        for number, samples in enumerate(CLIP_LENGTHS)
    ]  # fmt: skip
    project = put_run(Project(name="test"), Run(id="r", preset="sketch", epoch=4))
    return add_song(add_clips(project, clips))


def sections_of(project: Project) -> list[Section]:
    return [part for lane in lanes_of(project) for part in lane.sections]


def lanes_of(project: Project) -> list[Lane]:
    return [lane for song in project.songs for lane in song.lanes]


FRAMES = st.integers(-50_000, 200_000)
NUMBER = st.integers(0, 1_000_000)
LEVEL = st.floats(-100, 100, allow_nan=False)


@st.composite
def commands(draw: st.DrawFn) -> tuple[str, int, int, int, float]:
    """The name of an edit and what it shall be made with: places are taken modulo what there is."""
    return draw(st.sampled_from(sorted(EDITS))), draw(NUMBER), draw(FRAMES), draw(st.integers(-3, 3)), draw(LEVEL)


def apply(project: Project, command: tuple[str, int, int, int, float]) -> Project:
    name, number, frame, step, level = command
    return EDITS[name](project, number, frame, step, level)


def _on_section(edit: Callable[..., Project]) -> Callable[..., Project]:
    def apply_it(project: Project, number: int, *how: object) -> Project:
        parts = sections_of(project)
        return edit(project, parts[number % len(parts)].id, *how) if parts else project

    return apply_it


def _on_some(edit: Callable[..., Project]) -> Callable[..., Project]:
    def apply_it(project: Project, number: int, *how: object) -> Project:
        parts = sections_of(project)
        chosen = [part.id for place, part in enumerate(parts) if (number >> (place % 20)) & 1]
        return edit(project, chosen, *how)

    return apply_it


def _on_lane(edit: Callable[..., Project]) -> Callable[..., Project]:
    def apply_it(project: Project, number: int, *how: object) -> Project:
        lanes = lanes_of(project)
        return edit(project, lanes[number % len(lanes)].id, *how) if lanes else project

    return apply_it


def _on_song(edit: Callable[..., Project]) -> Callable[..., Project]:
    def apply_it(project: Project, number: int, *how: object) -> Project:
        songs = project.songs
        return edit(project, songs[number % len(songs)].id, *how) if songs else project

    return apply_it


def _on_marker(edit: Callable[..., Project]) -> Callable[..., Project]:
    def apply_it(project: Project, number: int, *how: object) -> Project:
        markers = [marker for song in project.songs for marker in song.markers]
        return edit(project, markers[number % len(markers)].id, *how) if markers else project

    return apply_it


def _curve(step: int) -> str:
    return FADE_CURVES[step % len(FADE_CURVES)]


def _to_song(project: Project, ids: list[str], frame: int, step: int) -> Project:
    return move_to_song(project, ids, project.songs[step % len(project.songs)].id, frame) if project.songs else project


def _layer(project: Project, ids: list[str]) -> Project:
    """The chosen sections of the first song that has any."""
    for song in project.songs:
        takes = takes_of_sections(song, ids)
        if takes:
            return put_apart(project, song.id, takes)
    return project


def _tempo(bpm: float, first_beat: float) -> Tempo:
    return Tempo(bpm=min(max(bpm, SLOWEST_BPM), FASTEST_BPM), first_beat=max(first_beat, 0.0))


def _clip(step: int) -> str:
    return f"c{step % len(CLIP_LENGTHS)}"


def _played_again(project: Project, ids: list[str], step: int) -> Project:
    """Sections of the song of the first, or that whole song, go over to two takes."""
    if not ids:
        return project
    song = section_of(project, ids[0])[0]
    own = [id for id in ids if section_of(project, id)[0] == song]
    part = whole_song(project, song.id) if step == 3 else sections_alone(project, own)
    return place_takes(project, part, [_clip(step), "c0"])[0]


def _replaced(project: Project, id: str, frame: int, step: int) -> Project:
    """A part of a section, or all of it, makes way, where it lies between others; to a clip that may be too short."""
    marked = (frame, frame + abs(step) * 9_000) if step else None
    try:
        passage = passage_of(project, id, marked)
    except UserError:
        return project
    return place_replacement(project, passage, [_clip(step), "c0", "c2"], step * 400, "as a test")[0]


def _excerpts(frame: int, step: int) -> list[Excerpt]:
    return [Excerpt(_clip(step + place), abs(frame) // (place + 2), abs(frame) + 1) for place in range(2)]


def _paste(project: Project, ids: list[str], frame: int) -> Project:
    copied = copy_sections(project, ids)
    return paste_sections(project, project.songs[-1].id, copied, frame)[0] if project.songs else project


EDITS: dict[str, Callable[[Project, int, int, int, float], Project]] = {
    "place": _on_lane(lambda p, lane, f, s, v: place_clip(p, lane, _clip(s), f, offset=f // 2, length=abs(f))),
    "place whole": _on_lane(lambda p, lane, f, s, v: place_clip(p, lane, _clip(s), f)),
    "place two": _on_lane(lambda p, lane, f, s, v: place_clips(p, lane, [_clip(s), _clip(s + 1)], f)),
    "place excerpts": _on_lane(
        lambda p, lane, f, s, v: place_excerpts(p, lane, _excerpts(f, s), f, crossfade=(s % 2) * PATH_CROSSFADE)
    ),
    "song of excerpts": lambda p, number, f, s, v: add_song_of(p, _excerpts(f, s)) if len(p.songs) < 4 else p,
    "place below": _on_song(lambda p, song, f, s, v: place_clips_on_new_lane(p, song, [_clip(s)], f)),
    "copy": _on_some(lambda p, ids, f, s, v: copy_beside(p, ids[:4], f - 50_000, lanes=s)),
    "move": _on_some(lambda p, ids, f, s, v: move_sections(p, ids, f - 50_000, lanes=s)),
    "trim start": _on_section(lambda p, id, f, s, v: trim_start(p, id, f)),
    "trim end": _on_section(lambda p, id, f, s, v: trim_end(p, id, f)),
    "split": _on_section(lambda p, id, f, s, v: split_section(p, id, f)),
    "split some": _on_some(lambda p, ids, f, s, v: split_sections(p, ids, f)),
    "split all": _on_song(lambda p, song, f, s, v: split_song(p, song, f)),
    "join": _on_some(lambda p, ids, f, s, v: join_row(p, ids)),
    "delete": _on_some(lambda p, ids, f, s, v: remove_sections(p, ids)),
    "ripple": _on_some(lambda p, ids, f, s, v: remove_and_close(p, ids)),
    "delete time": _on_song(lambda p, song, f, s, v: remove_time(p, song, f, f + abs(s) * 9000)),
    "heal": _on_some(lambda p, ids, f, s, v: heal_splits(p, ids)),
    "trim starts": _on_some(lambda p, ids, f, s, v: trim_starts(p, ids, f)),
    "trim ends": _on_some(lambda p, ids, f, s, v: trim_ends(p, ids, f)),
    "duplicate": _on_some(lambda p, ids, f, s, v: duplicate_sections(p, ids[:4])[0]),
    "repeat": _on_some(lambda p, ids, f, s, v: repeat_sections(p, ids[:4], s)[0]),
    "motif": _on_some(lambda p, ids, f, s, v: make_motif(p, ids)),
    "no motif": _on_some(lambda p, ids, f, s, v: take_motif_apart(p, ids)),
    "to song": _on_some(lambda p, ids, f, s, v: _to_song(p, ids[:4], f, s)),
    "marker": _on_song(lambda p, song, f, s, v: add_marker(p, song, f, "verse")),
    "move marker": _on_marker(lambda p, id, f, s, v: move_marker(p, id, f)),
    "name marker": _on_marker(lambda p, id, f, s, v: name_marker(p, id, f"part {s}")),
    "delete marker": _on_marker(lambda p, id, f, s, v: remove_marker(p, id)),
    "fade until": _on_some(lambda p, ids, f, s, v: fade_in_until(p, ids, f)),
    "fade from": _on_some(lambda p, ids, f, s, v: fade_out_from(p, ids, f)),
    "nearest marker": _on_song(lambda p, song, f, s, v: move_nearest_marker(p, song, f)),
    "clips behind": _on_song(lambda p, song, f, s, v: place_clips_behind(p, song, [_clip(s), _clip(s + 1)])),
    "curve in": _on_some(lambda p, ids, f, s, v: set_fade_in_curve(p, ids, _curve(s))),
    "curve out": _on_some(lambda p, ids, f, s, v: set_fade_out_curve(p, ids, _curve(s))),
    "gap": _on_song(lambda p, song, f, s, v: set_song_gap(p, song, v if s else None)),
    "paste": _on_some(lambda p, ids, f, s, v: _paste(p, ids[:4], f)),
    "gain": _on_some(lambda p, ids, f, s, v: set_gain(p, ids, v)),
    "pan": _on_some(lambda p, ids, f, s, v: set_pan(p, ids, v)),
    "fade in": _on_some(lambda p, ids, f, s, v: set_fade_in(p, ids, f)),
    "fade out": _on_some(lambda p, ids, f, s, v: set_fade_out(p, ids, f)),
    "layer": _on_some(lambda p, ids, f, s, v: _layer(p, ids)),
    "layer clips": _on_song(lambda p, song, f, s, v: put_apart(p, song, takes_of_clips(p, [_clip(s), "c0"], f))),
    "shift": _on_section(lambda p, id, f, s, v: put_instead(p, shifted((section_of(p, id)[2],), f - 50_000, s * 900))),
    "continue": _on_section(
        lambda p, id, f, s, v: place_continuation(p, id, [_clip(s), "c0", "c2"], abs(f) % 20_000)[0]
    ),
    "replace": _on_section(lambda p, id, f, s, v: _replaced(p, id, f, s)),
    "play again": _on_some(lambda p, ids, f, s, v: _played_again(p, ids[:4], s)),
    "other way": _on_some(lambda p, ids, f, s, v: choose_alternatives(p, ids, s)),
    "tempo": lambda p, n, f, s, v: set_tempo(p, _clip(s), _tempo(v, f / 1000) if n % 3 else None),
    "add song": lambda p, n, f, s, v: add_song(p, lanes=abs(s)),
    "delete song": _on_song(lambda p, song, f, s, v: remove_song(p, song)),
    "move song": _on_song(lambda p, song, f, s, v: move_song(p, song, s)),
    "duplicate song": _on_song(lambda p, song, f, s, v: duplicate_song(p, song) if len(p.songs) < 4 else p),
    "title": _on_song(lambda p, song, f, s, v: title_song(p, song, f"title {s}")),
    "add lane": _on_song(lambda p, song, f, s, v: add_lane(p, song)),
    "delete lane": _on_lane(lambda p, lane, f, s, v: remove_lane(p, lane)),
    "lane gain": _on_lane(lambda p, lane, f, s, v: set_lane_gain(p, lane, v)),
    "lane pan": _on_lane(lambda p, lane, f, s, v: set_lane_pan(p, lane, v)),
    "mute": _on_lane(lambda p, lane, f, s, v: mute_lane(p, lane, s > 0)),
    "solo": _on_lane(lambda p, lane, f, s, v: solo_lane(p, lane, s > 0)),
    "isrc": _on_song(lambda p, song, f, s, v: set_isrc(p, song, f"QM-ABC-26-{abs(f) % 100_000:05}" if s else "")),
    "facts": lambda p, n, f, s, v: set_facts(p, ReleaseFacts(genre=f"genre {s}", date=str(1900 + n % 200))),
    "rights": lambda p, n, f, s, v: confirm_rights(p, s > 0),
    "level": lambda p, n, f, s, v: set_limiter(set_each_song(p, s > 0), n % 2 == 0),
    "star": lambda p, n, f, s, v: star_clip(p, _clip(n), s),
    "reject": lambda p, n, f, s, v: reject_clip(p, _clip(n), s > 0),
}

SCRIPTS = st.lists(commands(), max_size=30)
