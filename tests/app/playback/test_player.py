"""The player plays files, pauses, seeks, loops and scrubs, and tells levels and its place."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from app.document.errors import UserError
from app.playback.player import Player, file_source


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """One second of noise at 44.1 kHz in a file that loses nothing."""
    path = tmp_path / "noise.wav"
    sound = np.random.default_rng(0).uniform(-0.5, 0.5, (44_100, 2)).astype(np.float32)
    soundfile.write(path, sound, 44_100, subtype="FLOAT")
    return path


def test_a_file_is_read_as_it_is(second: Path) -> None:
    source = file_source(second)
    assert source.wait(10)
    assert (source.rate, source.frames) == (44_100, 44_100)
    expected, _ = soundfile.read(second, dtype="float32")
    np.testing.assert_array_equal(source.read(100, 50_000), expected[100:])
    assert len(source.read(44_100, 10)) == 0


def test_mono_is_heard_on_both_sides(tmp_path: Path) -> None:
    path = tmp_path / "mono.wav"
    soundfile.write(path, np.linspace(-0.5, 0.5, 4000), 16_000)
    source = file_source(path)
    assert source.wait(10)
    read = source.read(0, 4000)
    np.testing.assert_array_equal(read[:, 0], read[:, 1])


def test_what_is_no_sound_is_refused_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "letter.wav"
    path.write_text("Dear band,")
    with pytest.raises(UserError, match=r"letter\.wav"):
        file_source(path)


def test_it_plays_to_the_end_and_from_the_beginning_again(qtbot: QtBot, player: Player, second: Path) -> None:
    states: list[bool] = []
    places: list[float] = []
    player.state_changed.connect(states.append)
    player.position_changed.connect(places.append)
    player.play(file_source(second), 0.7)
    assert player.is_playing
    qtbot.waitUntil(lambda: not player.is_playing, timeout=10_000)
    assert states == [True, False]
    assert places == sorted(places)
    assert player.position == player.length == 1.0
    player.resume()
    assert player.is_playing
    assert player.position < 0.5


def test_a_pause_stays_and_a_seek_moves(qtbot: QtBot, player: Player, second: Path) -> None:
    player.play(file_source(second))
    qtbot.waitUntil(lambda: player.position > 0.1, timeout=10_000)
    player.pause()
    place = player.position
    assert 0.1 < place < 1.0
    player.seek(0.25)
    assert player.position == 0.25
    assert not player.is_playing
    player.stop()
    assert player.position == 0.0


def test_a_loop_never_ends(qtbot: QtBot, player: Player, second: Path) -> None:
    wraps: list[float] = []
    player.position_changed.connect(wraps.append)
    player.play(file_source(second), 0.0, loop=(0.0, 0.1))
    qtbot.waitUntil(lambda: sum(b < a for a, b in itertools.pairwise(wraps)) >= 3, timeout=10_000)
    assert player.is_playing
    assert max(wraps) <= 0.1001


def test_levels_and_loudness_are_told(qtbot: QtBot, player: Player, second: Path) -> None:
    levels: list[tuple[float, float]] = []
    player.levels_changed.connect(lambda left, right: levels.append((left, right)))
    with qtbot.waitSignal(player.loudness_changed, check_params_cb=lambda lufs: lufs is not None, timeout=10_000):
        player.play(file_source(second))
    assert max(left for left, _ in levels) > 0.3


def test_a_part_plays_to_its_end_and_leaves_the_loop_alone(qtbot: QtBot, player: Player, second: Path) -> None:
    source = file_source(second)
    player.load(source)
    player.set_loop((0.0, 0.2))
    player.play_part(source, 0.3, 0.6)
    qtbot.waitUntil(lambda: not player.is_playing, timeout=10_000)
    assert player.position == 0.6
    assert player.loop == (0.0, 0.2)
    player.play(source, 0.7)
    qtbot.waitUntil(lambda: not player.is_playing, timeout=10_000)
    assert player.position == 1.0


def test_scrubbing_lets_a_moment_be_heard_and_does_not_play_on(qtbot: QtBot, player: Player, second: Path) -> None:
    levels: list[float] = []
    player.levels_changed.connect(lambda left, right: levels.append(left))
    player.load(file_source(second))
    for place in (0.2, 0.3, 0.4):
        player.scrub(place)
        assert not player.is_playing
    qtbot.waitUntil(lambda: any(level > 0.3 for level in levels), timeout=10_000)
    assert player.position == 0.4
    feeder = player._output.feeder
    qtbot.waitUntil(lambda: not feeder.is_sounding, timeout=10_000)
    assert not player.is_playing
    assert player.position == 0.4


def test_scrubbing_while_it_plays_goes_on_from_there(qtbot: QtBot, player: Player, second: Path) -> None:
    player.play(file_source(second))
    qtbot.waitUntil(lambda: player.position > 0.05, timeout=10_000)
    player.scrub(0.8)
    assert player.is_playing
    qtbot.waitUntil(lambda: not player.is_playing, timeout=10_000)
    assert player.position == 1.0


def test_the_sound_of_a_device_is_looked_for_before_it_is_needed(qtbot: QtBot, player: Player) -> None:
    qtbot.waitUntil(lambda: player._output is not None, timeout=10_000)
    assert not player.is_playing
