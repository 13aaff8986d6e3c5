"""Pixels: what stands where, at one and at two pixels to the point, with and without time to paint."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.document.model import Clip, Lane, Section, Song
from app.widgets import theme
from app.widgets.timeline.clip_cache import SectionCache
from app.widgets.timeline.geometry import Rows, TimeScale
from app.widgets.timeline.painter import LanePainter, Scene, gain_text
from app.widgets.timeline.waves import wave_image

CLIP = Clip(id="c0001", run="r", epoch=3, file="x", rate=44_100, samples=441_000, seed=0, temperature=1.0)
SONG = Song(
    id="s1",
    lanes=(
        Lane(
            id="l1",
            sections=(
                Section(id="x1", clip="c0001", start=10_000, offset=0, length=60_000),
                Section(id="x2", clip="gone", start=80_000, offset=0, length=20_000),
            ),
        ),
    ),
)
SIZE = QSize(1200, 140)
FOREVER = 1e18


class FullWaves:
    def window(self, clip: Clip, start: float, frames: float, width: int) -> tuple[np.ndarray, np.ndarray]:
        return np.full(width, -0.8, np.float32), np.full(width, 0.8, np.float32)

    def samples(self, clip: Clip, start: int, frames: int) -> np.ndarray:
        return np.full(frames, 0.8, np.float32)


def scene(**more: object) -> Scene:
    made = Scene(song=SONG, clips={"c0001": CLIP}, colours={"c0001": theme.age_colour(1.0)})
    made.scale, made.rows = TimeScale(0.0, 100.0), Rows(height=104)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def painted(painter: LanePainter, what: Scene, dpr: float = 1.0, until: float = FOREVER) -> tuple[QImage, bool]:
    image = QImage(SIZE * dpr, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    on = QPainter(image)
    whole = painter.paint(on, what, QRect(0, 0, SIZE.width(), SIZE.height()), dpr, until)
    on.end()
    return image, whole


@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_a_section_stands_where_its_frames_are_in_the_colour_of_its_age(qtbot: QtBot, dpr: float) -> None:
    image, whole = painted(LanePainter(SectionCache(FullWaves())), scene(), dpr)
    assert whole

    def at(x: float, y: float) -> QColor:
        return image.pixelColor(round(x * dpr), round(y * dpr))

    middle = 8 + 22 + (104 - 28) / 2
    assert at(96, middle) == QColor(theme.GROUND)
    assert at(300, middle - 25) == theme.age_colour(1.0)
    assert at(697, middle - 25) == theme.age_colour(1.0)
    assert at(703, middle) == QColor(theme.GROUND)
    assert at(900, middle) == QColor(theme.RAISED)


def test_long_sections_have_no_seams(qtbot: QtBot) -> None:
    image, _ = painted(LanePainter(SectionCache(FullWaves())), scene(scale=TimeScale(9_000.0, 30.0)))
    row = [image.pixelColor(x, 45) for x in range(40, 1200)]
    assert set(map(QColor.name, row)) == {theme.age_colour(1.0).name()}


def test_scrolling_changes_nothing_but_the_place(qtbot: QtBot) -> None:
    painter = LanePainter(SectionCache(FullWaves()))
    still, _ = painted(painter, scene())
    moved, _ = painted(painter, scene(scale=TimeScale(3_700.0, 100.0)))
    assert still.copy(106, 10, 588, 100) == moved.copy(106 - 37, 10, 588, 100)


def test_without_time_the_old_pictures_are_stretched_and_with_time_made_new(qtbot: QtBot) -> None:
    painter = LanePainter(SectionCache(FullWaves()))
    painted(painter, scene())
    zoomed = scene(scale=TimeScale(0.0, 80.0))
    stretched, whole = painted(painter, zoomed, until=0.0)
    assert not whole
    assert stretched.pixelColor(400, 40) == theme.age_colour(1.0)
    sharp, whole = painted(painter, zoomed)
    assert whole
    fresh, _ = painted(LanePainter(SectionCache(FullWaves())), zoomed)
    assert sharp == fresh


def test_the_playhead_the_guide_and_the_lasso_are_on_top(qtbot: QtBot) -> None:
    made = scene(playhead=20_000, guide=30_000, lasso=QRect(500, 20, 50, 60), selection=frozenset(("x1",)))
    image, _ = painted(LanePainter(SectionCache(FullWaves())), made)
    assert image.pixelColor(200, 60) == QColor(theme.ACCENT)
    assert image.pixelColor(300, 60) == QColor(theme.SECOND)
    assert image.pixelColor(520, 50) != image.pixelColor(600, 50)


def test_a_wave_swings_as_far_as_its_levels() -> None:
    highs = np.array([1.0, 0.0, 0.5], np.float32)
    image = wave_image(-highs, highs, 101, QColor("red"), QColor("blue"))
    counts = [
        [image.pixelColor(x, y).name() for y in range(101)].count(QColor(colour).name())
        for x in range(3)
        for colour in ("red", "blue")
    ]
    assert counts == [50, 51, 0, 1, 26, 25]
    assert image.pixelColor(1, 10).alpha() == 0


@pytest.mark.parametrize(("gain", "words"), [(0.0, "0.0 dB"), (-1.5, "−1.5 dB"), (3.0, "+3.0 dB"), (-0.04, "0.0 dB")])
def test_levels_are_written_with_a_true_minus(gain: float, words: str) -> None:
    assert gain_text(gain) == words
