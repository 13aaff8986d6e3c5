"""Sound that is heard while it is made: the same as from a file, soft at its holes, and kept as it was heard."""

from __future__ import annotations

import gc
import json
import threading
import tracemalloc
import weakref
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.document.errors import UserError
from app.document.model import Project
from app.studio.generation.clip_files import found_clips
from app.studio.generation.generate import one_thread
from app.studio.generation.live import LiveRequest, LiveSound
from app.studio.generation.live_recording import keep_recording
from app.studio.generation.passing_offset import PassingOffset
from samplernn.errors import SoundError
from samplernn.generation.sampling import SamplingParameters
from tests.app.conftest import add_checkpoints

RATE = 4000


@pytest.fixture
def folder(made_project: tuple[Path, Project]) -> Path:
    add_checkpoints(made_project[0], 3)
    return made_project[0]


def opened(folder: Path, *, seed: int = 5, kept_seconds: float = 120.0) -> LiveSound:
    request = LiveRequest("run-1", 3, seed, temperature=1.0, escape=False, device="cpu")
    return LiveSound(folder, request, kept_seconds=kept_seconds)


def played(sound: np.ndarray, first: int) -> np.ndarray:
    """What is heard of sound that a model made, whose offset is taken off; `first` is the length of the first block."""
    passing = PassingOffset(RATE)
    return np.concatenate([passing.free(sound[:first]), passing.free(sound[first:])])


def gather(sound: LiveSound) -> None:
    while sound.wait_for_room(0.0):
        sound.make()


def generated(folder: Path, seconds: float, parameters: SamplingParameters) -> np.ndarray:
    from samplernn.generation.generate import GenerationRequest, generate

    path = folder / "runs/run-1/checkpoints/epoch-0003.safetensors"
    return generate(GenerationRequest(path, seconds, [5], parameters, device="cpu"))[0]


def test_it_is_what_the_checkpoint_generates(folder: Path) -> None:
    sound = opened(folder)
    sound.make()
    first, parts = sound._made, []
    for _ in range(10):
        gather(sound)
        parts.append(sound.read(0, 300))
    heard = np.concatenate(parts)
    expected = generated(folder, 0.75, SamplingParameters(1.0))
    np.testing.assert_array_equal(heard[:, 0], heard[:, 1])
    np.testing.assert_allclose(heard[20:, 0], played(expected, first)[20:], atol=1e-6)
    assert np.abs(heard[0]).max() == 0.0  # it comes up softly
    recording = sound.recording(60.0)
    np.testing.assert_array_equal(recording.sound, expected)
    assert (recording.begin, recording.rate, recording.seed, recording.temperatures) == (0, RATE, 5, ((0.0, 1.0),))


def test_what_was_steered_is_heard_soon_and_can_be_made_again(folder: Path) -> None:
    sound = opened(folder)
    for temperature in (0.6, 1.3, 0.9):
        for _ in range(6):
            gather(sound)
            sound.read(0, 400)
        sound.set_parameters(temperature, False)
    for _ in range(6):
        gather(sound)
        sound.read(0, 400)
    recording = sound.recording(60.0)
    values = [value for _, value in recording.temperatures]
    assert values == [1.0, 1.0, 0.6, 0.6, 1.3, 1.3, 0.9]
    first_change = recording.temperatures[2][0] * RATE
    assert 2400 <= first_change <= 2400 + 2 * 0.25 * RATE
    np.testing.assert_array_equal(recording.sound, generated(folder, 2.4, SamplingParameters(recording.temperatures)))
    later = sound.recording(0.1)
    assert later.begin == round(2.3 * RATE)
    assert later.temperatures[0] == (0.0, 0.9)
    with pytest.raises(SoundError):
        sound.set_parameters(50.0, False)


def test_where_it_is_too_slow_it_ends_softly_waits_and_goes_on(folder: Path) -> None:
    sound = opened(folder)
    assert not sound.read(0, 100).any()
    assert not sound.is_gathering  # it has not begun yet
    sound.make()
    first = sound._made
    gather(sound)
    assert sound.is_ready
    there = sound.read(0, 100_000)[:, 0]
    count = int(sound.seconds_heard * RATE)
    assert 0.25 * RATE <= count < 100_000
    assert not there[count:].any()
    assert there[count - 1] == 0.0
    assert sound.is_gathering
    sound.make()
    assert not sound.read(0, 100).any()  # it is not enough yet
    gather(sound)
    again = sound.read(0, 1000)[:, 0]
    assert not sound.is_gathering
    expected = generated(folder, 2.0, SamplingParameters(1.0))
    np.testing.assert_allclose(again[20:], played(expected, first)[count + 20 : count + 1000], atol=1e-6)
    np.testing.assert_array_equal(sound.recording(60.0).sound, expected[: count + 1000])


