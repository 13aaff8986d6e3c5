"""The page that goes with a release: how it was made and from what. One file that needs no other to be read."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from importlib.resources import files
from string import Template

import numpy as np

from app.document.ages import clip_ages
from app.document.clip_names import lane_name
from app.document.lengths import gap_after
from app.document.model import SONG_RATE, Clip, Lane, Project, Run, Section, Song
from app.document.recipe_book import RECIPE_BOOK
from app.document.words import isolated, plural
from app.studio.audio.loudness import Measured, integrated
from app.studio.finish.chosen import ChosenFinish
from app.studio.release.credits import REFUSALS, credits_as_text, credits_of, credits_words
from app.studio.release.levels import Levels

_AGES = ((84, 110, 255), (150, 96, 235), (214, 82, 170), (255, 106, 61))
"""A clip's colour by the age of its checkpoint, from the first epoch to the last."""


@dataclass(frozen=True)
class PageHead:
    """What stands at the top of the page."""

    title: str
    artist: str
    cover: bytes
    """JPEG."""


@dataclass(frozen=True)
class PageSong:
    """A song of the release."""

    song: Song
    """With the title that it bears there."""
    measured: Measured
    """As its first file measures."""
    sound: str
    """Name of the file to listen to, beside the page."""


def page(
    project: Project,
    head: PageHead,
    songs: Sequence[PageSong],
    levels: Levels,
    formats: Sequence[str],
    finish: ChosenFinish | None = None,
) -> str:
    """The page as HTML.

    Args:
        formats: the formats of the release, in words.
        finish: what was put on the clips.
    """
    clips = {clip.id: clip for clip in project.clips}
    used = [clips[part.clip] for one in songs for part in _sections(one.song) if part.clip in clips]
    runs = {run.id: run for run in project.runs}
    ages = clip_ages(project)
    parts = [_song(number, one, clips, ages) for number, one in enumerate(songs, start=1)]
    measured = [one.measured for one in songs]
    seconds = sum(one.frames for one in measured) / SONG_RATE
    template = Template(files("resources").joinpath("release_page.html").read_text("utf-8"))
    return template.substitute(
        title=_name(head.title),
        artist=_name(head.artist),
        described=escape(isolated(head.title), quote=True),
        named=" – ".join(escape(isolated(name)) for name in (head.title, head.artist) if name),
        year=date.today().year,
        summary=f"{plural(len(songs), 'song')} · {clock(seconds)}",
        cover=base64.b64encode(head.cover).decode("ascii"),
        songs="\n".join(parts),
        last=_last_epoch(project, used),
        ages=", ".join(_css(age) for age in _AGES),
        sources=_sources(project),
        model="\n".join(_run(runs.get(id), id, used) for id in dict.fromkeys(clip.run for clip in used)),
        sound=_sound(project, levels, measured, formats) + _finish(finish),
        made=date.today().isoformat(),
        **_credits(project, [one.song for one in songs]),
    )


def clock(seconds: float) -> str:
    """As 3:07, or 1:02:03."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"
    return f"{whole // 60}:{whole % 60:02}"


def _name(text: str) -> str:
    """A name, which turns nothing around it if it is written from right to left."""
    return f"<bdi>{escape(text)}</bdi>" if text else ""


def _sections(song: Song) -> list[Section]:
    return [part for lane in song.lanes for part in lane.sections]


def _song(number: int, one: PageSong, clips: dict[str, Clip], ages: dict[str, float]) -> str:
    song, measured = one.song, one.measured
    rows = [
        _row(section, lane, place, clips.get(section.clip))
        for place, lane in enumerate(song.lanes)
        for section in lane.sections
    ]
    why = '<th class="why">why</th>' if any(part.why for part in _sections(song)) else ""
    loudness = f"{measured.lufs:.1f} LUFS".replace("-", "−") if np.isfinite(measured.lufs) else "silent"
    return f"""<article>
