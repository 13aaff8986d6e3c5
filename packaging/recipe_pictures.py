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

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from app.desktop import make_application
from app.document.ages import clip_ages
from app.document.edits.album import add_album
from app.document.edits.made import add_clips
from app.document.model import Clip, Project, Song
from app.document.recipe_book import DEFAULT_RECIPE, RECIPE_BOOK
from app.document.store import create_project, load_project, save_project
from app.studio.analysis.liveliness import listen_to_clips
from app.studio.audio.clip_sound import ClipSounds
from app.studio.demo.demo import render_demo_band
from app.studio.importing.album import import_album
from app.studio.recipes.by_lot import random_recipe
from app.studio.recipes.generating import ClipMaker
from app.studio.recipes.listening import learnt_of, material_of
from app.studio.recipes.material import Wishes
from app.studio.recipes.recipes import RECIPES, arrange_by
from app.studio.training.instrument import preset_for
from app.studio.training.train import TrainingPlan, found_runs, learn, with_found_runs
from app.widgets import theme
from resources.progress import never, no_report
from samplernn.training.control import Control

_WIDTH, _LANE, _HEAD, _EDGE, _GAP = 960, 44, 20, 16, 12
_SONGS, _SECONDS = 2, 30.0
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
    if not arguments.project.exists():
        learn_the_demo_band(arguments.project, 60 * arguments.minutes)
    for name in RECIPE_BOOK:
        if arguments.only in ("", name):
            with tempfile.TemporaryDirectory() as scratch:
                picture_of(name, arguments.project, Path(scratch)).save(str(arguments.out / f"{name}.png"))
            sys.stdout.write(f"{name}\n")


def learn_the_demo_band(folder: Path, seconds: float) -> None:
    """A project that has learnt the demo band for so long."""
    project = create_project(folder)
    band = folder / "album" / "The demo band"
    render_demo_band(band)
    project = add_album(project, import_album([band], folder).album)
    for _ in learn(
        lambda: project, folder, TrainingPlan(preset_for("cpu"), seconds=seconds), Control(), previews=False
    ):
        pass
    save_project(folder, with_found_runs(project, found_runs(folder)))


def picture_of(recipe: str, learnt: Path, scratch: Path) -> QImage:
    """Puts songs together by the recipe in a copy of the project, and paints them."""
    folder = Path(shutil.copytree(learnt, scratch / f"{recipe}.deepcuts"))
    project = load_project(folder)
    project = replace(project, songs=(), clips=())
    run, wishes = project.runs[-1], Wishes(_SONGS, _SECONDS, seed=1)
    made: list[Clip] = []
    maker = ClipMaker(
        project=lambda: add_clips(project, made), folder=folder, run=run, guide=RECIPE_BOOK[recipe].guide, device="cpu",
        keep=made.extend, cancelled=never,
    )  # fmt: skip
    if recipe == DEFAULT_RECIPE:
        planned = maker.for_lots(wishes, no_report)
        project = add_clips(project, made)
        heard = listen_to_clips(folder, project.clips)
        project = random_recipe(
            project, songs=_SONGS, song_seconds=_SECONDS, seed=wishes.seed, heard=heard, planned=planned
        )
        return painted(project, project.songs, folder)
    kitchen, checkpoints = RECIPES[recipe], learnt_of(folder, run)
    maker.batches(list(kitchen.clips(wishes, checkpoints)), no_report)
    material = material_of(folder, made, checkpoints, with_chroma=kitchen.wants_chroma)
    project = arrange_by(recipe, add_clips(project, made), wishes, material)
    return painted(project, project.songs, folder)


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
        first = top
        for lane in song.lanes:
            painter.fillRect(QRectF(_EDGE, top, _WIDTH - 2 * _EDGE, _LANE), QColor(theme.PANEL))
            for part in lane.sections:
                box = QRectF(_EDGE + part.start * scale, top, part.length * scale, _LANE)
                sound = sounds[part.clip][part.offset : part.offset + part.length]
                _paint_section(painter, box, sound, theme.age_colour(ages[part.clip]))
            top += _LANE + 4
        painter.setPen(QColor(theme.TEXT))
        for marker in song.markers:
            painter.drawText(QPointF(_EDGE + marker.frame * scale + 6, first + 14), marker.name)
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
    powers = [float(np.mean(np.square(part))) for part in np.array_split(np.asarray(sound), columns) if len(part)]
    for place, power in enumerate(powers):
        # squares show strokes where levels hardly differ to the eye
        level = 0.44 * power / max(*powers, 1e-9) * box.height()
        x = box.left() + (place + 0.5) * box.width() / columns
        painter.drawLine(QPointF(x, box.center().y() - level), QPointF(x, box.center().y() + level))


if __name__ == "__main__":
    main()
