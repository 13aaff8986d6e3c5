"""`docs/recipes.md`: a picture of what each recipe makes of the demo band, as timelines.

    python packaging/recipe_pictures.py [--project build/recipes.deepcuts] [--out docs/recipes] [--minutes 10]

The first run lets a model learn the demo band; later runs take what it has learnt. Pictures are of the first songs of
each album: lanes of sections with their waveforms, in the colours of their ages.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from app.desktop import make_application
from app.document.ages import clip_ages
from app.document.model import Project, Song
from app.document.recipe_book import RECIPE_BOOK
from app.document.store import load_project
from app.studio.audio.clip_sound import ClipSounds
from app.studio.recipes.make import MakeOptions, make_album
from app.widgets import theme

_WIDTH, _LANE, _HEAD, _EDGE, _GAP = 960, 44, 20, 16, 12
_SONGS, _SECONDS = 3, 60.0
_COLUMNS_EACH = 2
"""Pixels of a column of a waveform."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--project", type=Path, default=Path("build/recipes.deepcuts"))
    parser.add_argument("--out", type=Path, default=Path("docs/recipes"))
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--only", default="", help="the recipe of this name")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    make_application()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        if not arguments.project.exists():
            options = MakeOptions(
                out=Path(scratch) / "first", project=arguments.project, budget=60 * arguments.minutes, songs=1,
                song_seconds=10.0,
            )  # fmt: skip
            make_album(options)
        for name in RECIPE_BOOK:
            if arguments.only in ("", name):
                picture_of(name, arguments.project, Path(scratch)).save(str(arguments.out / f"{name}.png"))
                sys.stdout.write(f"{name}\n")


def picture_of(recipe: str, learnt: Path, scratch: Path) -> QImage:
    """Makes an album by the recipe in a copy of the project, and paints its songs."""
    folder = Path(shutil.copytree(learnt, scratch / f"{recipe}.deepcuts"))
    before = len(load_project(folder).songs)
    options = MakeOptions(
        out=scratch / recipe, project=folder, recipe=recipe, is_learnt=True, songs=_SONGS, song_seconds=_SECONDS, seed=1
    )
    make_album(options)
    project = load_project(folder)
    return painted(project, project.songs[before:], folder)


def painted(project: Project, songs: tuple[Song, ...], folder: Path) -> QImage:
    """Songs one below the other, all to the same scale."""
    lanes = sum(len(song.lanes) for song in songs)
    height = 2 * _EDGE + len(songs) * (_HEAD + _GAP) + lanes * (_LANE + 4) - _GAP
    image = QImage(_WIDTH, height, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.GROUND))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    sounds, ages = ClipSounds(folder, project.clips), clip_ages(project)
    scale = (_WIDTH - 2 * _EDGE) / max(song.frames for song in songs)
    top = float(_EDGE)
    for number, song in enumerate(songs, start=1):
        painter.setFont(theme.ui_font(12, weight=QFont.Weight.Medium))
        painter.setPen(QColor(theme.TEXT))
        head = QRectF(_EDGE, top, _WIDTH - 2 * _EDGE, _HEAD)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, f"{number}  {song.title}")
        painter.setPen(QColor(theme.DIM))
        painter.setFont(theme.ui_font(11))
        words = painter.fontMetrics().elidedText(song.why, Qt.TextElideMode.ElideRight, 600)
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, words)
        top += _HEAD
        for lane in song.lanes:
            painter.fillRect(QRectF(_EDGE, top, _WIDTH - 2 * _EDGE, _LANE), QColor(theme.PANEL))
            for part in lane.sections:
                box = QRectF(_EDGE + part.start * scale, top, part.length * scale, _LANE)
                sound = sounds[part.clip][part.offset : part.offset + part.length]
                _paint_section(painter, box, sound, theme.age_colour(ages[part.clip]))
            top += _LANE + 4
        top += _GAP
    painter.end()
    return image


def _paint_section(painter: QPainter, box: QRectF, sound: object, colour: QColor) -> None:
    import numpy as np

    painter.setPen(QPen(theme.with_alpha(colour, 0.8), 1))
    painter.setBrush(theme.with_alpha(colour, 0.2))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    columns = max(int(box.width() / _COLUMNS_EACH), 1)
    painter.setPen(QPen(colour, 1.4))
    for place, part in enumerate(np.array_split(np.asarray(sound), columns)):
        if not len(part):
            continue
        level = min(float(np.abs(part).max()) * 0.5, 0.46) * box.height()
        x = box.left() + (place + 0.5) * box.width() / columns
        painter.drawLine(QPointF(x, box.center().y() - level), QPointF(x, box.center().y() + level))


if __name__ == "__main__":
    main()
