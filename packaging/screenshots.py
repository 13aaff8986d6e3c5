"""`make screenshots`: every screen of the real window, empty and in use, at several sizes.

    python packaging/screenshots.py [--out build/screenshots] [--source FOLDER]

The first run prepares a project by the studio's own functions (the demo band, a few minutes of learning, clips, songs,
covers, titles) and keeps it beside the pictures; later runs show it again. A window of another scale needs another
process: Qt reads the scale when it starts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
from PySide6.QtCore import QEventLoop, QTimer

from app.desktop import make_application
from app.document.edits.album import add_album
from app.document.edits.made import add_clips, add_covers, add_titles, put_run, star_clip, star_title
from app.document.edits.release import name_release
from app.document.guide_choice import ALBUM_GUIDE
from app.document.model import Run
from app.document.shelf import new_untitled
from app.document.store import create_project, load_project, save_project
from app.screens.export.screen import ExportScreen
from app.screens.train.screen import TrainScreen
from app.screens.window.main_window import MainWindow
from app.screens.window.settings import Memory
from app.session.open_project import OpenProject
from app.studio.artwork.covers import make_covers
from app.studio.artwork.settings import CoverSettings
from app.studio.demo.demo import render_demo_band
from app.studio.generation.generate import ClipRequest, generate_clips
from app.studio.importing.album import import_album
from app.studio.recipes.by_lot import random_recipe
from app.studio.titles.naming import album_name, invent_titles
from app.studio.training.instrument import PRESETS
from app.studio.training.previews import make_preview
from app.studio.training.train import TrainingPlan, prepare, run_after, train_run
from samplernn.training.events import EpochEnd

SHOTS = (("1440x900", 1), ("1024x700", 1), ("1440x900", 2))
_EPOCHS, _STEPS = 12, 150
_CLIPS, _CLIP_SECONDS = 3, 12.0
_SETTLE_SECONDS, _LEARN_SECONDS = 1.5, 15.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--source", type=Path, help="an album to show instead of the demo band's")
    parser.add_argument("--epochs", type=int, default=_EPOCHS, help="how long the model of the project learns")
    parser.add_argument("--size", help="take the pictures at this size, in this process")
    parser.add_argument("--suffix", default="")
    arguments = parser.parse_args()
    out: Path = arguments.out.absolute()
    project = out / f"{arguments.source.name if arguments.source else 'demo'}.deepcuts"
    if arguments.size:
        width, height = map(int, arguments.size.split("x"))
        take_pictures(project, out, width, height, arguments.suffix)
        return
    out.mkdir(parents=True, exist_ok=True)
    make_project(project, [arguments.source] if arguments.source else [], arguments.epochs)
    for size, scale in SHOTS:
        suffix = f"{size}{'@2x' if scale == 2 else ''}"
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
        command = [sys.executable, __file__, *sys.argv[1:], "--size", size, "--suffix", suffix]
        subprocess.run(command, env=environment, check=True)
    say(f"The pictures are in {out}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def make_project(folder: Path, sources: Sequence[Path], epochs: int = _EPOCHS) -> None:
    """Makes a project in which everything has been used; leaves one that is there."""
    if (folder / "project.json").exists():
        return
    half_made = folder.with_suffix(".part")
    shutil.rmtree(half_made, ignore_errors=True)
    project = create_project(half_made)
    say("Preparing a project to show; this takes some minutes, once.")
    if not sources:
        band = folder.with_name("The demo band")
        render_demo_band(band)
        sources = [band]
    project = add_album(project, import_album(sources, half_made).album)
    project = msgspec.structs.replace(project, name=project.album.title or folder.stem)
    sketch = PRESETS["sketch"]
    preset = replace(sketch, train=replace(sketch.train, steps_per_epoch=_STEPS, epochs=epochs))
    prepare(project, half_made, preset)
    run = Run(id="r1", preset="sketch")
    for event in train_run(project, half_made, TrainingPlan(preset, epochs=epochs, seed=1)):
        if isinstance(event, EpochEnd):
            run = run_after(run, event)
            project = put_run(project, run)
            project = add_clips(project, [make_preview(project, half_made, run.id, event.epoch)])
            say(f"  epoch {event.epoch}: {event.held_out_bits:.3f} bits")
    for epoch in sorted({max(epochs * share // 12, 1) for share in (2, 5, 8, 12)}):
        request = ClipRequest(
            run=run.id, epoch=epoch, count=_CLIPS, seconds=_CLIP_SECONDS, seed=100 * epoch, guide=ALBUM_GUIDE, takes=2
        )
        clips = generate_clips(project, half_made, request)
        project = star_clip(add_clips(project, clips), clips[0].id, 1 + epoch // 3)
    say("  clips, titles, covers, songs")
    titles, _ = invent_titles(project, count=300, seed=1)
    project = add_titles(project, titles)
    for title in titles[:40:5]:
        project = star_title(project, title.text, True)
    project = name_release(project, album_name(project, seed=1), project.release.artist)
    project = add_covers(project, make_covers(project, half_made, CoverSettings(), range(1, 5)))
    project = random_recipe(project, songs=6, song_seconds=75.0, seed=2)
    save_project(half_made, project)
    half_made.rename(folder)
    save_project(folder, project)


def take_pictures(prepared: Path, out: Path, width: int, height: int, suffix: str) -> None:
    """Grabs every screen of an empty project and of a copy of the prepared one."""
    make_application()
    with tempfile.TemporaryDirectory() as place:
        shelf = Path(place)
        copy = shelf / prepared.name
        shutil.copytree(prepared, copy)
        for state, (folder, project) in {
            "empty": new_untitled(shelf),
            "in-use": (copy, load_project(copy)),
        }.items():
            window = MainWindow(OpenProject(folder, project), Memory(shelf / "window.json", shelf))
            window.resize(width, height)
            window.show()
            for number, name in enumerate(window.workspace.screens, start=1):
                window.workspace.go(name)
                settle(_SETTLE_SECONDS)
                screen = window.workspace.screens[name]
                if state == "in-use" and isinstance(screen, TrainScreen):
                    screen.resume_learning()  # so that the picture shows a training that runs
                    settle(_LEARN_SECONDS)
                if state == "in-use" and isinstance(screen, ExportScreen):
                    # waveforms and loudness of all songs, which come last
                    songs = screen.songs
                    settle_until(lambda songs=songs: all(row.lufs is not None for row in songs.rows))  # type: ignore[misc]
                path = out / f"{number}-{name}-{state}-{suffix}.png"
                window.grab().save(str(path))
                say(f"  {path.name}")
            window.stop_and_close()
            settle_until(lambda window=window: not window.isVisible())  # type: ignore[misc]


def settle(seconds: float) -> None:
    """Lets the window work for so long: thumbnails and waveforms come from the background."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def settle_until(done: Callable[[], bool]) -> None:
    while not done():
        settle(0.05)


if __name__ == "__main__":
    main()
