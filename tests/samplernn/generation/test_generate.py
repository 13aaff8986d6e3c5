"""Clips are generated as blocks and as files, with a prime, and cancelled or failed ones leave nothing."""

from __future__ import annotations

import json
import os
from concurrent.futures import CancelledError
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from samplernn.audio.reading import write_sound
from samplernn.data.quantise import encode
from samplernn.errors import SoundError
from samplernn.generation.generate import GenerationRequest, generate, generate_to_files
from samplernn.generation.priming import Prime
from samplernn.generation.sampling import SamplingParameters
from samplernn.guides.guide import Guide
from samplernn.guides.strokes import BANDS, PER_SECOND


def test_a_prime_is_read_from_any_file_and_changes_what_follows(small, checkpoint, tmp_path):
    song = tmp_path / "song.wav"
    write_sound(song, np.random.default_rng(1).normal(0, 0.2, (3 * 44_100, 2)).astype(np.float32), 44_100, format="wav")
    plain = generate(GenerationRequest(checkpoint, seconds=0.1, seeds=[1]))
    primed = generate(GenerationRequest(checkpoint, seconds=0.1, seeds=[1], prime=Prime(song)))
    louder = generate(GenerationRequest(checkpoint, seconds=0.1, seeds=[1], prime=Prime(song, gain=2.0)))
    assert primed.shape == plain.shape
    assert not np.array_equal(primed, plain)
    assert not np.array_equal(primed, louder)
    (path,) = generate_to_files(
        GenerationRequest(checkpoint, seconds=0.1, seeds=[1], prime=Prime(song)), tmp_path, ["c1"]
    )
    assert json.loads(path.with_suffix(".json").read_text())["prime"] == "song.wav"
    (tmp_path / "words.mp3").write_text("no sound")
    with pytest.raises(SoundError, match=r"words\.mp3"):
        generate(GenerationRequest(checkpoint, seconds=0.1, seeds=[1], prime=Prime(tmp_path / "words.mp3")))


def test_blocks_join_without_a_seam(small, checkpoint):
    whole = generate(GenerationRequest(checkpoint, seconds=0.3, seeds=[1, 2]))
    again = generate(GenerationRequest(checkpoint, seconds=0.3, seeds=[1, 2]))
    assert whole.shape == (2, round(0.3 * small.rate))
    assert whole.dtype == np.float32
    assert np.array_equal(whole, again)
    assert np.abs(whole).max() <= 1.0


def test_files_hold_the_clips_and_tell_where_they_come_from(small, checkpoint, tmp_path):
    told: list[float] = []
    paths = generate_to_files(
        GenerationRequest(checkpoint, seconds=0.2, seeds=[1, 2]), tmp_path / "clips", ["a", "b"],
        report=lambda fraction, words: told.append(fraction),
    )  # fmt: skip
    sound = generate(GenerationRequest(checkpoint, seconds=0.2, seeds=[1, 2]))
    for name, path, expected in zip("ab", paths, sound, strict=True):
        heard, rate = soundfile.read(path, dtype="float32")
        assert rate == small.rate
        assert np.allclose(heard, expected, atol=1e-6)
        assert np.array_equal(encode(heard, 256, "mu-law"), encode(expected, 256, "mu-law"))
        facts = json.loads(path.with_suffix(".json").read_text())
        assert (facts["id"], facts["epoch"], facts["rate"]) == (name, 3, small.rate)
        assert facts["seed"] in (1, 2)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert sorted(path.name for path in (tmp_path / "clips").iterdir()) == ["a.flac", "a.json", "b.flac", "b.json"]


def test_files_tell_what_was_asked_of_each_clip(small, checkpoint, tmp_path):
    curve = SamplingParameters(((0.0, 0.8), (0.2, 1.2)), top_k=40, top_p=0.9)
    paths = generate_to_files(
        GenerationRequest(checkpoint, seconds=0.2, seeds=[1, 2], parameters=[curve, SamplingParameters()]),
        tmp_path,
        ["a", "b"],
    )
    curved, plain = (json.loads(path.with_suffix(".json").read_text()) for path in paths)
    assert (curved["temperature"], curved["temperatures"]) == (0.8, [[0.0, 0.8], [0.2, 1.2]])
    assert (curved["top_k"], curved["top_p"]) == (40, 0.9)
    assert plain["temperature"] == SamplingParameters().temperature
    assert plain.keys().isdisjoint({"temperatures", "top_k", "top_p", "escapes"})


