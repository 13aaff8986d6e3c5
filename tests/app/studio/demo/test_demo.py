"""The demo band plays a whole, loud and varied little album, always the same."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from mutagen.flac import FLAC
from PIL import Image
from pyloudnorm import Meter

from app.studio.demo.band import play
from app.studio.demo.demo import render_demo_band
from app.studio.demo.score import read_score
from titles import read_titles


@pytest.fixture(scope="module")
def band(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    folder = tmp_path_factory.mktemp("demo") / "band"
    told: list[float] = []
    paths = render_demo_band(folder, lambda fraction, doing: told.append(fraction))
    assert told == sorted(told)
    return folder, paths


def test_every_part_of_the_score_is_whole_bars() -> None:
    for piece in read_score().pieces:
        assert piece.steps % piece.bar_steps == 0
        assert 30 <= piece.steps * piece.step_seconds <= 50
        for voice in (piece.guitar, piece.bass, piece.lead):
            ends = [note.step + note.steps for note in voice]
            starts = [note.step for note in voice]
            assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
            assert ends[-1] <= piece.steps
        assert {stroke.drum for stroke in piece.strokes} >= {"kick", "snare", "crash"}


def test_the_songs_are_loud_stereo_and_clean(band: tuple[Path, list[Path]]) -> None:
    assert len(band[1]) == 3
    for path in band[1]:
        sound, rate = soundfile.read(path)
        assert (rate, sound.shape[1]) == (44_100, 2)
        assert 30 <= len(sound) / rate <= 50
        assert Meter(rate).integrated_loudness(sound) == pytest.approx(-12, abs=0.5)
        assert np.abs(soxr.resample(sound, rate, 4 * rate)).max() < 10 ** (-1 / 20)
        assert np.corrcoef(sound.T)[0, 1] < 0.9
        crest = 20 * np.log10(np.abs(sound).max() / np.sqrt(np.mean(sound**2)))
        assert 8 < crest < 18


def test_the_spectrum_is_that_of_a_band(band: tuple[Path, list[Path]]) -> None:
    for path in band[1]:
        sound, rate = soundfile.read(path)
        power = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
        hz = np.fft.rfftfreq(len(sound), 1 / rate)
        edges = (40, 150, 600, 2500, 9000)
        shares = [power[(hz >= low) & (hz < high)].sum() / power.sum() for low, high in pairwise(edges)]
        assert min(shares) > 0.05
        assert max(shares) < 0.6


def test_tags_cover_and_catalogue(band: tuple[Path, list[Path]]) -> None:
    folder, paths = band
    score = read_score()
    for number, path in enumerate(paths, start=1):
        tags = FLAC(path)
        assert (tags["artist"], tags["album"]) == ([score.band], [score.album])
        assert (tags["title"], tags["tracknumber"]) == ([score.pieces[number - 1].title], [str(number)])
        assert tags.pictures[0].type == 3
    with Image.open(folder / "cover.jpg") as cover:
        assert cover.size == (1000, 1000)
    assert len(read_titles(folder / "titles.txt")) >= 50


def test_it_always_plays_the_same(band: tuple[Path, list[Path]]) -> None:
    piece = read_score().pieces[2]
    assert np.array_equal(play(piece), play(piece))
    before = [path.stat().st_mtime_ns for path in band[1]]
    assert render_demo_band(band[0]) == band[1]
    assert [path.stat().st_mtime_ns for path in band[1]] == before
