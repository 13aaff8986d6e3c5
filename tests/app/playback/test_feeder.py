"""What the device pulls is the source: loops, stops, jumps, other rates, and the place that is told."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.playback.feeder import Feeder

RATE = 44_100


@dataclass
class Sound:
    """A source in memory."""

    samples: NDArray[np.float32]
    rate: int = RATE

    @property
    def frames(self) -> int:
        return len(self.samples)

    def read(self, start: int, frames: int) -> NDArray[np.float32]:
        return self.samples[start : start + frames]


def noise(frames: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (frames, 2)).astype(np.float32)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 3000), min_size=1, max_size=12))
def test_what_goes_out_is_the_source_however_it_is_pulled(sizes: list[int]) -> None:
    source = Sound(noise(5000))
    feeder = Feeder(RATE)
    feeder.play(source, 0, None)
    out = np.concatenate([feeder.pull(size) for size in sizes])
    heard = min(len(out), 5000)
    np.testing.assert_array_equal(out[:heard], source.samples[:heard])
    assert not out[heard:].any()


def test_silence_before_and_after() -> None:
    feeder = Feeder(RATE)
    assert not feeder.pull(1000).any()
    assert feeder.heard() is None
    assert not feeder.is_playing


def test_a_loop_goes_round_frame_by_frame() -> None:
    source = Sound(noise(3000))
    feeder = Feeder(RATE)
    feeder.play(source, 0, (1000, 1500))
    out = np.concatenate([feeder.pull(700) for _ in range(5)])
    expected = np.concatenate([source.samples[:1500], *[source.samples[1000:1500]] * 4])
    np.testing.assert_array_equal(out, expected[:3500])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 3000), min_size=1, max_size=12))
def test_a_part_stops_where_it_should_without_a_click(sizes: list[int]) -> None:
    source = Sound(np.full((9000, 2), 0.5, np.float32))
    feeder = Feeder(RATE)
    feeder.play(source, 1000, (0, 1200), 4000)
    out = np.concatenate([feeder.pull(size) for size in [*sizes, 4000]])[:, 0]
    ramp = round(0.005 * RATE)
    np.testing.assert_array_equal(out[ramp : 3000 - ramp], source.samples[:1][0, 0])
    assert not out[3000:].any()
    assert np.abs(np.diff(out)).max() < 0.01
    assert not feeder.is_playing


def test_a_part_that_ends_with_the_source_ends_as_it_was_made() -> None:
    source = Sound(noise(3000))
    feeder = Feeder(RATE)
    feeder.play(source, 0, None, 3000)
    np.testing.assert_array_equal(feeder.pull(4000)[:3000], source.samples)


def test_a_stop_fades_out_within_five_milliseconds() -> None:
    feeder = Feeder(RATE)
    feeder.play(Sound(np.full((RATE, 2), 0.5, np.float32)), 0, None)
    feeder.pull(1000)
    feeder.stop()
    tail = feeder.pull(1000)[:, 0]
    ramp = round(0.005 * RATE)
    assert tail[0] == pytest.approx(0.5, abs=0.01)
    assert np.all(np.diff(tail[:ramp]) < 0)
    assert not tail[ramp:].any()


def test_a_jump_has_no_click() -> None:
    feeder = Feeder(RATE)
    source = Sound(np.concatenate([np.full((RATE, 2), 0.5), np.full((RATE, 2), -0.5)]).astype(np.float32))
    feeder.play(source, 0, None)
    before = feeder.pull(1000)
    feeder.play(source, RATE + 500, None)
    out = np.concatenate([before, feeder.pull(1000)])[:, 0]
    assert np.abs(np.diff(out)).max() < 0.01
    assert out[-1] == -0.5


def test_another_state_of_the_same_sound_is_heard_at_once_and_in_place() -> None:
    feeder = Feeder(RATE)
    old, new = Sound(noise(9000, 1)), Sound(noise(9000, 2))
    feeder.play(old, 0, None)
    feeder.pull(1000)
    feeder.replace(new)
    out = feeder.pull(2000)
    ramp = round(0.005 * RATE)
    np.testing.assert_array_equal(out[ramp:], new.samples[1000 + ramp : 3000])


def test_replacing_a_sound_by_itself_is_not_heard() -> None:
    feeder = Feeder(RATE)
    source = Sound(noise(9000))
    feeder.play(source, 0, None)
    feeder.pull(1000)
    feeder.replace(Sound(source.samples))
    np.testing.assert_allclose(feeder.pull(2000), source.samples[1000:3000], atol=1e-6)


def test_other_rates_are_resampled_with_their_length_and_pitch() -> None:
    seconds = np.arange(16_000) / 16_000
    tone = np.repeat(np.sin(2 * np.pi * 440 * seconds)[:, None], 2, axis=1).astype(np.float32)
    feeder = Feeder(RATE)
    feeder.play(Sound(tone, 16_000), 0, None)
    out = np.concatenate([feeder.pull(512) for _ in range(RATE // 512 + 2)])
    expected = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    np.testing.assert_allclose(out[1000 : RATE - 1000, 0], expected[1000:-1000], atol=0.01)


def test_the_place_is_that_of_what_has_been_heard() -> None:
    feeder = Feeder(RATE)
    feeder.set_latency(2000)
    feeder.play(Sound(noise(RATE)), 5000, None)
    feeder.pull(2000)
    place = feeder.heard()
    assert place is not None
    assert 5000 <= place <= 7000
    time.sleep(0.06)
    assert feeder.heard() == 7000


def test_it_ends_once_the_last_frame_has_been_heard() -> None:
    feeder = Feeder(RATE)
    feeder.set_latency(1500)
    feeder.play(Sound(noise(1000)), 0, None)
    feeder.pull(1500)
    assert feeder.is_playing
    time.sleep(0.06)
    assert not feeder.is_playing


def test_it_ends_though_the_device_goes_on_pulling() -> None:
    feeder = Feeder(RATE)
    feeder.set_latency(1500)
    feeder.play(Sound(noise(1000)), 0, None)
    feeder.pull(1500)
    assert feeder.is_playing
    for _ in range(RATE // 100):
        feeder.pull(100)
        time.sleep(0.0005)
        if not feeder.is_playing:
            break
    assert not feeder.is_playing


def test_a_source_without_a_frame_ends_at_once() -> None:
    feeder = Feeder(RATE)
    feeder.play(Sound(noise(0)), 0, None)
    feeder.pull(100)
    assert not feeder.is_playing


def test_what_was_stopped_sounds_until_it_has_rung_out() -> None:
    feeder = Feeder(RATE)
    assert not feeder.is_sounding
    feeder.play(Sound(noise(RATE)), 0, None)
    feeder.pull(1000)
    feeder.stop()
    assert feeder.is_sounding
    feeder.pull(1000)
    assert not feeder.is_sounding


def test_another_device_may_want_another_rate() -> None:
    seconds = np.arange(RATE) / RATE
    tone = np.repeat(np.sin(2 * np.pi * 440 * seconds)[:, None], 2, axis=1).astype(np.float32)
    feeder = Feeder(RATE)
    feeder.play(Sound(tone), 0, None)
    feeder.pull(4410)
    feeder.set_rate(48_000)
    out = np.concatenate([feeder.pull(480) for _ in range(60)])[1000:25_000, 0]
    turns = np.count_nonzero(np.diff(np.signbit(out)))
    assert turns / 2 / (len(out) / 48_000) == pytest.approx(440, abs=4)


def test_a_source_that_is_not_decoded_yet_waits_in_silence() -> None:
    class Growing(Sound):
        ready = 500

        def read(self, start: int, frames: int) -> NDArray[np.float32]:
            return self.samples[start : min(start + frames, self.ready)]

    source = Growing(noise(3000))
    feeder = Feeder(RATE)
    feeder.play(source, 0, None)
    first = feeder.pull(1000)
    np.testing.assert_array_equal(first[:500], source.samples[:500])
    assert not first[500:].any()
    source.ready = 3000
    np.testing.assert_array_equal(feeder.pull(1000), source.samples[500:1500])
