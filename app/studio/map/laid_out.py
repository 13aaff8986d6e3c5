"""The map of a project: sections of its clips and of its album, each at its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.excerpt import Excerpt
from app.document.store import ProjectFolder
from app.studio.map.album_sections import album_excerpts, features_of_album
from app.studio.map.section_map import LaidOut, SectionMap
from app.studio.measures.album import album_reference
from resources.progress import Cancelled, Report, never, no_report, stop_if

Floats = NDArray[np.float32]


def lay_out_project(
    folder: Path,
    excerpts: Sequence[Excerpt],
    features: Floats,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> LaidOut:
    """The map of sections of clips, for their features [n, FEATURES], with sections of the project's album among them.

    Every section that was on the map before lies where it lay.

    Raises:
        SoundError: the album has not been prepared, or is damaged.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    album = album_reference(folder, cancelled=cancelled)
    kept = SectionMap(ProjectFolder(folder).cache / "map" / "sections.map", album.key)
    own = album_excerpts(folder)
    report(0.1, "Laying out the map")
    fresh = kept.missing(own)
    rows = np.zeros((len(own), features.shape[1]), np.float32)
    if fresh:
        rows[fresh] = features_of_album(folder, [own[place] for place in fresh], album, cancelled)
    stop_if(cancelled)
    report(0.6, "Laying out the map")
    together = (*excerpts, *own)
    return LaidOut(together, kept.places_of(together, np.concatenate([features, rows])))
