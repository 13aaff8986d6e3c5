"""The JSON file beside a clip, which tells how the clip was made. All keys of it are written and read here."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resources.files import read_json, write_whole

if TYPE_CHECKING:
    from samplernn.generation.stream import Degeneration

GUIDE_SUFFIX = ".guide"
"""Of the file beside a clip that has what it plays along to: see `samplernn.guides.guide_file`."""
_REQUIRED: dict[str, type] = {
    "run": str, "epoch": int, "rate": int, "seconds": float, "seed": int, "temperature": float,
}  # fmt: skip
_OF_GUIDES: dict[str, type] = {"guide": str, "follow": float, "manner": str, "bpm": float, "first_bar": float}
_DRAWN: dict[str, type] = {"checkpoint": str, "top_k": int, "top_p": float, "live": float, "prime": str}
_POINTS = ([float, float], [int, float], [float, int], [int, int])
"""Types of a point of an envelope, as JSON has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipSidecar:
    """How a clip was made. What has its default is left out of the file, where it may be."""

    run: str
    epoch: int
    rate: int
    """In Hz."""
    seconds: float
    seed: int
    temperature: float
    """The first of an envelope."""
    preview: bool = False
    """Whether it was made by itself while the model was learning."""
    early: bool = False
    """Of a preview: whether its epoch had not ended yet."""
    id: str = ""
    checkpoint: str = ""
    """Name of the checkpoint's file, without its ending."""
    temperatures: Sequence[tuple[float, float]] = ()
    """Points (seconds, temperature) of an envelope; none where the temperature stayed the same."""
    top_k: int = 0
    top_p: float = 1.0
    escapes: Sequence[Degeneration] = ()
    """Where the clip was stuck, and how it was helped."""
    live: float | None = None
    """Seconds of live sound before it; None for a clip that was not made live."""
    prime: str = ""
    """Name of the sound that it goes on from."""
    guide: str = ""
    """Name of what it plays along to."""
    follow: float | None = None
    """How closely, 0..1; None without a guide."""
    manner: str = ""
    """How else, as `samplernn.guides.guide.Guide` has it."""
    bpm: float | None = None
    """Beats a minute of the guide; None where nothing is known."""
    first_bar: float = 0.0
    """Seconds from the beginning of the clip to a bar of the guide."""
    again: Mapping[str, Any] | None = None
    """What else has to be known to make it again, see `samplernn.generation.generate`; None where nobody noted it."""

    def write(self, path: Path) -> None:
        """Writes the file, with the time of now as the time at which the clip was made.

        Raises:
            OSError: it cannot be written.
        """
        escapes = [{"at": each.seconds, "from": each.kind, "by": each.help} for each in self.escapes]
        facts = {
            "id": self.id,
            "seed": self.seed,
            "temperature": self.temperature,
            **({"temperatures": self.temperatures} if self.temperatures else {}),
            **({"top_k": self.top_k} if self.top_k else {}),
            **({"top_p": self.top_p} if self.top_p < 1.0 else {}),
            **({"escapes": escapes} if escapes else {}),
            **({} if self.live is None else {"live": self.live}),
            "checkpoint": self.checkpoint,
            "run": self.run,
            "epoch": self.epoch,
            "seconds": self.seconds,
            "rate": self.rate,
            "made": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            **({"prime": self.prime} if self.prime else {}),
            **({"guide": self.guide, "follow": self.follow} if self.guide else {}),
            **({"manner": self.manner} if self.guide and self.manner else {}),
            **({} if self.bpm is None else {"bpm": self.bpm}),
            **({} if self.bpm is None or not self.first_bar else {"first_bar": self.first_bar}),
            **({"preview": True, "early": self.early} if self.preview else {}),
            **({} if self.again is None else {"again": self.again}),
        }
        _write(path, facts)

    @classmethod
    def read(cls, path: Path) -> ClipSidecar:
        """What the program needs of the file; the details of how the clip was drawn are left out.

        Raises:
            OSError: it cannot be read.
            ValueError: it is damaged.
        """
        facts = read_json(path)
        if not isinstance(facts, dict):
            raise ValueError("no sidecar of a clip")
        needed = {name: _value(facts, name, kind) for name, kind in _REQUIRED.items()}
        marks = {name: _value(facts, name, bool) for name in ("preview", "early") if name in facts}
        guided = {name: _value(facts, name, kind) for name, kind in _OF_GUIDES.items() if name in facts}
        return cls(**needed, **marks, **guided)

    @classmethod
    def read_in_full(cls, path: Path) -> ClipSidecar:
        """As `read`, with all that says how the clip was drawn. `escapes` has only as many as there were.

        Raises:
            OSError: it cannot be read.
            ValueError: it is damaged.
        """
        facts = read_json(path)
        known = cls.read(path)
        drawn = {name: _value(facts, name, kind) for name, kind in _DRAWN.items() if name in facts}
        points, again, escapes = facts.get("temperatures", ()), facts.get("again"), facts.get("escapes", ())
        if not isinstance(points, list | tuple) or not isinstance(escapes, list | tuple):
            raise ValueError("the way it was drawn is damaged")
        if not all(isinstance(point, list) and [*map(type, point)] in _POINTS for point in points):
            raise ValueError(f"the temperatures are {points!r}")
        if again is not None and not isinstance(again, dict):
            raise ValueError("what would make it again is damaged")
        curve = tuple((float(seconds), float(value)) for seconds, value in points)
        return replace(known, **drawn, temperatures=curve, again=again, escapes=tuple(escapes))


def note_for_again(path: Path, **facts: object) -> None:
    """Adds to what is noted for making the clip again, in the sidecar at `path`.

    Raises:
        OSError, ValueError: it cannot be read or written.
    """
    known = read_json(path)
    _write(path, {**known, "again": {**(known.get("again") or {}), **facts}})


def mark_as_preview(path: Path, *, early: bool) -> None:
    """Notes in the sidecar at `path` that its clip is a preview.

    Raises:
        OSError, ValueError: it cannot be read or written.
    """
    _write(path, {**read_json(path), "preview": True, "early": early})


def _write(path: Path, facts: dict[str, Any]) -> None:
    write_whole(path, json.dumps(facts, indent=1))


def _value(facts: dict[str, Any], name: str, kind: type) -> Any:
    """A value of this type; whole numbers also count as float."""
    value = facts.get(name)
    if type(value) is kind:
        return value
    if kind is float and type(value) is int:
        return float(value)
    raise ValueError(f"{name} is {value!r}")
