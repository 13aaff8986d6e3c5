"""Pixels: what stands where, at one and at two pixels to the point, with and without time to paint."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.document.fades import FADE_CURVES, fade_level
from app.document.model import Clip, FadeCurve, Lane, Marker, Section, Song, Tempo
from app.document.stretches import crossfades, stretches
from app.widgets import theme
from app.widgets.basics import decibels
from app.widgets.timeline.accent_marks import AccentMarks
from app.widgets.timeline.clip_cache import SectionCache
from app.widgets.timeline.geometry import Rows, TimeScale
from app.widgets.timeline.labels import Labels
from app.widgets.timeline.painter import LanePainter
from app.widgets.timeline.scene import Scene
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
    made = Scene(shown_song=SONG, clips={"c0001": CLIP}, colours={"c0001": theme.age_colour(1.0)})
    made.scale, made.rows = TimeScale(0.0, 100.0), Rows(height=104)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def painted(painter: LanePainter, what: Scene, dpr: float = 1.0, until: float = FOREVER) -> tuple[QImage, bool]:
    image = QImage(SIZE * dpr, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(dpr)
    on = QPainter(image)
    whole = painter.paint(on, what, SIZE.width(), QRect(QPoint(), SIZE), dpr, until)
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


def test_bars_are_seen_where_a_clip_tells_of_them_and_there_is_room(qtbot: QtBot) -> None:
    """At 400 beats a minute a bar is 26 460 frames long; the first begins 4 410 frames into the clip."""
    known = {"c0001": replace(CLIP, tempo=Tempo(bpm=400.0, first_beat=0.1))}
    middle = round(8 + 22 + (104 - 28) / 2) - 25
    for frames_per_pixel, clips, bars in ((100.0, known, 3), (100.0, {"c0001": CLIP}, 0), (2_000.0, known, 0)):
        what = scene(clips=clips, scale=TimeScale(0.0, frames_per_pixel))
        image, _ = painted(LanePainter(SectionCache(FullWaves())), what)
        end = round(70_000 / frames_per_pixel)
        wave = theme.age_colour(1.0)
        darker = [
            x for x in range(round(10_000 / frames_per_pixel) + 2, end - 2) if image.pixelColor(x, middle) != wave
        ]
        assert len(darker) == bars, darker
        if bars:
            assert darker == [round((14_410 + number * 26_460) / 100) for number in range(3)]


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
    assert decibels(gain) == words


def test_a_name_is_whole_or_ends_in_dots_and_never_cut(qtbot: QtBot) -> None:
    labels, ink, weight = Labels(), QColor("white"), QFont.Weight.Medium
    whole = labels.picture("e31·0107", ink, weight, 1.0)
    assert labels.fitting("e31·0107", whole.width() + 1, ink, weight, 1.0) is whole
    for room in range(48, whole.width() - 1):
        shorter = labels.fitting("e31·0107", room, ink, weight, 1.0)
        assert shorter is not None
        assert shorter.width() <= room + 2
    assert labels.fitting("e31·0107", 20, ink, weight, 1.0) is None


def test_markers_run_through_the_lanes_and_motifs_have_a_line_at_their_foot(qtbot: QtBot) -> None:
    parts = tuple(replace(part, motif="m1") for part in SONG.lanes[0].sections[:1])
    song = replace(SONG, lanes=(replace(SONG.lanes[0], sections=parts),), markers=(Marker(id="k1", frame=90_000),))
    image, _ = painted(LanePainter(SectionCache(FullWaves())), scene(shown_song=song))
    assert image.pixelColor(900, 60) != QColor(theme.GROUND)
    assert image.pixelColor(905, 60) == QColor(theme.GROUND)
    assert image.pixelColor(400, 8 + 104 - 4) == QColor(theme.SECOND)
    plain, _ = painted(LanePainter(SectionCache(FullWaves())), scene())
    assert plain.pixelColor(400, 8 + 104 - 4) != QColor(theme.SECOND)


def test_at_the_far_end_of_an_hour_at_single_samples_all_is_where_it_belongs(qtbot: QtBot) -> None:
    far = 3600 * 44_100
    part = replace(SONG.lanes[0].sections[0], start=far, length=400)
    song = replace(SONG, lanes=(replace(SONG.lanes[0], sections=(part,)),), markers=(Marker(id="k1", frame=5),))
    scale = TimeScale(far - 10.0, 1 / 8)
    made = scene(shown_song=song, scale=scale, loop=(0, far + 40), playhead=far + 100, selection=frozenset(("x1",)))
    image, whole = painted(LanePainter(SectionCache(FullWaves())), made)
    assert whole
    assert image.pixelColor(880, 130) == QColor(theme.ACCENT)
    half = (104 - 22 - 6) / 2
    assert image.pixelColor(80 + 8 * 20, round(8 + 22 + half - half * 0.8)).lightness() > 150


@pytest.mark.parametrize("curve", FADE_CURVES)
def test_a_fade_is_drawn_as_it_is_heard(qtbot: QtBot, curve: FadeCurve) -> None:
    part = replace(SONG.lanes[0].sections[0], fade_in=40_000, fade_in_curve=curve)
    song = replace(SONG, lanes=(replace(SONG.lanes[0], sections=(part,)),))
    image, _ = painted(LanePainter(SectionCache(FullWaves())), scene(shown_song=song))
    for share in (0.3, 0.6):
        x = 100 + round(400 * share)
        y = 8 + 1 + 103 * (1 - fade_level(curve, share))
        line = max(range(9, 111), key=lambda at: image.pixelColor(x, at).blue())
        assert line == pytest.approx(y, abs=4)


@pytest.mark.parametrize("is_split", [False, True])
def test_a_crossfade_is_drawn_as_it_is_heard(qtbot: QtBot, is_split: bool) -> None:
    """Whether the section that comes in is one or was split amid the crossfade makes no difference."""
    first = Section(id="x1", clip="gone", start=10_000, offset=0, length=60_000)
    later = (Section(id="x2", clip="lost", start=30_000, offset=0, length=80_000),)
    if is_split:
        one = replace(later[0], length=20_000)
        later = (one, Section(id="x3", clip="lost", start=50_000, offset=20_000, length=60_000))
    song = replace(SONG, lanes=(replace(SONG.lanes[0], sections=(first, *later)),))
    image, _ = painted(LanePainter(SectionCache(FullWaves())), scene(shown_song=song))
    (cross,) = crossfades(stretches((first, *later)))
    for share in (0.3, 0.5, 0.65):
        x = 300 + round(400 * share)
        for ramp in (cross.falling, cross.rising):
            y = 8 + 1 + 102 * (1 - ramp.level(share))
            line = max(range(round(y) - 6, round(y) + 7), key=lambda at: image.pixelColor(x, at).lightness())
            assert line == pytest.approx(y, abs=2)


def _busy_scene(frames_per_pixel: float) -> Scene:
    """Two lanes with all there is: crossfades, gains, motifs, what is chosen, accents, a loop, markers."""
    lengths = (30_000, 14_000, 52_000, 9_000, 40_000)
    parts, start = [], 500
    for number, length in enumerate(lengths):
        motif = "m1" if number == 2 else ""
        parts.append(
            Section(id=f"p{number}", clip="c0001", start=start, offset=0, length=length, gain_db=-1.5, motif=motif)
        )
        start += length - (2_500 if number % 2 else 0)
    lower = tuple(replace(part, id=f"q{part.id}", start=part.start + 3_300) for part in parts)
    song = Song(
        id="s1",
        lanes=(Lane(id="l1", sections=tuple(parts)), Lane(id="l2", sections=lower)),
        markers=(Marker(id="k1", frame=61_000),),
    )
    made = scene(shown_song=song, scale=TimeScale(3_333.0, frames_per_pixel), rows=Rows(height=60))
    made.clips = {"c0001": replace(CLIP, tempo=Tempo(bpm=400.0, first_beat=0.1))}
    made.selection, made.hovered, made.loop, made.playhead = frozenset(("p2", "qp3")), "p0", (20_000, 70_000), 55_000
    made.marks.put({"c0001": AccentMarks(tuple(range(0, 60_000, 700)), tuple(1.0 for _ in range(0, 60_000, 700)))})
    return made


@pytest.mark.parametrize("dpr", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("frames_per_pixel", [100.0, 37.0, 310.0])
def test_whatever_strip_is_painted_again_it_gets_the_pixels_of_a_whole_painting(
    qtbot: QtBot, dpr: float, frames_per_pixel: float
) -> None:
    painter, made = LanePainter(SectionCache(FullWaves())), _busy_scene(frames_per_pixel)
    whole, _ = painted(painter, made, dpr)
    strips = [QRect(x, 0, 4, SIZE.height()) for x in range(0, SIZE.width(), 3)]
    strips += [QRect(x, y, 31, 17) for x in range(0, SIZE.width(), 97) for y in range(0, SIZE.height(), 13)]
    for strip in strips:
        again = whole.copy()
        on = QPainter(again)
        on.setClipRect(strip)
        assert painter.paint(on, made, SIZE.width(), strip, dpr, FOREVER)
        on.end()
        assert again == whole, strip
