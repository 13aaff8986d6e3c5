"""Waveforms of clips: the same levels at every scale, however they are asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from app.document.clip_names import DAMAGED
from app.document.model import SONG_RATE, Clip, Project
from app.jobs.peaks import ClipWaves
from app.studio.analysis.peaks import Peaks, peaks_of

Made = tuple[Path, Project]


@pytest.fixture
def waves(made_project: Made) -> Iterator[ClipWaves]:
    made = ClipWaves(made_project[0])
    yield made
    made.close()


def known(waves: ClipWaves, clip: Clip, qtbot: QtBot) -> None:
    if waves.window(clip, 0, clip.frames, 10) is None:
        qtbot.waitUntil(lambda: waves.window(clip, 0, clip.frames, 10) is not None)


def test_nothing_is_known_at_first_and_ready_says_when_it_is(
    waves: ClipWaves, made_project: Made, qtbot: QtBot
) -> None:
    clip = made_project[1].clips[0]
    with qtbot.waitSignal(waves.ready) as ready:
        assert waves.window(clip, 0, clip.frames, 100) is None
    assert ready.args == [clip.id]
    lows, highs = waves.window(clip, 0, clip.frames, 100) or ()
    assert lows.shape == highs.shape == (100,)
    assert highs.max() == pytest.approx(0.7, abs=0.03)
    assert lows.min() == pytest.approx(-0.7, abs=0.05)


def test_a_part_of_a_clip_shows_its_own_levels(waves: ClipWaves, made_project: Made, qtbot: QtBot) -> None:
    folder, project = made_project
    clip = project.clips[3]
    known(waves, clip, qtbot)
    sound, rate = soundfile.read(folder / clip.file, dtype="float32")
    start, frames = 2 * SONG_RATE, SONG_RATE
    lows, highs = waves.window(clip, start, frames, 20) or ()
    for column in range(20):
        first = round((2 + column / 20) * rate)
        part = sound[first : first + rate // 20]
        assert highs[column] >= part.max() - 1e-3
        assert lows[column] <= part.min() + 1e-3
        wider = sound[max(first - 1024, 0) : first + rate // 20 + 1024]
        assert highs[column] <= wider.max() + 1e-3


def test_single_samples_are_looked_at_one_by_one(waves: ClipWaves, made_project: Made, qtbot: QtBot) -> None:
    clip = made_project[1].clips[0]
    known(waves, clip, qtbot)
    coarse = waves.window(clip, 1000, 200, 400)
    assert coarse is not None
    qtbot.waitUntil(lambda: not np.array_equal((waves.window(clip, 1000, 200, 400) or coarse)[1], coarse[1]))
    lows, highs = waves.window(clip, 1000, 200, 400) or ()
    assert np.all(highs >= lows)
    assert float(np.mean(highs - lows)) < 0.02  # half a sample wide: hardly any swing within a column
    whole = waves.window(clip, 1000, 200, 1) or ()
    assert whole[1][0] == pytest.approx(highs.max(), abs=1e-6)
    assert whole[0][0] == pytest.approx(lows.min(), abs=1e-6)


def test_a_clip_that_is_gone_is_silence(waves: ClipWaves, made_project: Made, qtbot: QtBot) -> None:
    folder, project = made_project
    (folder / project.clips[0].file).unlink()
    known(waves, project.clips[0], qtbot)
    lows, highs = waves.window(project.clips[0], 0, 1000, 50) or ()
    assert not lows.any()
    assert not highs.any()


def test_closing_waits_for_the_thread_and_nothing_is_worked_out_afterwards(
    waves: ClipWaves, made_project: Made, qtbot: QtBot
) -> None:
    for clip in made_project[1].clips:
        waves.window(clip, 0, 1000, 10)
    waves.close()
    with qtbot.assertNotEmitted(waves.ready, wait=100):
        waves.window(Clip(**{**_fields(made_project[1].clips[0]), "id": "c9999"}), 0, 1000, 10)


def _fields(clip: Clip) -> dict:
    from msgspec.structs import asdict

    return asdict(clip)


def test_a_file_that_changes_while_it_is_read_is_read_again(
    waves: ClipWaves, made_project: Made, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read of the old file comes after the new one is there."""
    folder, project = made_project
    clip = project.clips[0]
    was_read, go_on = threading.Event(), threading.Event()

    def slowly(path: Path, cache: Path) -> Peaks:
        peaks = peaks_of(path, cache)
        was_read.set()
        assert go_on.wait(20)
        return peaks

    monkeypatch.setattr("app.studio.analysis.peaks.peaks_of", slowly)
    assert waves.window(clip, 0, clip.frames, 10) is None
    assert was_read.wait(20)
    path = folder / clip.file
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    waves.forget(clip)
    go_on.set()
    qtbot.waitUntil(lambda: waves.flaws == {clip.id: DAMAGED}, timeout=20_000)
