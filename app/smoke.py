"""`deepcuts --smoke-test`: does this program, as it was put together, really run?

It opens the real window without a screen and does a small version of everything with the window's own jobs: the demo
band, two steps of learning, clips, a song, titles, a cover, an export; then it opens what came out.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

_LONGEST_JOB_MS = 600_000
_MIDI = bytes.fromhex("4d54686400000006000000010060 4d54726b0000000c 0099247f 60992600 00ff2f00")
"""A file of one kick."""


def smoke_test() -> int:
    """Says what it does on stdout; the exit status is 0 where all of it worked."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads that wait for each other crawl on a busy machine
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="deepcuts-smoke-") as place:
            _run_through(Path(place))
    except Exception:
        traceback.print_exc()
        _say("The smoke test failed.")
        return 1
    _say(f"All of it works ({time.monotonic() - began:.0f} s).")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _run_through(place: Path) -> None:
    from app.desktop import make_application
    from app.document.shelf import new_untitled
    from app.screens.window.main_window import MainWindow
    from app.screens.window.settings import Memory
    from app.session.open_project import OpenProject

    application = make_application()
    path, project = new_untitled(place / "shelf")
    window = MainWindow(OpenProject(path, project), Memory(place / "window.json", place / "shelf"))
    window.show()
    _make_an_album(window)
    for name in window.workspace.screens:
        window.workspace.go(name)
        application.processEvents()
        if window.grab().toImage().isNull():
            raise RuntimeError(f"the screen {name} cannot be drawn")
    _say(f"Showed the screens {', '.join(window.workspace.screens)}.")
    release = _export(window, place / "releases")
    _check_release(release)
    window.stop_and_close()
    while window.isVisible():
        application.processEvents()
    _say("Closed the window.")


def _make_an_album(window: Any) -> None:
    from app.document.edits.made import fill_titles
    from app.document.guide_choice import GuideChoice
    from app.jobs.artwork import use_picture
    from app.jobs.generate import ClipRequest, generate
    from app.jobs.import_album import import_demo_band
    from app.jobs.titles import invent_titles
    from app.jobs.train import PRESETS, TrainingPlan, start_training
    from app.studio.recipes.by_lot import random_recipe

    project, jobs = window.project, window.workspace.jobs
    _wait(import_demo_band(project, jobs))
    _say(f"Imported the demo band: {len(project.value.album.tracks)} tracks.")
    sketch = PRESETS["sketch"]
    tiny = replace(sketch, train=replace(sketch.train, steps_per_epoch=2, epochs=1))
    _wait(start_training(project, jobs, TrainingPlan(tiny, epochs=1)))
    run = project.value.runs[-1]
    _say(f"Learnt two steps: {run.held_out_bits:.2f} bits on held-out music.")
    _wait(generate(project, jobs, ClipRequest(run=run.id, epoch=run.epoch, count=3, seconds=2.0, seed=1)))
    midi = project.folder.parent / "kick.mid"
    midi.write_bytes(_MIDI)
    along = ClipRequest(
        run=run.id, epoch=run.epoch, count=1, seconds=2.0, guide=GuideChoice("pattern", pattern=midi), seed=4
    )
    _wait(generate(project, jobs, along))
    _say(f"Generated: {len(project.value.clips)} clips, one of them along to {project.value.clips[-1].guide}.")
    _wait(invent_titles(project, jobs, count=20, order=2, by="letter", seed=1))
    _wait(use_picture(project, jobs, project.folder / project.value.album.cover))
    project.put("Arrange", random_recipe(project.value, songs=1, song_seconds=4.0, seed=1))
    project.edit("Fill titles", fill_titles, [title.text for title in project.value.titles])
    _say(f"Arranged a song: “{project.value.songs[0].title}”.")


def _export(window: Any, out: Path) -> Path:
    from app.document.edits.release import set_formats
    from app.jobs.export import export_album

    project = window.project
    project.edit("Set formats", set_formats, ("flac", "mp3"))
    release: Path = _wait(export_album(project, window.workspace.jobs, out))
    _say(f"Exported “{release.name}”.")
    return release


def _check_release(release: Path) -> None:
    from app.document.model import SONG_RATE
    from artwork.pictures import open_picture
    from samplernn.audio.reading import read_sound

    songs = [path for path in release.rglob("*") if path.suffix in (".flac", ".mp3")]
    for path in songs:
        samples, rate = read_sound(path)
        if rate != SONG_RATE or samples.shape[1] != 2 or not samples.any():
            raise RuntimeError(f"{path.name} is not stereo sound at 44.1 kHz")
    side = open_picture(next(release.rglob("cover.jpg"))).width
    if {path.suffix for path in songs} != {".flac", ".mp3"}:
        raise RuntimeError(f"there are only {[path.name for path in songs]}")
    _say(f"Opened again: {', '.join(sorted(path.name for path in songs))}, and a cover of {side} pixels.")


def _wait(job: Any) -> Any:
    """Runs the window until the job has ended; gives what it returned."""
    from PySide6.QtCore import QEventLoop, QTimer

    values: list[Any] = []
    faults: list[str] = []
    loop = QEventLoop()
    job.finished.connect(values.append)
    job.failed.connect(faults.append)
    job.ended.connect(loop.quit)
    QTimer.singleShot(_LONGEST_JOB_MS, loop.quit)
    loop.exec()
    if faults or not values:
        raise RuntimeError(faults[0] if faults else f"{job.name} did not end")
    return values[0]
