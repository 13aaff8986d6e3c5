"""An album as a dataset: split, silences, amplitude, when it is prepared again, and what is refused."""

from __future__ import annotations

import os
from concurrent.futures import CancelledError
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from samplernn.audio.reading import CUT_OFF, Encoding, write_sound
from samplernn.audio.signal_statistics import AmplitudeMeter, Span
from samplernn.data import split
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from samplernn.data.report import CLIPPED, MOSTLY_SILENCE, VERY_SHORT
from samplernn.errors import SoundError
from tests.mapping import is_mapped

RATE = 8_000


def music(seconds: float, level: float = 0.5, seed: int = 0, rate: int = RATE) -> np.ndarray:
    """Noise with a rhythm; float32 [n]."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    return (level * random.uniform(-1, 1, len(time)) * (0.3 + 0.7 * np.abs(np.sin(9 * time)))).astype(np.float32)


def silence(seconds: float, rate: int = RATE) -> np.ndarray:
    return np.zeros(round(seconds * rate), np.float32)


def track(folder: Path, name: str, *parts: np.ndarray, rate: int = RATE) -> Path:
    path = folder / f"{name}.wav"
    write_sound(path, np.concatenate(parts), rate, format=Encoding("wav", subtype="FLOAT"))
    return path


# where the parts lie


def tracks_of(lengths: list[int]) -> list[Span]:
    ends = np.cumsum([0, *lengths]).tolist()
    return [Span(start, stop) for start, stop in pairwise(ends)]


def samples_in(spans: tuple[Span, ...]) -> set[int]:
    return {sample for span in spans for sample in range(*span)}


@settings(deadline=None)
@given(lengths=st.lists(st.integers(0, 300), max_size=6), length=st.integers(1, 80), count=st.integers(0, 60))
def test_no_sample_is_in_two_parts_however_it_is_chunked(lengths: list[int], length: int, count: int) -> None:
    parts = split.regions(tracks_of(lengths))
    heard = {part: samples_in(spans) for part, spans in parts.items()}
    assert sum(len(samples) for samples in heard.values()) == sum(lengths)
    assert set().union(*heard.values()) == set(range(sum(lengths)))
    for part, spans in parts.items():
        chunks = split.chunks(spans, length)
        assert samples_in(chunks) == heard[part]
        assert all(chunk.length <= length for chunk in chunks)
        assert len(chunks) == sum(-(-span.length // length) for span in spans)
    for chunk in split.overlapping_chunks(parts["train"], length, count):
        assert chunk.length == length
        assert set(range(*chunk)) <= heard["train"]


@settings(deadline=None)
@given(lengths=st.lists(st.integers(1, 10_000), min_size=1, max_size=6))
def test_every_track_is_split_88_6_6(lengths: list[int]) -> None:
    tracks = tracks_of(lengths)
    parts = split.regions(tracks)
    for part, share in (("train", 0.88), ("valid", 0.06), ("test", 0.06)):
        for whole in tracks:
            inside = [span for span in parts[part] if whole.start <= span.start and span.stop <= whole.stop]
            assert sum(span.length for span in inside) == pytest.approx(share * whole.length, abs=1.001)


@settings(deadline=None)
@given(
    lengths=st.lists(st.integers(1, 500), min_size=1, max_size=5), length=st.integers(1, 100), count=st.integers(1, 200)
)
def test_overlapping_chunks_are_spread_evenly(lengths: list[int], length: int, count: int) -> None:
    spans = tracks_of(lengths)
    chunks = split.overlapping_chunks(spans, length, count)
    fitting = [span for span in spans if span.length >= length]
    assert len(chunks) == (count if fitting else 0)
    for span in fitting:
        inside = [chunk.start for chunk in chunks if span.start <= chunk.start < span.stop]
        total = sum(other.length - length + 1 for other in fitting)
        assert len(inside) == pytest.approx(count * (span.length - length + 1) / total, abs=1)
        assert inside == sorted(inside)


# silence


@settings(deadline=None)
@given(
    runs=st.lists(st.tuples(st.booleans(), st.floats(0.05, 2.0)), min_size=1, max_size=6),
    cut=st.integers(100, 5_000),
)
def test_only_long_silences_go(runs: list[tuple[bool, float]], cut: int) -> None:
    loud = [np.full(round(seconds * RATE), sounding, bool) for sounding, seconds in runs]
    mask = np.concatenate([np.zeros(RATE // 10, bool), *loud, np.ones(RATE // 10, bool)])
    sound = np.where(mask, music(len(mask) / RATE)[: len(mask)] + 0.1, 0).astype(np.float32)
    amplitude = AmplitudeMeter(RATE)
    for start in range(0, len(sound), cut):
        amplitude.add(sound[start : start + cut])
    kept = np.zeros(len(sound), bool)
    spans = amplitude.sounding(amplitude.peak)
    for span in spans:
        kept[slice(*span)] = True
    assert sum(span.length for span in spans) == kept.sum()
    assert amplitude.offset == pytest.approx(sound.mean(), abs=1e-6)
    steps = np.flatnonzero(np.diff(np.concatenate([[False], ~kept, [False]]).astype(int)))
    for start, stop in zip(steps[::2], steps[1::2], strict=True):
        assert stop - start > 0.4 * RATE


def test_a_silence_with_an_offset_is_a_silence() -> None:
    amplitude = AmplitudeMeter(RATE)
    amplitude.add(np.concatenate([music(4.0), silence(3.0)]) + np.float32(0.1))
    assert sum(span.length for span in amplitude.sounding(amplitude.peak)) / RATE == pytest.approx(4.0, abs=0.1)
    assert amplitude.offset == pytest.approx(0.1, abs=0.01)


# building


@pytest.fixture
def album(tmp_path: Path) -> list[Path]:
    return [
        track(tmp_path, "one", silence(1.0), music(20.0), silence(3.0), music(4.0), silence(0.2), music(4.0)),
        track(tmp_path, "two", music(10.0, 0.25, seed=1)),
    ]


def test_an_album_becomes_a_dataset(album: list[Path], tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    report = build_dataset(album, tmp_path / "dataset", RATE, lambda fraction, doing: told.append((fraction, doing)))
    dataset = Dataset.open(tmp_path / "dataset")
    assert report.seconds == pytest.approx(38.2, abs=0.2)
    assert report.silence_removed == pytest.approx(4.0, abs=0.2)
    assert report.seconds + report.silence_removed == pytest.approx(42.2)
    assert report.warnings == ()
    assert report.consistent
    assert not report.reused
    assert dataset.report == report
    assert dataset.rate == RATE
    (kept,) = (tmp_path / "dataset").glob("sound-*.npy")
    assert is_mapped(dataset.sound, kept)
    assert dataset.sound.dtype == np.float32
    assert np.abs(dataset.sound).max() == pytest.approx(0.95, abs=1e-5)
    assert [span.length for span in dataset.tracks] == [round(one.seconds * RATE) for one in report.tracks]
    assert {part: len(dataset.chunks(part)) for part in split.PARTS} == report.chunks
    assert len(dataset.overlapping_chunks(100)) == 100
    assert sum(span.length for span in dataset.train) == pytest.approx(0.88 * len(dataset.sound), abs=3)
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert sorted(path.name for path in (tmp_path / "dataset").iterdir())[0] == "dataset.json"
    assert len(list((tmp_path / "dataset").iterdir())) == 2


def test_one_gain_keeps_the_tracks_in_proportion(album: list[Path], tmp_path: Path) -> None:
    build_dataset(album, tmp_path / "dataset", RATE)
    dataset = Dataset.open(tmp_path / "dataset")
    first, second = (np.abs(dataset.sound[slice(*span)]).max() for span in dataset.tracks)
    assert first / second == pytest.approx(2.0, rel=0.01)
    assert dataset.gain == pytest.approx(0.95 / 0.5, rel=0.01)


def test_offsets_are_taken_out(tmp_path: Path) -> None:
    path = track(tmp_path, "leaning", music(12.0, 0.3) + np.float32(0.2))
    build_dataset([path], tmp_path / "dataset", RATE)
    assert Dataset.open(tmp_path / "dataset").sound.mean() == pytest.approx(0.0, abs=1e-5)


def test_tracks_of_any_rate_and_channels_are_joined(tmp_path: Path) -> None:
    stereo = np.repeat(music(8.0, rate=44_100)[:, None], 2, axis=1)
    write_sound(tmp_path / "stereo.ogg", stereo, 44_100, format="ogg")
    paths = [tmp_path / "stereo.ogg", track(tmp_path, "mono", music(8.0, rate=22_050), rate=22_050)]
    assert build_dataset(paths, tmp_path / "dataset", 16_000).seconds == pytest.approx(16.0, abs=0.01)


def test_silence_stays_where_that_is_asked_for(album: list[Path], tmp_path: Path) -> None:
    report = build_dataset(album, tmp_path / "dataset", RATE, remove_silence=False)
    assert report.silence_removed == 0
    assert report.seconds == pytest.approx(42.2)


def test_an_unchanged_album_is_not_read_again(album: list[Path], tmp_path: Path) -> None:
    first = build_dataset(album, tmp_path / "dataset", RATE)
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "dataset").iterdir()}
    again = build_dataset(album, tmp_path / "dataset", RATE)
    assert again.reused
    assert again.seconds == first.seconds
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "dataset").iterdir()} == files


def test_a_changed_album_is_read_again(album: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "dataset"
    before = build_dataset(album, folder, RATE)
    track(tmp_path, "two", music(15.0, 0.25, seed=2))
    after = build_dataset(album, folder, RATE)
    assert not after.reused
    assert after.seconds == pytest.approx(before.seconds + 5.0)
    assert not build_dataset(album[::-1], folder, RATE).reused
    assert not build_dataset(album, folder, 2 * RATE).reused
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("damage", ["cut", "index", "shorter", "missing", "elsewhere", "deep"])
def test_a_damaged_dataset_is_refused_and_made_again(album: list[Path], tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "dataset"
    build_dataset(album, folder, RATE)
    index, sound = sorted(folder.iterdir())
    if damage == "cut":
        os.truncate(sound, sound.stat().st_size // 2)
    elif damage == "index":
        index.write_text(index.read_text()[:100])
    elif damage == "shorter":
        np.save(sound, np.zeros(100, np.float32))
    elif damage == "missing":
        sound.unlink()
    elif damage == "deep":
        index.write_text('{"more": ' + "[" * 10_000 + "]" * 10_000 + "}")
    else:
        index.write_text(index.read_text().replace('"sound-', '"../sound-'))
    with pytest.raises(SoundError, match=r"damaged|not been prepared"):
        Dataset.open(folder)
    assert not build_dataset(album, folder, RATE).reused
    assert len(Dataset.open(folder).sound)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("which", [0, 1])
def test_pipes_in_a_dataset_are_refused_and_not_waited_for(album: list[Path], tmp_path: Path, which: int) -> None:
    folder = tmp_path / "dataset"
    build_dataset(album, folder, RATE)
    path = sorted(folder.iterdir())[which]
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(SoundError, match="damaged"):
        Dataset.open(folder)


def test_cancelling_leaves_the_old_dataset_whole(album: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "dataset"
    build_dataset(album, folder, RATE)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for patience in (0, 1, 2, 3):
        answers = iter([False] * patience)
        with pytest.raises(CancelledError):
            build_dataset(album[:1], folder, RATE, cancelled=lambda answers=answers: next(answers, True))
        assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_leavings_of_a_killed_preparation_are_cleared(album: list[Path], tmp_path: Path) -> None:
    scratch = tmp_path / "dataset" / ".scratch-old"
    scratch.mkdir(parents=True)
    (scratch / "0").write_bytes(bytes(100))
    build_dataset(album, tmp_path / "dataset", RATE)
    assert not scratch.exists()


def test_too_little_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match=r"only 4\.\d seconds"):
        build_dataset([track(tmp_path, "short", music(4.0), silence(30.0))], tmp_path / "dataset", RATE)
    with pytest.raises(SoundError, match="nothing but silence"):
        build_dataset([track(tmp_path, "mute", silence(30.0))], tmp_path / "dataset", RATE)
    with pytest.raises(SoundError, match="nothing but silence"):
        build_dataset([track(tmp_path, "hiss", music(30.0, 1e-5))], tmp_path / "dataset", RATE)
    with pytest.raises(SoundError):
        build_dataset([], tmp_path / "dataset", RATE)


def test_a_missing_track_is_named(album: list[Path], tmp_path: Path) -> None:
    album[1].unlink()
    with pytest.raises(SoundError, match=r"“two\.wav” is not there any more"):
        build_dataset(album, tmp_path / "dataset", RATE)


def test_doubtful_tracks_are_remarked(tmp_path: Path) -> None:
    whole = tmp_path / "whole.ogg"
    write_sound(whole, music(40.0, rate=16_000), 16_000, format="ogg")
    (tmp_path / "cut.ogg").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    paths = [
        track(tmp_path, "silent", music(5.0), silence(20.0)),
        track(tmp_path, "skit", music(3.0)),
        track(tmp_path, "hot", np.clip(8 * music(12.0), -1, 1)),
        tmp_path / "cut.ogg",
        track(tmp_path, "fine", music(12.0)),
    ]
    report = build_dataset(paths, tmp_path / "dataset", RATE)
    assert report.warnings == (
        ("silent.wav", MOSTLY_SILENCE),
        ("skit.wav", VERY_SHORT),
        ("hot.wav", CLIPPED),
        ("cut.ogg", CUT_OFF),
    )


def test_a_quiet_track_and_a_dull_track_are_another_production(tmp_path: Path) -> None:
    bright = track(tmp_path, "bright", music(12.0))
    quiet = track(tmp_path, "quiet", music(12.0, 0.1))
    dull = track(tmp_path, "dull", soxr.resample(music(12.0, rate=RATE // 4), RATE // 4, RATE))
    assert build_dataset([bright], tmp_path / "a", RATE).consistent
    report = build_dataset([bright, quiet], tmp_path / "b", RATE)
    assert not report.consistent
    assert report.why == ("“quiet” is 14 dB quieter than “bright”.",)
    report = build_dataset([bright, dull], tmp_path / "c", RATE)
    assert not report.consistent
    assert "“dull” sounds duller than “bright”" in report.why[0]
    sides = np.stack([music(12.0), 0.5 * music(12.0) + 0.5 * music(12.0, seed=5)], axis=1)
    wide = tmp_path / "wide.wav"
    write_sound(wide, sides, RATE, format=Encoding("wav", subtype="FLOAT"))
    report = build_dataset([bright, wide], tmp_path / "d", RATE)
    assert report.why == ("“wide” is a wide stereo recording, “bright” nearly mono.",)
    narrow, broad = (track.width for track in report.tracks)
    assert narrow == 0.0 < 0.2 < broad


@pytest.mark.music
def test_a_real_album_is_prepared(shared: Path, tmp_path: Path) -> None:
    tracks = sorted((shared / "music" / "obsidian-shell").glob("*.ogg"))
    report = build_dataset(tracks, tmp_path / "dataset", 16_000)
    assert report.seconds == pytest.approx(1_411.5, abs=0.5)
    assert report.silence_removed == pytest.approx(12.9, abs=0.5)
    assert report.chunks == {"train": 158, "valid": 13, "test": 13}
    assert report.consistent
    assert report.warnings == ()
