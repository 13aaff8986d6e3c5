"""One section with other edges. Its sound stays where it is in the song, and so do the parts of fades that were cut.

A fade belongs to its edge and moves with it. One that a split has cut stays where it is: of what is then trimmed away
and pulled out again nothing is lost, however short the section was meanwhile.
"""

from __future__ import annotations

from msgspec.structs import replace

from app.document.model import Section


def begun_at(part: Section, start: int) -> Section:
    """The section with its left edge at a frame of the song that lies before its end, and in its clip."""
    by = start - part.start
    cut = max(part.fade_in_cut + by, 0) if part.fade_in_cut else 0
    return replace(part, start=start, offset=part.offset + by, length=part.length - by, fade_in_cut=cut)


def ended_at(part: Section, end: int) -> Section:
    """The section with its right edge at a frame of the song that lies behind its start, and in its clip."""
    cut = max(part.fade_out_cut + part.end - end, 0) if part.fade_out_cut else 0
    return replace(part, length=end - part.start, fade_out_cut=cut)


def before_cut(part: Section, at: int) -> Section:
    """What of the section lies before a frame within it, with what of the fade out has begun by then."""
    left = replace(part, length=at - part.start, fade_out=0, fade_out_cut=0, fade_out_curve="round")
    behind = part.end - at
    if part.fade_out_reach <= behind:
        return left
    fade = {"fade_out": part.fade_out, "fade_out_cut": part.fade_out_cut + behind}
    return replace(left, **fade, fade_out_curve=part.fade_out_curve)


def behind_cut(part: Section, at: int) -> Section:
    """What of the section lies behind a frame within it, with what of the fade in is not over by then."""
    before = at - part.start
    right = replace(
        part,
        start=at,
        offset=part.offset + before,
        length=part.length - before,
        fade_in=0,
        fade_in_cut=0,
        fade_in_curve="round",
    )
    if part.fade_in_reach <= before:
        return right
    fade = {"fade_in": part.fade_in, "fade_in_cut": part.fade_in_cut + before}
    return replace(right, **fade, fade_in_curve=part.fade_in_curve)
