"""Documents with values that no document can have."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from app.document.edits.made import add_covers
from app.document.edits.markers import add_marker
from app.document.edits.sections import place_clip
from app.document.model import Cover, Project
from tests.app.document.strategies import start

Raw = dict[str, Any]


def full() -> Project:
    """Something of every kind that the tests below change."""
    project = add_covers(start(), [Cover(id="a1", file="artwork/a1.jpg", method="self")])
    song = project.songs[0]
    return add_marker(place_clip(project, song.lanes[0].id, "c0", 100), song.id, 50, "Here")


def _section(raw: Raw) -> Raw:
    return raw["songs"][0]["lanes"][0]["sections"][0]  # type: ignore[no-any-return]


def _deep(raw: Raw) -> None:
    deep: Any = 0
    for _ in range(900):
        deep = [deep]
    raw["songs"][0]["lanes"] = deep


DAMAGE: dict[str, Callable[[Raw], object]] = {
    "a cover that is none": lambda raw: raw["release"].update(cover="a7"),
    "a gain of 7 000 dB": lambda raw: _section(raw).update(gain_db=7000),
    "a gain of a lane": lambda raw: raw["songs"][0]["lanes"][0].update(gain_db=-1e9),
    "a start of 2^62": lambda raw: _section(raw).update(start=2**62),
    "2^31 frames": lambda raw: _section(raw).update(length=2**31),
    "an offset behind the clip": lambda raw: _section(raw).update(offset=10**6),
    "a song of a day": lambda raw: _section(raw).update(start=4 * 3600 * 44_100 - 1),
    "a gap of -5": lambda raw: raw["release"].update(gap_seconds=-5),
    "a gap of 1e5": lambda raw: raw["release"].update(gap_seconds=1e5),
    "a gap of a song": lambda raw: raw["songs"][0].update(gap_seconds=-1),
    "a format twice": lambda raw: raw["release"].update(formats=["flac", "flac"]),
    "+60 LUFS": lambda raw: raw["release"].update(loudness=60),
    "an infinite loudness": lambda raw: raw["release"].update(loudness=float("inf")),
    "no number": lambda raw: raw["clips"][0].update(temperature=float("nan")),
    "deep nesting": _deep,
    "3 000 lanes": lambda raw: raw["songs"][0].update(lanes=[{"id": f"l{n}"} for n in range(3000)]),
    "30 000 songs": lambda raw: raw.update(songs=[{"id": f"s{n}"} for n in range(30_000)]),
    "a marker beyond all time": lambda raw: raw["songs"][0]["markers"][0].update(frame=2**40),
    "a clip twice": lambda raw: raw["clips"].append(raw["clips"][0]),
    "a song twice": lambda raw: raw["songs"].append({"id": raw["songs"][0]["id"]}),
    "a section of no clip": lambda raw: _section(raw).update(clip="c77"),
    "an id of 5 000 digits": lambda raw: raw["songs"].append({"id": "s" + "9" * 5000}),
    "no id": lambda raw: raw["songs"].append({"id": ""}),
    "half a letter": lambda raw: raw["release"].update(title="\ud800"),
    "a seed below 0": lambda raw: raw["clips"][0].update(seed=-1),
    "an epoch of 2^70": lambda raw: raw["clips"][0].update(epoch=2**70),
    "bits that are none": lambda raw: raw["runs"][0].update(held_out_bits=-1e300),
    "a title of a megabyte": lambda raw: raw["songs"][0].update(title="x" * 10**6),
    "a pan of 2": lambda raw: _section(raw).update(pan=2),
    "a fade of 2^60": lambda raw: _section(raw).update(fade_in=2**60),
    "a curve that is none": lambda raw: _section(raw).update(fade_in_curve="sideways"),
    "a size of type": lambda raw: raw["release"]["lettering"]["title"].update(size=1e9),
    "a text for a list": lambda raw: raw.update(titles="none"),
    "true for a number": lambda raw: _section(raw).update(start=True),
}
"""What it is, and how a whole document gets it."""


def damaged(project: Project, how: str) -> bytes:
    """The document with one thing wrong, as a program that knows no better would write it."""
    import msgspec

    raw = json.loads(msgspec.json.encode(project))
    DAMAGE[how](raw)
    return json.dumps(raw).encode()