<header><span class="number">{number}</span><h3>{_name(song.title)}</h3>
<span class="dim">{loudness}</span><span>{clock(measured.frames / SONG_RATE)}</span></header>
{_recipe(song)}<div class="lanes">{"".join(_lane(lane, song, clips, ages) for lane in song.lanes)}</div>
<audio controls preload="none" src="{escape(_url(one.sound), quote=True)}"></audio>
<details><summary>{plural(len(rows), "section")}</summary><table>
<tr><th>at</th><th>length</th><th>lane</th><th>clip</th><th>from</th><th>epoch</th><th>temperature</th><th>seed</th>{why}</tr>
{"".join(rows)}</table></details></article>"""


def _recipe(song: Song) -> str:
    """Which recipe put the song together, after which record, and how; "" where a person did."""
    recipe = RECIPE_BOOK.get(song.recipe)
    if recipe is None:
        return ""
    named = f"Put together by the recipe “{song.recipe}”, after “{recipe.after}”"
    return f'<p class="dim recipe">{escape(f"{named}. {song.why}".strip())}</p>\n'


def _url(name: str) -> str:
    from urllib.parse import quote

    return quote(name)


def _lane(lane: Lane, song: Song, clips: dict[str, Clip], ages: dict[str, float]) -> str:
    if not lane.sections:
        return ""
    blocks = []
    for part in lane.sections:
        clip = clips.get(part.clip)
        left, width = 100 * part.start / song.frames, 100 * part.length / song.frames
        colour = _css(age_colour(ages.get(part.clip, 0.0)))
        says = f"{part.clip}, epoch {clip.epoch}" if clip else f"{part.clip}, missing"
        style = f"left:{left:.3f}%;width:{width:.3f}%;background:{colour}"
        blocks.append(f'<i style="{style}" title="{escape(says, quote=True)}"></i>')
    return f'<div class="lane{" off" if lane.mute else ""}">{"".join(blocks)}</div>'


def _row(section: Section, lane: Lane, place: int, clip: Clip | None) -> str:
    cells = [
        clock(section.start / SONG_RATE),
        f"{section.length / SONG_RATE:.1f} s",
        lane_name(place),
        section.clip,
        f"{section.offset / SONG_RATE:.1f} s",
        *((str(clip.epoch), f"{clip.temperature:g}", str(clip.seed)) if clip else ("missing", "", "")),
    ]
    off = ' class="off"' if lane.mute else ""
    why = f'<td class="why">{escape(section.why)}</td>' if section.why else ""
    return f"<tr{off}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}{why}</tr>\n"


def age_colour(age: float) -> tuple[int, int, int]:
    """Blue for the first epoch of its run (age 0), through violet and magenta, to orange for the last (1)."""
    place = age * (len(_AGES) - 1)
    mixed = [np.interp(place, range(len(_AGES)), channel) for channel in zip(*_AGES, strict=True)]
    red, green, blue = (round(float(value)) for value in mixed)
    return red, green, blue


def _css(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _sources(project: Project) -> str:
    album = project.album
    named = " by ".join(_name(text) for text in (album.title, album.artist) if text)
    year = f" ({_name(album.year)})" if album.year else ""
    heard = [track for track in album.tracks if track.on]
    items = "".join(f"<li>{_name(track.title)} <span class='dim'>{clock(track.seconds)}</span></li>" for track in heard)
    return f"<p>{named or 'Recordings'}{year}, {plural(len(heard), 'track')}, nothing else:</p><ol>{items}</ol>"


def _last_epoch(project: Project, used: Sequence[Clip]) -> str:
    """What the end of the scale of colours stands for."""
    heard = {clip.run for clip in used}
    last = [run.epoch for run in project.runs if run.id in heard]
    return f"epoch {last[0]}" if len(heard) == len(last) == 1 else "the last epoch of its run"


def _run(run: Run | None, id: str, used: Sequence[Clip]) -> str:
    mine = [clip for clip in used if clip.run == id]
    ages = sorted({clip.epoch for clip in mine})
    warmth = sorted({clip.temperature for clip in mine})
    count = len({clip.id for clip in mine})
    heard = f"{count} of its clips are on this album, from epoch {_list(ages)}, drawn at temperature {_list(warmth)}"
    if run is None:
        return f"<p>A SampleRNN whose run “{_name(id)}” is no longer in the project. {heard}.</p>"
    learnt = f"preset “{_name(run.preset)}”, {plural(run.epoch, 'epoch')}"
    if run.held_out_bits is not None:
        learnt += f", {run.held_out_bits:.3f} bits per sample on music that was kept from it"
    return f"<p>A SampleRNN, {learnt}. {heard}.</p>"


def _list(values: Sequence[float]) -> str:
    texts = [f"{value:g}" for value in values]
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " and " + texts[-1] if texts else "none"


def _credits(project: Project, songs: Sequence[Song]) -> dict[str, str]:
    """Who did what, as a table, as text to be copied, and who takes such music."""
    given = credits_of(project, songs)
    rows = (
        f"<tr><th>{escape(one.area)}</th><td>{escape(credits_words(one.who))}</td><td>{escape(one.words)}</td></tr>"
        for one in given
    )
    return {
        "credits": "\n".join(rows),
        "to_copy": escape(credits_as_text(given)),
        "refusals": "\n".join(f"<li>{escape(words)}</li>" for words in REFUSALS),
    }


def _finish(finish: ChosenFinish | None) -> str:
    """What was added to the sound of the model, in a sentence; "" for nothing."""
    if finish is None:
        return ""
    has = {"the sound above 8 kHz": finish.finish.has_air, "the width": finish.finish.has_width and finish.width}
    told = [name for name, there in has.items() if there]
    if not told:
        return ""
    words = f"{' and '.join(told)} {'was' if len(told) == 1 else 'were'}"
    learnt = (
        "told from what lies below, by what the album’s own recordings taught: the model plays in mono, up to 8 kHz"
    )
    return f"<li>{escape(words[0].upper() + words[1:])} {escape(learnt)}</li>"


def _sound(project: Project, levels: Levels, measured: Sequence[Measured], formats: Sequence[str]) -> str:
    loudness, peak = integrated(measured), max(one.true_peak for one in measured)
    held = "; the highest peaks were held back by a limiter" if levels.limited else ""
    least, most = min(levels.gains_db), max(levels.gains_db)
    gain = (
        f"A gain for each song: {least:+.1f} to {most:+.1f} dB"
        if levels.each_song
        else (f"One gain for the whole album: {least:+.1f} dB")
    )
    as_made = "As it was made: no gain, and no limiter"
    facts = [
        as_made if project.release.loudness is None else gain + held,
        f"Loudness of the album {loudness:.1f} LUFS, true peak {20 * np.log10(peak):.1f} dBTP",
        f"Written as {', '.join(formats)}",
    ]
    gaps = sorted({gap_after(project, song) for song in [song for song in project.songs if song.frames][:-1]})
    if any(gaps):
        span = " to ".join(f"{gap:g}" for gap in dict.fromkeys((gaps[0], gaps[-1])))
        facts.append(f"{span} s of silence between songs")
    return "".join(f"<li>{escape(fact).replace('-', '−')}</li>" for fact in facts)
