"""The finish of an album: a linear model that predicts air above 8 kHz and stereo width from the sound below.

As in spectral band replication and parametric stereo (ISO/IEC 14496-3, HE-AAC v2), a few levels a window describe both;
here they are not transmitted but predicted from the music below 7.5 kHz. `learning` fits it, `applying` uses it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from app.studio.finish.spectra import AIR_EDGES, FEATURES, WIDTH_EDGES, Floats
from resources.files import read_json, replacing

VERSION = 1
AIR_BANDS, WIDTH_BANDS = len(AIR_EDGES) - 1, len(WIDTH_EDGES) - 1


@dataclass(frozen=True, eq=False, kw_only=True)
class Finish:
    """The weights of the regressions of one album, and what limits them; levels in dB."""

    air: Floats
    """[FEATURES, 10]: from features to the levels of the air's bands."""
    width: Floats
    """[FEATURES, 9]: from features to side over mid."""
    air_limits: Floats
    """[2, 10]: the least and the greatest level that a band is given."""
    width_limits: Floats
    """[2, 9]."""
    copied: Floats
    """[10]: share of the air's power that is copied from below; the rest is noise."""
    has_air: bool
    has_width: bool


_LOUDEST_AIR_DB = 30.0
"""A sine at full scale has 27 dB in its bin."""

_SHAPES = {
    "air": (FEATURES, AIR_BANDS),
    "width": (FEATURES, WIDTH_BANDS),
    "air_limits": (2, AIR_BANDS),
    "width_limits": (2, WIDTH_BANDS),
    "copied": (AIR_BANDS,),
}


def save_finish(finish: Finish, path: Path, learnt_from: str) -> None:
    """Writes the finish as JSON; `learnt_from` identifies the dataset, to find out later whether it is still the same.

    Raises:
        OSError: it cannot be written; what was there before is still whole.
    """
    record = {
        name: [round(float(number), 6) for number in value.ravel()] if isinstance(value, np.ndarray) else value
        for name, value in asdict(finish).items()
    }
    with replacing(path) as fresh:
        fresh.write_text(json.dumps({"version": VERSION, "learnt_from": learnt_from, **record}), encoding="ascii")


def load_finish(path: Path, learnt_from: str | None = None) -> Finish | None:
    """The finish that was saved; None where there is none, it is damaged, or it was learnt from something else."""
    try:
        raw = read_json(path)
    except (OSError, ValueError):
        return None
    if not isinstance(raw, dict) or raw.get("version") != VERSION:
        return None
    if learnt_from is not None and raw.get("learnt_from") != learnt_from:
        return None
    found: dict[str, Any] = {}
    for each in fields(Finish):
        value = raw.get(each.name)
        if each.name in _SHAPES:
            value = _numbers(value, _SHAPES[each.name])
        elif not isinstance(value, bool):
            value = None
        if value is None:
            return None
        found[each.name] = value
    finish = Finish(**found)
    return finish if _is_bounded(finish) else None


def _is_bounded(finish: Finish) -> bool:
    """Whether its air is no louder than sound can be: it may come with a project from a stranger, and is heard."""
    shares = (finish.copied >= 0) & (finish.copied <= 1)
    return bool(shares.all() and (finish.air_limits <= _LOUDEST_AIR_DB).all())


def _numbers(value: object, shape: tuple[int, ...]) -> Floats | None:
    if not isinstance(value, list) or len(value) != np.prod(shape):
        return None
    if not all(isinstance(number, int | float) and abs(number) < 1e6 for number in value):
        return None
    return np.array(value, np.float32).reshape(shape)