def test_a_cancelled_generation_leaves_nothing(checkpoint, tmp_path):
    blocks: list[float] = []
    with pytest.raises(CancelledError):
        generate_to_files(
            GenerationRequest(checkpoint, seconds=60, seeds=[1]), tmp_path / "clips", ["a"],
            report=lambda fraction, words: blocks.append(fraction), cancelled=lambda: len(blocks) >= 2,
        )  # fmt: skip
    assert list((tmp_path / "clips").iterdir()) == []


@pytest.mark.parametrize(
    "settings",
    [{"seconds": 0}, {"seconds": 1e-5}, {"seconds": float("nan")}, {"seconds": 1e9},
     {"parameters": [SamplingParameters()] * 2}, {"seeds": []}, {"seeds": [-1]}, {"seeds": [2**64]},
     {"device": "toaster"}],
)  # fmt: skip
def test_settings_out_of_range_are_refused(checkpoint, settings):
    with pytest.raises(SoundError):
        generate(GenerationRequest(checkpoint, **({"seconds": 0.1, "seeds": [1]} | settings)))


@pytest.mark.parametrize("names", [["../out"], [""], ["a", "a"], ["a/b"], ["a", "b", "c"]])
def test_names_that_are_no_names_are_refused(checkpoint, tmp_path, names):
    with pytest.raises(SoundError):
        generate_to_files(
            GenerationRequest(checkpoint, seconds=0.1, seeds=list(range(len(names)))[:2]), tmp_path / "clips", names
        )


@pytest.mark.skipif(os.name == "nt", reason="needs a limit on the size of files")
def test_clips_that_find_no_room_are_told_and_leave_nothing(checkpoint, tmp_path):
    import resource
    import signal

    (whole,) = generate_to_files(GenerationRequest(checkpoint, seconds=0.5, seeds=[1]), tmp_path / "whole", ["c1"])
    before = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (whole.stat().st_size - 300, before[0][1]))
    try:
        with pytest.raises(SoundError, match="could not be written"):
            generate_to_files(GenerationRequest(checkpoint, seconds=0.5, seeds=[1]), tmp_path / "cut", ["c1"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before[0])
        signal.signal(signal.SIGXFSZ, before[1])
    assert list((tmp_path / "cut").iterdir()) == []


def test_clips_play_along_to_their_guides(small, checkpoint, tmp_path):
    """Each clip as long as asked, at its own guide's levels; its file tells which guide that was."""
    swell = np.linspace(-60, -20, PER_SECOND)[:, None] * np.ones(BANDS)
    guides = [Guide(strokes.astype(np.float32), name, bpm=bpm) for strokes, name, bpm in
              ((swell, "rising", 120.0), (swell[::-1], "falling", None))]  # fmt: skip
    request = GenerationRequest(checkpoint, seconds=1.0, seeds=[1, 2], guides=guides)
    rising, falling = generate(request)
    assert rising.shape == (small.rate,)
    assert np.abs([rising, falling]).max() <= 1.0
    levels = np.array([[np.std(part) for part in np.array_split(sound, 4)] for sound in (rising, falling)])
    assert (np.diff(levels[0]) > 0).all()
    assert (np.diff(levels[1]) < 0).all()
    paths = generate_to_files(request, tmp_path, ["a", "b"])
    np.testing.assert_allclose(soundfile.read(paths[0])[0], rising, atol=1e-5)
    told = [json.loads(path.with_suffix(".json").read_text()) for path in paths]
    assert [(facts["guide"], facts["follow"], facts.get("bpm")) for facts in told] == [
        ("rising", 1.0, 120.0), ("falling", 1.0, None),
    ]  # fmt: skip
    with pytest.raises(SoundError, match="settings of its own"):
        generate(replace(request, seeds=[1, 2, 3]))


def test_a_guide_changes_nothing_of_what_the_model_draws(small, checkpoint):
    """Followed not at all, a clip is the same as without one."""
    plain = generate(GenerationRequest(checkpoint, seconds=0.3, seeds=[1]))
    level = Guide(np.full((100, BANDS), -20, np.float32), "level", follow=0.0)
    loose = generate(GenerationRequest(checkpoint, seconds=0.3, seeds=[1], guides=[level]))
    quiet = np.abs(plain) < 0.75
    np.testing.assert_allclose(loose[quiet], plain[quiet], atol=1e-4)
