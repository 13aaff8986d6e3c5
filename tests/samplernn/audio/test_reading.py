"""Sound files of any kind are read or refused, and written ones come back as they were."""

from __future__ import annotations

import os
import struct
import wave
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from samplernn.audio.reading import (
    CUT_OFF,
    DAMAGED,
    Encoding,
    open_sound,
    probe,
    read_mono,
    read_sound,
    write_blocks,
    write_sound,
)
from samplernn.errors import SoundError

# seconds, rate, channels, notes
TAKEN = {
    "JoshWoodward-DeadCode_10512Hz_mono.wav": (37.45, 10512, 1, ()),
    "am_almost_silent.wav": (0.62, 48000, 1, ()),
    "am_bus.opus": (0.76, 48000, 1, ()),
    "am_digital_silence.wav": (0.62, 48000, 1, ()),
    "am_mono_float64.wav": (0.0005, 44100, 1, ()),
    "am_ms_adpcm.wav": (81.23, 11024, 1, ()),
    "am_signed_24bit.wav": (1.14, 48000, 1, ()),
    "am_stereo_24bit.WAV": (1.11, 16000, 2, ()),
    "am_testing.m4a": (3.20, 44100, 1, ()),
    "derived_8kHz_mono_16bit.wav": (30.0, 8000, 1, ()),
    "derived_8kHz_mono_ulaw.wav": (30.0, 8000, 1, ()),
    "derived_bitflips.mp3": (39.08, 44100, 2, (CUT_OFF, DAMAGED)),
    "derived_mp3_id3v23_with_cover.mp3": (43.55, 44100, 2, (CUT_OFF,)),
    "derived_truncated.ogg": (19.10, 44100, 2, (CUT_OFF,)),
    "derived_truncated_midframe.mp3": (20.66, 44100, 2, (CUT_OFF,)),
    "fs_22254Hz_mono_8bit.flac": (4.38, 22254, 1, ()),
    "fs_24bit_0.2s_tooshort.flac": (0.19, 44100, 2, ()),
    "fs_32kHz_mono_10s.flac": (9.99, 32000, 1, ()),
    "ft_39kHz.flac": (4.95, 39000, 2, ()),
    "ft_5.1_6ch.flac": (8.10, 44100, 6, ()),
    "ft_8bit.flac": (7.71, 44100, 2, ()),
    "ft_96kHz_24bit.flac": (8.73, 96000, 2, ()),
    "ft_faulty_04_wrong_channels.flac": (4.06, 24000, 1, ()),
    "ft_faulty_05_wrong_total.flac": (4.56, 24000, 1, ()),
    "ft_faulty_10_bad_vorbiscomment.flac": (4.97, 24000, 1, ()),
    "ft_jpg_cover.flac": (4.99, 44100, 2, ()),
    "ft_mono_44k.flac": (5.15, 44100, 1, ()),
    "ft_no_total_samples.flac": (7.01, 48000, 2, ()),
    "ft_uncommon_01_rate_changes.flac": (18.92, 32000, 2, ()),
    "ft_uncommon_02_channels_change.flac": (14.49, 44100, 1, ()),
    "ft_uncommon_10_no_header.flac": (15.07, 44100, 1, ()),
    "ft_uncommon_11_junk_first.flac": (12.89, 44100, 1, (DAMAGED,)),
    "mutagen_8k-1ch-1s-silence.aif": (1.0, 8000, 1, ()),
    "mutagen_8k-4ch-1s-silence.aif": (1.0, 8000, 4, ()),
    "mutagen_alac.m4a": (3.68, 44100, 2, ()),
    "mutagen_covr-with-name.m4a": (3.69, 44100, 2, ()),
    "mutagen_empty.ogg": (3.68, 44100, 2, ()),
    "mutagen_example.opus": (11.35, 48000, 1, ()),
    "mutagen_has-tags.m4a": (3.69, 44100, 2, ()),
    "mutagen_silence-1.wma": (3.71, 48000, 2, ()),
    "mutagen_silence-2s-PCM-16000-08-notags.wav": (2.0, 16000, 2, ()),
    "mutagen_silence-44-s-mpeg25.mp3": (3.68, 12000, 2, ()),
    "mutagen_silence-44-s.mp3": (3.74, 44100, 2, ()),
    "spleeter_example_mono.mp3": (10.88, 44100, 1, ()),
}
REFUSED = {
    "ATTRIBUTION.txt": "is text, not sound",
    "derived_text_named.mp3": "is text, not sound",
    "ft_faulty_06_no_streaminfo.flac": "is damaged",
    "ft_faulty_11_bad_block_length.flac": "is damaged",
    "minimp3_fuzz_cut.mp3": "is damaged",
    "mutagen_adif.aac": "is damaged",
    "mutagen_emptyfile.mp3": "is empty",
    "mutagen_ooming-header.flac": "is damaged",
    "mutagen_too-short.mp3": "is damaged",
}


def assert_plain(error: SoundError) -> None:
    """One line of whole sentences that say what is wrong and what to do, without a path or a code."""
    text = str(error)
    assert "\n" not in text
    assert text.endswith(".")
    assert error.what_to_do
    assert len(text) < 200
    assert not any(word in text for word in ("/", "\\", "Error", "errno", "Errno", "None"))


