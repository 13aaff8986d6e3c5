"""The measures of clips in the window: worked out in the background, kept, and told by a signal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.model import Clip
from app.document.store import ProjectFolder
from app.jobs.clip_measures import ClipMeasuring
from samplernn.audio.reading import write_sound
from samplernn.data.build import build_dataset
from tests.app.studio.measures.songs import RATE, song


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("measuring")
    write_sound(folder / "track.flac", song(1, 40), RATE)
    build_dataset([folder / "track.flac"], ProjectFolder(folder).dataset, RATE)
    for number in (1, 2):
        write_sound(folder / "clips" / f"c{number}.flac", song(number + 5, 8), RATE)
    (folder / "clips" / "c3.flac").write_bytes(b"not a sound")
    return folder


@pytest.fixture
def measuring(folder: Path, qtbot: QtBot) -> Iterator[ClipMeasuring]:
    measuring = ClipMeasuring(folder)
    yield measuring
    measuring.close()


def make_clip(id: str) -> Clip:
    return Clip(id=id, run="r1", epoch=1, file=f"clips/{id}.flac", rate=RATE, samples=8 * RATE, seed=1, temperature=1.0)


def test_what_is_wanted_is_told_once_it_is_known(qtbot: QtBot, measuring: ClipMeasuring) -> None:
    clips = [make_clip(f"c{number}") for number in (1, 2, 3)]
    order: list[str] = []
    measuring.ready.connect(order.append)
    measuring.want(clips)
    qtbot.waitUntil(lambda: len(order) == 3, timeout=60_000)
    assert order == ["c1", "c2", "c3"]
    assert len(measuring.known["c1"].sections) == 2
    assert measuring.of(clips[1]) is measuring.known["c2"]
    assert measuring.known["c3"].sections == ()
    measuring.want(clips)
    assert measuring.of(clips[2]) is not None


def test_what_is_asked_for_comes_next_and_what_is_forgotten_anew(qtbot: QtBot, measuring: ClipMeasuring) -> None:
    with qtbot.waitSignal(measuring.ready, timeout=60_000) as told:
        assert measuring.of(make_clip("c2")) is None
    assert told.args == ["c2"]
    measuring.forget("c2")
    with qtbot.waitSignal(measuring.ready, timeout=60_000):
        assert measuring.of(make_clip("c2")) is None


def test_without_a_prepared_album_it_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    measuring = ClipMeasuring(tmp_path)
    with qtbot.waitSignal(measuring.failed, timeout=60_000) as told:
        assert measuring.of(make_clip("c1")) is None
    assert "has not been prepared" in told.args[0]
    measuring.close()


def test_it_ends_amid_its_work(folder: Path, qtbot: QtBot, tmp_path: Path) -> None:
    long = np.tile(song(9, 30), 20)
    write_sound(folder / "clips" / "c9.flac", long, RATE)
    measuring = ClipMeasuring(folder)
    measuring.want([make_clip("c9")])
    measuring.close()
    assert "c9" not in measuring.known
