"""The map of 3 000 sections: until it is first seen, and each time it is painted."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.document.excerpt import Excerpt
from tests.bench.measuring import Figure, seconds_of

if TYPE_CHECKING:
    from app.widgets.map.points import MapPoints
    from app.widgets.map.view import MapView

SECTIONS, FEATURES, KINDS = 3_000, 190, 14
SECTION = 4 * 44_100
_FRAMES = 80


def measure() -> Iterator[tuple[str, Figure]]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from app.desktop import make_application
    from app.studio.map.section_map import SectionMap
    from app.widgets.map.view import MapView

    application = QApplication.instance() or make_application()
    excerpts, features = sections()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map" / "sections.map"
        shown = MapView()
        shown.resize(840, 540)
        shown.show()
        application.processEvents()

        def first() -> None:
            places = SectionMap(path, "bench").places_of(excerpts, features)
            shown.show_points(points_of(excerpts, places))
            shown.repaint()

        yield "map.first_s", Figure(seconds_of(first), "s", note=f"{SECTIONS} sections, scikit-learn's import included")
        again = seconds_of(lambda: SectionMap(path, "bench").places_of(excerpts, features))
        yield "map.again_s", Figure(again, "s", note="the same map, kept")
        more = [Excerpt(f"n{number}", 0, SECTION) for number in range(50)]
        kept = SectionMap(path, "bench")
        added = seconds_of(lambda: kept.places_of([*excerpts, *more], np.concatenate([features, features[:50]])))
        yield "map.added_s", Figure(added, "s", note="50 more sections")
    yield from _painting(shown)


def sections() -> tuple[list[Excerpt], np.ndarray]:
    """Sections of several kinds of sound, and their features [SECTIONS, FEATURES]."""
    random = np.random.default_rng(5)
    middles = random.normal(0, 1, (KINDS, FEATURES))
    kinds = random.integers(KINDS, size=SECTIONS)
    features = middles[kinds] + random.normal(0, 1, (SECTIONS, FEATURES))
    excerpts = [Excerpt(f"c{number // 15:04d}", number % 15 * SECTION, SECTION) for number in range(SECTIONS)]
    return excerpts, features.astype(np.float32)


def points_of(excerpts: list[Excerpt], places: np.ndarray) -> MapPoints:
    from app.widgets.map.points import MapPoints

    numbers = np.arange(len(excerpts))
    return MapPoints(
        tuple(excerpts), places, (numbers % 22 / 21).astype(np.float32), (numbers % 6).astype(np.int8),
        numbers % 9 == 0, np.ones(len(excerpts), np.bool_),
    )  # fmt: skip


def _painting(shown: MapView) -> Iterator[tuple[str, Figure]]:
    """`map.repaint_ms` is the pointer going from point to point, `map.redraw_ms` the wheel."""
    places = np.random.default_rng(1).integers(len(shown.points), size=_FRAMES)

    def point(number: int) -> None:
        shown._hover(int(places[number]))
        shown.repaint()

    def wheel(number: int) -> None:
        by = 1.1 if number % 20 < 10 else 1 / 1.1
        shown._set_scale(shown.scale.zoomed(by, 300, 200))
        shown.repaint()

    yield "map.repaint_ms", _milliseconds(point, "the pointer from point to point")
    yield "map.redraw_ms", _milliseconds(wheel, "every point elsewhere: the wheel")


def _milliseconds(work: Callable[[int], None], note: str) -> Figure:
    times = []
    for number in range(_FRAMES):
        began = time.thread_time()  # leaves out what other programs take of the processor
        work(number)
        times.append(1e3 * (time.thread_time() - began))
    middle = statistics.median(times)
    worst = sorted(times)[-_FRAMES // 20]
    return Figure(middle, "ms", note=f"{note}; one in twenty took {worst:.1f} or more")