@pytest.mark.parametrize("name", TAKEN)
def test_odd_files_are_taken_without_a_word_on_stderr(
    shared: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    seconds, rate, channels, notes = TAKEN[name]
    path = shared / "odd" / name
    with open_sound(path) as stream:
        blocks = list(stream.blocks())
    sound = np.concatenate(blocks)
    assert (stream.info.rate, stream.info.channels, stream.notes) == (rate, channels, notes)
    assert len(sound) / rate == pytest.approx(seconds, abs=0.006)
    assert sound.dtype == np.float32
    assert sound.shape[1] == channels
    assert np.abs(sound).max() <= 2.0
    assert probe(path) == stream.info
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name", REFUSED)
def test_odd_files_are_refused_in_plain_words(shared: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SoundError, match=REFUSED[name]) as caught:
        read_sound(shared / "odd" / name)
    assert_plain(caught.value)
    assert capfd.readouterr().err == ""


def test_no_odd_file_is_forgotten(shared: Path) -> None:
    assert {path.name for path in (shared / "odd").iterdir()} == {*TAKEN, *REFUSED}


def tone(seconds: float = 1.0, rate: int = 16_000, channels: int = 1, pitch: float = 440.0) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    return np.repeat((0.5 * np.sin(2 * np.pi * pitch * time)).astype(np.float32)[:, None], channels, axis=1)


@settings(max_examples=25, deadline=None)
@given(
    samples=st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=300),
    channels=st.integers(1, 3),
    format_=st.sampled_from(["wav", "flac", "aiff"]),
    rate=st.sampled_from([8_000, 44_100, 96_000]),
)
def test_lossless_formats_survive_a_round_trip(
    tmp_path_factory: pytest.TempPathFactory, samples: list[float], channels: int, format_: str, rate: int
) -> None:
    path = tmp_path_factory.mktemp("trip") / f"sound.{format_}"
    sound = np.repeat(np.array(samples, np.float32)[:, None], channels, axis=1)
    write_sound(path, sound, rate, format=format_)
    back, back_rate = read_sound(path)
    assert back_rate == rate
    assert back.shape == sound.shape
    assert np.abs(back - sound).max() <= 1.01 / 32_768


@pytest.mark.parametrize("format_", ["ogg", "opus", "mp3"])
def test_lossy_formats_come_back_as_they_sounded(tmp_path: Path, format_: str) -> None:
    path = tmp_path / f"sound.{format_}"
    sound = tone(10.0, 48_000, 2)
    write_sound(path, sound, 48_000, format=format_)
    back, rate = read_sound(path)
    assert rate == 48_000
    assert len(back) == pytest.approx(len(sound), abs=3_000)
    assert np.sqrt((back[5_000:-5_000] ** 2).mean()) == pytest.approx(np.sqrt((sound**2).mean()), rel=0.03)


def test_blocks_of_any_length_make_one_file(tmp_path: Path) -> None:
    sound = tone(20.0, 44_100, 2)
    write_blocks(tmp_path / "a.flac", np.array_split(sound, 7), 44_100, 2)
    write_sound(tmp_path / "b.flac", sound, 44_100)
    assert np.array_equal(read_sound(tmp_path / "a.flac")[0], read_sound(tmp_path / "b.flac")[0])


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "song.opus"
    path.write_bytes(b"old")
    with pytest.raises(SoundError) as caught:
        write_sound(path, tone(rate=44_100), 44_100, format="opus")
    assert_plain(caught.value)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="needs a limit on the size of files")
@pytest.mark.parametrize("format_", ["wav", "flac", "ogg", "opus", "mp3"])
def test_a_disk_that_fills_up_at_the_very_end_is_noticed(tmp_path: Path, format_: str) -> None:
    import resource
    import signal

    sound = np.random.default_rng(0).uniform(-0.5, 0.5, (48_000, 2)).astype(np.float32)
    write_sound(tmp_path / "whole", sound, 48_000, format=format_)
    fits = (tmp_path / "whole").stat().st_size - 300
    before = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (fits, before[0][1]))
    try:
        with pytest.raises(SoundError, match="could not be written") as caught:
            write_sound(tmp_path / "cut", sound, 48_000, format=format_)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before[0])
        signal.signal(signal.SIGXFSZ, before[1])
    assert_plain(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


def test_cancelled_writing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        write_sound(tmp_path / "song.flac", tone(), 16_000, cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_reading_stops_when_cancelled(tmp_path: Path) -> None:
    write_sound(tmp_path / "song.flac", tone(20.0), 16_000)
    answers = iter([False, False, True])
    with pytest.raises(CancelledError):
        read_sound(tmp_path / "song.flac", lambda: next(answers))


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 2), (44_100, 2), (96_000, 6), (8_000, 1)])
def test_mono_is_the_mean_of_the_channels_at_the_rate_asked_for(tmp_path: Path, rate: int, channels: int) -> None:
    sound = tone(2.0, rate, channels)
    sound[:, 1:] *= 0.5
    write_sound(tmp_path / "sound.wav", sound, rate, format=Encoding("wav", subtype="FLOAT"))
    mono = read_mono(tmp_path / "sound.wav", 16_000)
    weight = (1 + 0.5 * (channels - 1)) / channels
    assert len(mono) == 32_000
    assert np.abs(mono - weight * tone(2.0)[:, 0])[200:-200].max() < 1e-3


