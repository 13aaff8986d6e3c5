"""The demo band's album: short original pieces, so that a first run needs no files."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np
from mutagen.flac import FLAC, Picture
from PIL import Image, ImageDraw, ImageFilter

from app.document.model import SONG_RATE
from app.studio.audio.limiter import master
from app.studio.audio.loudness import Block
from app.studio.demo.score import Score, read_score
from resources.files import make_folder, replacing, write_whole
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.reading import write_sound

_LUFS = -12.0
_BLOCK = 1 << 16


def render_demo_band(folder: Path, report: Report = no_report, cancelled: Cancelled = never) -> list[Path]:
    """Plays the demo band's score into `folder`: tagged FLAC files, `cover.jpg` and its catalogue of titles.

    What is there already from an earlier call is kept as it is.

    Returns:
        The paths of the songs in their order.
    """
    from app.studio.demo.band import play

    score = read_score()
    make_folder(folder.parent)
    make_folder(folder)
    catalogue = folder / "titles.txt"
    if not catalogue.exists():
        write_whole(catalogue, files("resources").joinpath("demo_band/titles.txt").read_bytes())
    cover = folder / "cover.jpg"
    if not cover.exists():
        with replacing(cover) as fresh:
            draw_cover().save(fresh, "JPEG", quality=90)
    paths = []
    for number, piece in enumerate(score.pieces, start=1):
        stop_if(cancelled)
        report((number - 1) / len(score.pieces), f"The demo band plays “{piece.title}”")
        path = folder / f"{number:02} {piece.title}.flac"
        if not path.exists():
            _write(path, _loud(play(piece).astype(np.float32)), score, number, cover)
        paths.append(path)
    report(1.0, "The demo band has played")
    return paths


def _loud(sound: Block) -> Block:
    def blocks() -> Iterator[Block]:
        return (sound[at : at + _BLOCK] for at in range(0, len(sound), _BLOCK))

    return np.concatenate(list(master([blocks], _LUFS).apply(blocks())))


def _write(path: Path, sound: Block, score: Score, number: int, cover: Path) -> None:
    with replacing(path) as fresh:
        write_sound(fresh, sound, SONG_RATE)
        tags = FLAC(fresh)
        tags["title"] = score.pieces[number - 1].title
        tags["artist"] = tags["albumartist"] = score.band
        tags["album"] = score.album
        tags["date"] = score.year
        tags["tracknumber"] = str(number)
        tags["tracktotal"] = str(len(score.pieces))
        picture = Picture()
        picture.type = 3
        picture.mime = "image/jpeg"
        picture.data = cover.read_bytes()
        tags.add_picture(picture)
        tags.save()


def draw_cover(size: int = 1000) -> Image.Image:
    """A gasworks at night: chimneys against a furnace-red sky, with grain."""
    noise = np.random.default_rng(1871)
    height = np.linspace(0, 1, size)[:, None, None]
    night, ember = np.array([12, 14, 26]), np.array([255, 96, 48])
    sky = night + (ember - night) * (height**2.6 * 0.95)
    picture = Image.fromarray(np.broadcast_to(sky, (size, size, 3)).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(90):
        x, y = noise.uniform(0, 1), noise.uniform(0, 0.5)
        glow = int(noise.uniform(90, 220))
        draw.point((x * size, y * size), fill=(glow, glow, glow))
    for x, width, top in ((0.10, 0.05, 0.52), (0.19, 0.035, 0.42), (0.71, 0.06, 0.36), (0.84, 0.04, 0.50)):
        draw.rectangle(((x - width / 2) * size, top * size, (x + width / 2) * size, size), fill=(9, 9, 12))
        smoke = Image.new("L", (size, size))
        plume = ImageDraw.Draw(smoke)
        for puff in range(26):
            rise = puff / 26
            at = (x + 0.22 * rise**1.5, top - 0.42 * rise)
            r = 0.018 + 0.07 * rise
            box = tuple(size * edge for edge in (at[0] - r, at[1] - r / 2, at[0] + r, at[1] + r / 2))
            plume.ellipse(box, fill=int(120 * (1 - rise)))
        picture.paste((92, 70, 74), mask=smoke.filter(ImageFilter.GaussianBlur(size / 60)))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((0.30 * size, 0.62 * size, 0.60 * size, 1.05 * size), fill=(9, 9, 12))
    for step in range(9):
        x = (0.30 + 0.30 * step / 8) * size
        draw.line((x, 0.56 * size, x, size), fill=(20, 16, 18), width=max(2, size // 160))
    draw.rectangle((0, 0.86 * size, size, size), fill=(9, 9, 12))
    for x in noise.uniform(0.03, 0.97, 22):
        y = noise.uniform(0.885, 0.965)
        box = (x * size, y * size, (x + 0.012) * size, (y + 0.017) * size)
        draw.rectangle(box, fill=(255, 176, 84) if noise.random() < 0.7 else (54, 197, 176))
    grain = noise.normal(0, 7, (size, size, 1))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))