def test_holes_make_it_gather_more_but_not_without_end(folder: Path) -> None:
    sound = opened(folder)
    lengths = []
    for _ in range(7):
        gather(sound)
        before = sound.seconds_heard
        sound.read(0, 100_000)
        lengths.append(sound.seconds_heard - before)
    assert lengths[1] > 1.5 * lengths[0]
    assert lengths == sorted(lengths)
    assert lengths[-1] < 4.5


def test_only_the_last_of_it_is_kept(folder: Path) -> None:
    sound = opened(folder, kept_seconds=1.0)
    for _ in range(110):
        gather(sound)
        sound.read(0, 400)
    recording = sound.recording(60.0)
    np.testing.assert_array_equal(recording.sound, generated(folder, 11.0, SamplingParameters(1.0))[-RATE:])
    assert recording.begin == 10 * RATE


def test_nothing_grows_while_it_plays(folder: Path) -> None:
    sound = opened(folder, kept_seconds=1.0)

    def play(blocks: int) -> None:
        for _ in range(blocks):
            gather(sound)
            sound.read(0, 400)

    tracemalloc.start()
    play(30)
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    play(60)
    gc.collect()  # what SciPy leaves in circles
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 16 * 1024


def test_the_picture_shows_what_was_heard_and_does_not_shimmer(folder: Path) -> None:
    sound = opened(folder)
    lows, highs = sound.outline(1.0, 40)
    assert len(lows) == len(highs) == 0
    gather(sound)
    sound.read(0, 550)
    lows, highs = sound.outline(1.0, 40)
    assert len(lows) == 5
    assert (lows <= highs).all()
    gather(sound)
    sound.read(0, 230)
    later, _ = sound.outline(1.0, 40)
    np.testing.assert_array_equal(later[:5], lows)
    assert len(later) == 7


def test_once_closed_it_ends_but_can_still_be_kept(folder: Path) -> None:
    sound = opened(folder)
    with pytest.raises(UserError, match="nothing to keep"):
        sound.recording(30.0)
    gather(sound)
    sound.read(0, 500)
    assert sound.frames > 10**9
    assert sound._stream is not None
    stream = weakref.ref(sound._stream)
    sound.close()
    gc.collect()
    assert stream() is None  # and with it the model
    assert sound.frames == 0
    sound.make()
    assert len(sound.recording(30.0).sound) == 500


def test_the_speed_is_known_after_a_while(folder: Path) -> None:
    sound = opened(folder)
    assert sound.speed is None
    sound.make()
    sound.make()
    assert sound.speed is not None
    assert sound.speed > 0.0


def test_a_checkpoint_that_is_gone_is_told_plainly(folder: Path) -> None:
    with pytest.raises(UserError, match="no checkpoint of epoch 4 any more"):
        LiveSound(folder, LiveRequest("run-1", 4, seed=1))


def test_a_take_becomes_a_clip_like_any_other(made_project: tuple[Path, Project], folder: Path) -> None:
    sound = opened(folder)
    gather(sound)
    sound.read(0, 500)
    sound.set_parameters(1.4, False)
    for _ in range(6):
        gather(sound)
        sound.read(0, 500)
    recording = sound.recording(0.8)
    project = made_project[1]
    clip = keep_recording(project, folder, recording)
    assert clip.id not in {known.id for known in project.clips}
    assert (clip.run, clip.epoch, clip.rate, clip.samples, clip.seed) == ("run-1", 3, RATE, 3200, 5)
    kept, rate = soundfile.read(folder / clip.file, dtype="float32")
    assert rate == RATE
    np.testing.assert_allclose(kept, recording.sound, atol=2**-22)
    facts = json.loads((folder / clip.file).with_suffix(".json").read_text())
    assert facts["live"] == recording.begin / RATE
    assert [value for _, value in facts["temperatures"]] == [value for _, value in recording.temperatures]
    assert facts["temperatures"][-1][1] == 1.4
    assert clip in found_clips(folder)
    assert keep_recording(project, folder, recording).id != clip.id
    assert not list((folder / "clips").glob(".*"))


def test_a_take_that_cannot_be_written_leaves_nothing(made_project: tuple[Path, Project], folder: Path) -> None:
    sound = opened(folder)
    gather(sound)
    sound.read(0, 500)
    before = sorted((folder / "clips").iterdir())
    (folder / "clips").rename(folder / "elsewhere")
    (folder / "clips").write_text("in the way")
    with pytest.raises(UserError, match="kept"):
        keep_recording(made_project[1], folder, sound.recording(1.0))
    (folder / "clips").unlink()
    (folder / "elsewhere").rename(folder / "clips")
    assert sorted((folder / "clips").iterdir()) == before


def test_one_thread_is_a_matter_of_this_thread_alone() -> None:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    seen: list[int] = []
    try:
        with one_thread():
            assert torch.get_num_threads() == 1
            other = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
            other.start()
            other.join()
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert seen == [2]
