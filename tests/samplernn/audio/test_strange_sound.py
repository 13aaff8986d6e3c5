"""All of the sound in a file is heard, whatever the file is like and whatever it says of itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from samplernn.audio.chain_decoder import ChainDecoder
from samplernn.audio.containers import ogg_links
from samplernn.audio.reading import CUT_OFF, DAMAGED, TURNED_DOWN, open_sound, probe, read_sound
from samplernn.errors import SoundError
from tests.samplernn.audio.strange_files import RATE, encode, flac_with_total, quiet_then_loud, tone, wav


def heard(path: Path) -> tuple[np.ndarray, int, tuple[str, ...]]:
    with open_sound(path) as stream:
        sound = np.concatenate(list(stream.blocks()))
        return sound, stream.info.rate, stream.notes


@pytest.mark.parametrize(
    ("name", "codec", "layout"),
    [
        ("a.m4a", "aac", "7.1"),
        ("a.m4a", "alac", "7.1(wide)"),
        ("a.wv", "wavpack", "7.1"),
        ("a.m4a", "aac", "5.1"),
        ("a.caf", "alac", "7.1(wide)"),
        ("a.mka", "pcm_f64le", "7.1"),
        ("a.wav", "pcm_s32le", "16 channels"),
    ],
)
def test_any_number_of_channels_is_heard(tmp_path: Path, name: str, codec: str, layout: str) -> None:
    channels = {"5.1": 6, "16 channels": 16}.get(layout, 8)
    sound = np.stack([tone(1.0, pitch=200.0 + 50 * channel) for channel in range(channels)], axis=1)
    got, rate, notes = heard(encode(tmp_path / name, codec, sound, RATE, layout))
    assert (rate, got.shape[1], notes) == (RATE, channels, ())
    assert abs(len(got) - len(sound)) < 3_000
    level = np.sqrt(np.square(got).mean(axis=0))
    if codec == "aac":
        level = np.delete(level, 3)  # of the low-frequency effects it keeps little
    np.testing.assert_allclose(level, np.sqrt(0.125), rtol=0.07)


@pytest.mark.parametrize(("code", "bits", "kind"), [(1, 64, "<i8"), (3, 64, "<f8"), (1, 32, "<i4"), (1, 8, "u1")])
def test_numbers_of_any_width_are_heard(tmp_path: Path, code: int, bits: int, kind: str) -> None:
    sound = tone(1.0).astype(np.float64)
    if kind == "u1":
        data = np.round(sound * 127 + 128).astype(kind)
    else:
        data = (sound if code == 3 else sound * (2.0 ** (bits - 1) - 1)).astype(kind)
    got, rate, notes = heard(wav(tmp_path / "a.wav", code, bits, data.tobytes()))
    assert (rate, notes) == (RATE, ())
    np.testing.assert_allclose(got[:, 0], sound, atol=0.01 if bits == 8 else 1e-6)


def test_a_file_by_a_wrong_name_is_heard(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.aiff", "mp2", tone(2.0)[:, None].repeat(2, 1), RATE, "stereo", "mpegts")
    got, rate, notes = heard(path)
    assert (rate, notes) == (RATE, ())
    assert len(got) / RATE == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("kind", [("OGG", "VORBIS"), ("OGG", "OPUS")])
@pytest.mark.parametrize("second", [(48_000, 1), (24_000, 2)])
def test_all_links_of_a_chain_are_heard(tmp_path: Path, kind: tuple[str, str], second: tuple[int, int]) -> None:
    raw = b""
    for number, (rate, channels) in enumerate([(48_000, 1), second, (48_000, 1)]):
        sound = tone(3.0, rate, 300.0 + 200 * number)[:, None].repeat(channels, 1)
        soundfile.write(tmp_path / "link", sound, rate, format=kind[0], subtype=kind[1])
        raw += (tmp_path / "link").read_bytes()
    (tmp_path / "chain.ogg").write_bytes(raw)
    got, rate, notes = heard(tmp_path / "chain.ogg")
    assert (rate, notes) == (48_000, ())
    assert len(got) / rate == pytest.approx(9.0, abs=0.05)
    for number in range(3):
        part = got[round((3 * number + 0.5) * rate) : round((3 * number + 2.5) * rate), 0]
        loudest = np.argmax(np.abs(np.fft.rfft(part))) * rate / len(part)
        assert loudest == pytest.approx(300.0 + 200 * number, abs=2)
        assert np.sqrt(np.square(part).mean()) == pytest.approx(np.sqrt(0.125), rel=0.05)


@pytest.mark.parametrize("kind", ["VORBIS", "OPUS"])
def test_a_chain_is_as_long_as_its_links(tmp_path: Path, kind: str) -> None:
    raw = b""
    for seconds, rate in ((2.0, 48_000), (4.0, 24_000), (3.0, 48_000)):
        soundfile.write(tmp_path / "link", tone(seconds, rate), rate, format="OGG", subtype=kind)
        raw += (tmp_path / "link").read_bytes()
    path = tmp_path / "chain.ogg"
    path.write_bytes(raw)
    assert probe(path).seconds == pytest.approx(9.0, abs=0.05)
    assert len(heard(path)[0]) / 48_000 == pytest.approx(probe(path).seconds, abs=0.05)
    with path.open("rb") as file:
        links = ogg_links(file)
    lengths = []
    for _ in range(2):
        decoder = ChainDecoder(lambda: path.open("rb"), links)
        lengths.append(sum(map(len, decoder.blocks())))
        decoder.close()
    assert lengths[0] == lengths[1] == len(heard(path)[0])


def test_a_damaged_link_does_not_silence_the_others(tmp_path: Path) -> None:
    links = []
    for pitch in (300.0, 500.0, 700.0):
        soundfile.write(tmp_path / "link", tone(3.0, pitch=pitch), RATE, format="OGG", subtype="VORBIS")
        links.append(bytearray((tmp_path / "link").read_bytes()))
    links[1][40:2_000] = bytes(1_960)
    (tmp_path / "chain.ogg").write_bytes(b"".join(links))
    got, rate, notes = heard(tmp_path / "chain.ogg")
    assert notes == (DAMAGED,)
    assert len(got) / rate > 5.9


@pytest.mark.parametrize("claimed", [1, RATE, 2 * RATE, 5 * RATE + 7])
def test_a_flac_is_as_long_as_it_is(tmp_path: Path, claimed: int) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, (6 * RATE, 2)).astype(np.float32)
    got, _, notes = heard(flac_with_total(tmp_path / "a.flac", noise, claimed))
    assert len(got) == len(noise)
    np.testing.assert_allclose(got, noise, atol=1e-4)
    assert notes == ()


def test_a_flac_that_claims_more_than_there_is_was_cut_off(tmp_path: Path) -> None:
    got, _, notes = heard(flac_with_total(tmp_path / "a.flac", tone(3.0), 6 * RATE))
    assert len(got) == 3 * RATE
    assert notes == (CUT_OFF,)


@pytest.mark.parametrize("seconds", [0.4, 1.2, 5.0])
def test_what_comes_before_junk_is_heard(tmp_path: Path, seconds: float) -> None:
    path = encode(tmp_path / "a.wv", "wavpack", tone(seconds)[:, None], RATE, "mono")
    path.write_bytes(path.read_bytes() + np.random.default_rng(3).bytes(100_000))
    got, _, notes = heard(path)
    np.testing.assert_allclose(got[:, 0], tone(seconds), atol=1e-4)
    assert notes == (DAMAGED,)


def without_length(path: Path) -> Path:
    """An MP3 file of many bit rates, without the frame that tells its length."""
    soundfile.write(path, quiet_then_loud(30.0), RATE, format="MP3", bitrate_mode="VARIABLE", compression_level=0.4)
    raw = path.read_bytes()
    assert b"Xing" in raw[:200]
    path.write_bytes(raw[raw.index(b"\xff\xfb", 4) :])
    return path


def test_a_guessed_length_is_no_promise(tmp_path: Path) -> None:
    """The row, the transport and `info` all take what is decoded; what is said before it is near that."""
    sound = quiet_then_loud(30.0)[:, None]
    for path in (without_length(tmp_path / "a.mp3"), encode(tmp_path / "a.aac", "aac", sound, RATE, "mono", "adts")):
        got, rate, notes = heard(path)
        assert notes == ()
        assert len(got) / rate == pytest.approx(30.0, abs=0.1)
        assert probe(path).seconds == pytest.approx(30.0, abs=0.1)


@pytest.mark.parametrize("unit", [1.0, 2.0**15, 2.0**23, 2.0**31])
def test_floats_of_any_scale_are_brought_to_full_scale(tmp_path: Path, unit: float) -> None:
    soundfile.write(tmp_path / "a.wav", (0.8 * tone(1.0)).astype(np.float64) * unit, RATE, subtype="DOUBLE")
    got, _, notes = heard(tmp_path / "a.wav")
    np.testing.assert_allclose(got[:, 0], 0.8 * tone(1.0), atol=1e-6)
    assert notes == (() if unit == 1.0 else (TURNED_DOWN,))


@settings(max_examples=20)
@given(over=st.floats(1.0, 15.9), unit=st.sampled_from([1.0, 2.0**15, 2.0**23]))
def test_hot_masters_are_turned_down(tmp_path_factory: pytest.TempPathFactory, over: float, unit: float) -> None:
    path = tmp_path_factory.mktemp("hot") / "a.wav"
    soundfile.write(path, 2 * over * unit * tone(0.5), RATE, subtype="FLOAT")
    got, _, notes = heard(path)
    np.testing.assert_allclose(got[:, 0], 2 * tone(0.5), atol=1e-4)
    assert (TURNED_DOWN in notes) == (unit > 1.0 or over > 10 ** (1 / 20))


def test_rare_peaks_are_music_and_far_ones_are_damage(tmp_path: Path) -> None:
    sound = np.tile(tone(1.0), 10)
    sound[100], sound[200:203], sound[300] = 1.5, (np.nan, np.inf, -np.inf), 1e9
    soundfile.write(tmp_path / "a.wav", sound, RATE, subtype="FLOAT")
    got, _, notes = heard(tmp_path / "a.wav")
    assert got[100, 0] == 1.0
    assert not got[[200, 201, 202, 300]].any()
    assert got[1_000, 0] == pytest.approx(sound[1_000] / 1.5)
    assert notes == (DAMAGED, TURNED_DOWN)


def test_what_is_not_a_number_becomes_silence(tmp_path: Path) -> None:
    broken = np.array([0.5, np.nan, np.inf, -np.inf, 0.25, 1e38], np.float32)
    soundfile.write(tmp_path / "broken.wav", broken, 8_000, subtype="FLOAT")
    got, _, notes = heard(tmp_path / "broken.wav")
    assert got[:, 0].tolist() == [0.5, 0, 0, 0, 0.25, 0]
    assert notes == (DAMAGED,)


def test_numbers_of_no_scale_are_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", 1e30 * tone(1.0).astype(np.float64), RATE, subtype="DOUBLE")
    with pytest.raises(SoundError, match="no sound at any scale"):
        read_sound(tmp_path / "a.wav")


def with_size(path: Path, size: int) -> Path:
    """The WAV file, with another size of its sound in the header."""
    raw = bytearray(path.read_bytes())
    raw[40:44] = size.to_bytes(4, "little")
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("told", [0, 2, RATE, 5 * RATE])
def test_a_wav_is_as_long_as_it_is(tmp_path: Path, told: int) -> None:
    """As recorders leave it that lost their power: the header was written when there was less, or nothing."""
    noise = np.random.default_rng(2).integers(-9_000, 9_000, 6 * RATE).astype("<i2")
    got, _, notes = heard(with_size(wav(tmp_path / "a.wav", 1, 16, noise.tobytes()), told))
    np.testing.assert_array_equal(got[:, 0] * 32_768, noise)
    assert notes == ()


@pytest.mark.parametrize(("kept", "remark"), [(0.3, (CUT_OFF,)), (0.9, (CUT_OFF,)), (0.999, ())])
def test_a_wav_that_was_cut_off_is_remarked(tmp_path: Path, kept: float, remark: tuple[str, ...]) -> None:
    sound = (tone(30.0) * 32_000).astype("<i2")
    path = wav(tmp_path / "a.wav", 1, 16, sound.tobytes())
    path.write_bytes(path.read_bytes()[: round(kept * path.stat().st_size) // 2 * 2])
    got, _, notes = heard(path)
    assert len(got) == pytest.approx(kept * len(sound), abs=30)
    assert notes == remark


def test_what_follows_the_sound_of_a_wav_is_no_sound(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", 1, 16, (tone(2.0) * 32_000).astype("<i2").tobytes())
    path.write_bytes(path.read_bytes() + b"LIST" + (5_000).to_bytes(4, "little") + b"INFO" + bytes(4_996))
    got, _, notes = heard(path)
    assert len(got) == 2 * RATE
    assert notes == ()