def wav_header(rate: int, channels: int, data_bytes: int, bits: int = 16) -> bytes:
    frame = channels * bits // 8
    about = struct.pack("<HHIIHH", 1, channels, rate, (rate * frame) % 2**32, frame % 2**16, bits)
    riff = struct.pack("<4sI4s4sI", b"RIFF", min(36 + data_bytes, 2**32 - 1), b"WAVE", b"fmt ", len(about))
    return riff + about + struct.pack("<4sI", b"data", data_bytes)


def test_a_streamed_wav_with_no_length_is_read_to_its_end(tmp_path: Path) -> None:
    samples = (tone()[:, 0] * 32_767).astype("<i2")
    (tmp_path / "pipe.wav").write_bytes(wav_header(16_000, 1, 2**32 - 1) + samples.tobytes())
    assert len(read_sound(tmp_path / "pipe.wav")[0]) == 16_000


def test_more_than_six_hours_are_refused_by_the_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    length = 7 * 3600 * 8_000
    path.write_bytes(wav_header(8_000, 1, length, bits=8))
    os.truncate(path, 44 + length)
    with pytest.raises(SoundError, match="longer than 6 hours") as caught:
        probe(path)
    assert_plain(caught.value)


def test_more_than_six_hours_are_refused_while_decoding(tmp_path: Path) -> None:
    path = tmp_path / "long.flac"
    write_blocks(path, (np.zeros((2**20, 1), np.float32) for _ in range(22)), 1_000, 1)
    raw = bytearray(path.read_bytes())
    raw[21] &= 0xF0  # the low half of this byte and the next four hold the number of samples; 0 is "unknown"
    raw[22:26] = bytes(4)
    path.write_bytes(raw)
    assert probe(path).seconds == 0.0
    with pytest.raises(SoundError, match="longer than 6 hours"), open_sound(path) as stream:
        for _ in stream.blocks():
            pass


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1_000), (7, 1), (4_000_000, 2)])
def test_absurd_headers_are_refused(tmp_path: Path, rate: int, channels: int) -> None:
    path = tmp_path / "absurd.wav"
    path.write_bytes(wav_header(rate, channels, 2**30) + bytes(4_000))
    with pytest.raises(SoundError) as caught:
        read_sound(path)
    assert_plain(caught.value)


def test_a_playlist_never_leads_elsewhere(tmp_path: Path) -> None:
    write_sound(tmp_path / "secret.wav", tone(), 16_000, format="wav")
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{tmp_path / 'secret.wav'}\n#EXT-X-ENDLIST\n"
    for name in ("a.mp3", "a.m4a", "a.m3u8"):
        (tmp_path / name).write_text(playlist)
        with pytest.raises(SoundError, match="is text"):
            read_sound(tmp_path / name)
        (tmp_path / name).write_bytes(playlist.encode() + bytes(range(256)))
        with pytest.raises(SoundError, match="is damaged"):
            read_sound(tmp_path / name)


def test_missing_files_and_folders_are_told(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "gone.wav", r"^“gone\.wav” is not there\. Check the name"),
        (tmp_path, "is a folder"),
    ):
        with pytest.raises(SoundError, match=words) as caught:
            probe(path)
        assert_plain(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(SoundError):
        probe(tmp_path / "pipe.wav")


def test_files_by_any_name_are_opened_by_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "http:#weird? ünïcode.mp3"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes((tone()[:, 0] * 32_767).astype("<i2").tobytes())
    assert probe(path).format == "WAV"
    assert len(read_sound(path)[0]) == 16_000


@pytest.fixture(scope="module")
def small_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("small")
    for format_ in ("wav", "flac", "ogg", "mp3", "aiff"):
        write_sound(folder / f"a.{format_}", tone(0.3, 16_000), 16_000, format=format_)
    return {path.suffix: path.read_bytes() for path in folder.iterdir()}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_files_are_taken_or_refused(
    small_files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    suffix = data.draw(st.sampled_from(sorted(small_files)))
    raw = bytearray(small_files[suffix])
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=8)):
        raw[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / f"a{suffix}"
    path.write_bytes(raw[: data.draw(st.integers(1, len(raw)))])
    try:
        sound, rate = read_sound(path)
    except SoundError as error:
        assert_plain(error)
    else:
        assert len(sound)
        assert np.isfinite(sound).all()
        assert 1_000 <= rate <= 1_000_000


@pytest.mark.parametrize("ending", ["wav", "aiff", "caf", "au"])
def test_a_file_without_a_single_frame_is_said_to_hold_no_sound(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"take.{ending}"
    soundfile.write(path, np.zeros(0), 16_000)
    with pytest.raises(SoundError, match="no sound in"):
        probe(path)
