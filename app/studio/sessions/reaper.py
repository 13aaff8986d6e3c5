"""RPP: a song as a project of Reaper, a text file beside a folder of its wave files.

The format is not published; what its fields mean is collected in "State Chunk Definitions" of
https://github.com/ReaTeam/Doc. Pans are written for a pan law of 0 dB, by which a balance only turns one side down. Of
the curves of fades, Reaper has straight (0), the slow parabola (2), the parabola that is nearest to a quarter of a sine
(1), and an S for crossfades of a sound with itself (5).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from app.document.model import BEATS_PER_BAR, SONG_RATE
from app.studio.sessions.session import EVEN, Fade, Item, Session, Track

SUFFIX = ".rpp"
WAVES = "waves"
"""The folder of the wave files, beside the project."""
SHAPES = {"straight": 0, "round": 1, "slow": 2, EVEN: 5}
"""Reaper's numbers for the curves of fades."""


def project_rpp(session: Session, comment: str) -> str:
    """The project file.

    Args:
        comment: what the file says of how it was made.
    """
    return "\n".join(_project(session, comment)) + "\n"


def _project(session: Session, comment: str) -> Iterator[str]:
    yield '<REAPER_PROJECT 0.1 "6.0" 0'
    yield "  RIPPLE 0"
    yield "  GROUPOVERRIDE 0 0 0"
    yield "  AUTOXFADE 0"
    yield "  PANLAW 1"
    yield "  PANMODE 3"
    yield f"  SAMPLERATE {SONG_RATE} 1 0"
    yield f"  TEMPO {_number(session.bpm)} {BEATS_PER_BAR} 4"
    yield f"  TITLE {_quoted(session.title)}"
    yield f"  AUTHOR {_quoted(session.artist)}"
    yield "  <NOTES 0 2"
    yield f"    |{_line(comment)}"
    yield "  >"
    for number, marker in enumerate(session.markers, start=1):
        yield f"  MARKER {number} {_seconds(marker.frame)} {_quoted(marker.name)} 0"
    for track in session.tracks:
        yield from _track(track)
    yield ">"


def _track(track: Track) -> Iterator[str]:
    yield "  <TRACK"
    yield f"    NAME {_quoted(track.name)}"
    yield f"    VOLPAN {_number(track.gain)} {_number(track.balance)} 1 -1 1"
    yield f"    MUTESOLO {int(track.mute)} {int(track.solo)} 0"
    yield "    NCHAN 2"
    for item in track.items:
        yield from _item(item)
    yield "  >"


def _item(item: Item) -> Iterator[str]:
    yield "    <ITEM"
    yield f"      POSITION {_seconds(item.start)}"
    yield "      SNAPOFFS 0"
    yield f"      LENGTH {_seconds(item.length)}"
    yield "      LOOP 0"
    yield "      ALLTAKES 0"
    yield f"      FADEIN {_fade(item.fade_in)}"
    yield f"      FADEOUT {_fade(item.fade_out)}"
    yield "      MUTE 0 0"
    yield f"      NAME {_quoted(item.name)}"
    yield f"      VOLPAN 1 {_number(item.balance)} {_number(item.gain)} 1"
    yield f"      SOFFS {_seconds(item.offset)}"
    yield "      PLAYRATE 1 1 0 -1 0 0.0025"
    yield "      CHANMODE 0"
    yield "      <SOURCE WAVE"
    yield f"        FILE {_quoted(f'{WAVES}/{item.wave}')}"
    yield "      >"
    yield "    >"


def _fade(fade: Fade) -> str:
    shape = SHAPES[fade.curve]
    return f"{shape} {_seconds(fade.frames)} 0 {shape} 0 0 0"


def _seconds(frames: int) -> str:
    return _number(frames / SONG_RATE)


def _number(value: float) -> str:
    return f"{value:.12f}"


def _quoted(text: str) -> str:
    """A text as one word; Reaper knows three quotation marks, and a text that has them all loses the last."""
    text = _line(text)
    for mark in "\"'`":
        if mark not in text:
            return f"{mark}{text}{mark}"
    return f"`{text.replace('`', ' ')}`"


def _line(text: str) -> str:
    """In one line, without control characters: a NUL would end the file for Reaper."""
    return " ".join("".join(sign if unicodedata.category(sign) not in ("Cc", "Cs") else " " for sign in text).split())
