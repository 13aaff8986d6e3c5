"""The pictures in docs/: a guide, a clip that plays along to it and the music it is of; the finish's spectrum.

    python packaging/doc_pictures.py [--project build/screenshots/demo.deepcuts] [--out docs]

All of it is the demo band's sound. The project is the one that `make screenshots` prepares, and is made where there is
none.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from screenshots import make_project, say

from app.document.model import SONG_RATE
from app.document.store import ProjectFolder, load_project
from app.studio.analysis.onsets import onset_strength
from app.studio.finish.applying import apply_finish
from app.studio.finish.chosen import learnt_finish
from app.widgets import theme
from app.widgets.clips.guide_picture import shares_of
from samplernn.audio.reading import open_sound
from samplernn.checkpoint_paths import checkpoint_paths
from samplernn.data.dataset import Dataset
from samplernn.generation.generate import GenerationRequest, generate
from samplernn.generation.priming import AlbumPrime
from samplernn.guides.guide import Guide
from samplernn.guides.notes import notes_of
from samplernn.guides.strokes import PER_SECOND, strokes_of

Floats = NDArray[np.float32]
Box = tuple[int, int, int, int]

RATE = 16_000
_SEED = 4
_WIDTH, _EDGE, _GAP, _PANEL_HEIGHT, _CELL = 1200, 24, 18, 264, 2
_LETTERING = 20
_BINS, _LOWEST, _HIGHEST = 2048, 60.0, 7800.0
"""Of a spectrogram: length of a window in samples, and Hz."""
_FLOOR_DB = 66.0
_COLOURS = 48
_SLICES = 96
"""Bands of equal ratio that a mean spectrum is told in."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--project", type=Path, default=Path("build/screenshots/demo.deepcuts"))
    parser.add_argument("--out", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    project: Path = arguments.project.absolute()
    project.parent.mkdir(parents=True, exist_ok=True)
    make_project(project, [])
    place = ProjectFolder(project)
    dataset = Dataset.open(place.dataset)
    longest = max(dataset.valid, key=lambda span: span.length)
    music = np.array(dataset.sound[longest.start : longest.start + longest.length])
    guide = Guide(strokes_of([music], RATE), "music", notes_of([music], RATE))
    clip = played(place, dataset, guide)
    _keep(following(guide, clip, music), arguments.out / "guide-followed.png")
    _keep(finished(project, clip), arguments.out / "finish-spectrum.png")


def played(place: ProjectFolder, dataset: Dataset, guide: Guide) -> Floats:
    """A clip of the project's newest checkpoint along to a guide."""
    run = max(place.runs.iterdir(), key=lambda folder: folder.name)
    checkpoint = checkpoint_paths(run)[-1][1]
    seconds = len(guide.strokes) / PER_SECOND
    request = GenerationRequest(checkpoint, seconds, [_SEED], prime=AlbumPrime(dataset), device="cpu", guides=[guide])
    clip: Floats = generate(request)[0]
    return clip


def following(guide: Guide, clip: Floats, music: Floats) -> Image.Image:
    """Guide, clip and music side by side, and the onset strength of both below."""
    panel = (_WIDTH - 2 * _EDGE - 2 * _GAP) // 3
    columns = panel // _CELL
    curves = 150
    image = Image.new("RGB", (_WIDTH, 2 * _EDGE + 2 * (_LETTERING + 12) + _PANEL_HEIGHT + _GAP + curves), theme.GROUND)
    draw = ImageDraw.Draw(image)
    top = _EDGE + _LETTERING + 12
    cells = shares_of(guide.strokes, columns).T
    pictures = (
        ("the guide: strokes in 20 bands", np.repeat(cells, -(-_PANEL_HEIGHT // _CELL // len(cells)), axis=0)),
        ("a clip that plays along to it", _spectrogram(clip, columns)),
        ("the held-out music it is of", _spectrogram(music, columns)),
    )
    for number, (words, shares) in enumerate(pictures):
        left = _EDGE + number * (panel + _GAP)
        draw.text((left, _EDGE), words, theme.TEXT, _font())
        image.paste(_coloured(shares, (panel, _PANEL_HEIGHT)), (left, top))
    below = top + _PANEL_HEIGHT + _GAP
    draw.text((_EDGE, below), f"onset strength, {len(music) / RATE:.1f} s", theme.TEXT, _font())
    strengths = [onset_strength(sound) for sound in (music, clip)]
    count = min(map(len, strengths))
    alike = float(np.corrcoef(strengths[0][:count], strengths[1][:count])[0, 1])
    _legend(draw, below, (("music", theme.SECOND), (f"clip, correlation {alike:.2f}", theme.ACCENT)))
    box = (_EDGE, below + _LETTERING + 12, _WIDTH - _EDGE, below + _LETTERING + 12 + curves)
    highest = max(float(each.max()) for each in strengths)
    for strength, colour in zip(strengths, (theme.SECOND, theme.ACCENT), strict=True):
        _curve(draw, np.arange(len(strength)) / len(strength), strength.astype(np.float64) / highest, box, colour)
    return image


def finished(project: Path, clip: Floats) -> Image.Image:
    """Mean spectra of the album, of a clip as made and with its finish; side over mid of album and finish below."""
    finish = learnt_finish(project)
    assert finish is not None, "the demo band's finish is learnt when its album is prepared"
    mono = soxr.resample(clip, RATE, SONG_RATE)
    stereo = apply_finish(mono.astype(np.float32), finish, 0, len(mono), seed=_SEED)
    album = _album(project)
    edges = np.geomspace(60, 18_000, _SLICES + 1)
    levels = {
        "the album": (_levels(album.mean(axis=1), edges), theme.SECOND),
        "a clip as made": (_levels(mono, edges), theme.DIM),
        "with air and width": (_levels(stereo.mean(axis=1), edges), theme.ACCENT),
    }
    wide = edges[edges >= 120]
    sides = [
        _levels(sound[:, 0] - sound[:, 1], wide) - _levels(sound[:, 0] + sound[:, 1], wide) for sound in (album, stereo)
    ]
    high, low = 330, 190
    top = _EDGE + _LETTERING + 12
    image = Image.new("RGB", (_WIDTH, 2 * top + high + _GAP + low + 44), theme.GROUND)
    draw = ImageDraw.Draw(image)
    draw.text((_EDGE, _EDGE), "mean spectrum, 60 Hz to 18 kHz", theme.TEXT, _font())
    _legend(draw, _EDGE, [(name, colour) for name, (_, colour) in levels.items()])
    box = (_EDGE, top, _WIDTH - _EDGE, top + high)
    loudest = max(float(each.max()) for each, _ in levels.values())
    _grid(draw, box, edges, (0, -20, -40, -60), 80)
    for each, colour in levels.values():
        _curve(draw, np.linspace(0, 1, _SLICES), np.clip(1 + (each - loudest) / 80, 0, 1), box, colour)
    below = top + high + _GAP
    draw.text((_EDGE, below), "side over mid, from 120 Hz", theme.TEXT, _font())
    box = (_EDGE, below + _LETTERING + 12, _WIDTH - _EDGE, below + _LETTERING + 12 + low)
    _grid(draw, box, edges, (0, -10, -20, -30), 40)
    begins = float(np.log(wide[0] / edges[0]) / np.log(edges[-1] / edges[0]))
    for each, colour in zip(sides, (theme.SECOND, theme.ACCENT), strict=True):
        _curve(draw, np.linspace(begins, 1, len(each)), np.clip(1 + each / 40, 0, 1), box, colour)
    return image


def _album(project: Path) -> Floats:
    """All tracks, [n, 2]."""
    parts = []
    for track in load_project(project).album.tracks:
        with open_sound(Path(track.path)) as sound:
            parts.append(np.concatenate(list(sound.blocks())))
    album: Floats = np.concatenate(parts)
    return album


def _levels(sound: Floats, edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean level of each band between edges, in dB, at `SONG_RATE`."""
    window = 8192
    frames = np.lib.stride_tricks.sliding_window_view(sound, window)[:: window // 2] * np.hanning(window)
    power = np.mean(np.abs(np.fft.rfft(frames, axis=1)) ** 2, axis=0)
    places = np.arange(len(power)) * SONG_RATE / window
    total = np.interp(edges, places, np.cumsum(power))
    hertz: NDArray[np.float64] = 10 * np.log10(np.diff(total) / np.diff(edges) + 1e-12)
    return hertz


def _spectrogram(sound: Floats, columns: int) -> Floats:
    """How bright each cell is, [rows, columns], low to high."""
    rows = _PANEL_HEIGHT // _CELL
    padded = np.pad(sound, _BINS // 2)
    starts = np.linspace(0, len(padded) - _BINS, columns).astype(int)
    frames = np.stack([padded[start : start + _BINS] for start in starts]) * np.hanning(_BINS)
    levels = 20 * np.log10(np.abs(np.fft.rfft(frames, axis=1)) + 1e-6)
    places = np.geomspace(_LOWEST, _HIGHEST, rows) * _BINS / RATE
    shown = np.stack([np.interp(places, np.arange(levels.shape[1]), each) for each in levels], axis=1)
    shares: Floats = np.clip(1 + (shown - np.percentile(shown, 99.7)) / _FLOOR_DB, 0, 1).astype(np.float32)
    return shares


def _coloured(shares: Floats, size: tuple[int, int]) -> Image.Image:
    """The louder, the more of the accent colour, and at the loudest white; low at the bottom."""
    stops = [_rgb(each) for each in (theme.GROUND, "#4a2419", theme.ACCENT, "#fff1e8")]
    share = shares[::-1]
    channels = [np.interp(share, (0.0, 0.4, 0.8, 1.0), [stop[channel] for stop in stops]) for channel in range(3)]
    image = Image.fromarray(np.rint(np.stack(channels, axis=-1)).astype(np.uint8))
    return image.resize(size, Image.Resampling.NEAREST)


def _grid(draw: ImageDraw.ImageDraw, box: Box, edges: NDArray[np.float64], levels: Sequence[int], deepest: int) -> None:
    """Lines for some levels below the highest in dB, and for some frequencies."""
    left, top, right, bottom = box
    for level in levels:
        y = round(top - level / deepest * (bottom - top))
        draw.line((left, y, right, y), theme.LINE)
        draw.text((right - 8, y + 2), f"{level} dB".replace("-", "−"), theme.FAINT, _font(15), anchor="ra")
    for hertz, name in ((120, "120 Hz"), (500, "500"), (2000, "2 kHz"), (7600, "7.6 kHz"), (16000, "16")):
        x = left + round(np.log(hertz / edges[0]) / np.log(edges[-1] / edges[0]) * (right - left))
        draw.line((x, top, x, bottom), theme.LINE)
        draw.text((x + 5, bottom - 20), name, theme.FAINT, _font(15))


def _legend(draw: ImageDraw.ImageDraw, top: int, entries: Sequence[tuple[str, str]]) -> None:
    """Names in the colours of their curves, at the right."""
    right = _WIDTH - _EDGE
    for words, colour in reversed(entries):
        right -= round(draw.textlength(words, _font()))
        draw.text((right, top), words, colour, _font())
        right -= 28


def _curve(
    draw: ImageDraw.ImageDraw, places: NDArray[np.float64], heights: NDArray[np.float64], box: Box, colour: str
) -> None:
    left, top, right, bottom = box
    xs, ys = left + places * (right - left), bottom - heights * (bottom - top)
    draw.line([(float(x), float(y)) for x, y in zip(xs, ys, strict=True)], colour, width=2, joint="curve")


def _font(pixels: int = _LETTERING) -> ImageFont.FreeTypeFont:
    with as_file(files("resources").joinpath("fonts/Inter-Medium.otf")) as path:
        return ImageFont.truetype(path, pixels)


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def _keep(image: Image.Image, path: Path) -> None:
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    say(f"{path}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
