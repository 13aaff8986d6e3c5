"""Files that were put one behind the other with `cat` are heard to the end; links are found in headers alone."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from samplernn.audio.joined_files import links_of
from samplernn.audio.reading import read_sound
from tests.samplernn.audio.test_strange_sound import heard

RATE = 44_100
KINDS = {
    "flac": "flac", "tta": "tta", "wv": "wavpack", "m4a": "alac", "wav": "pcm_s16le", "aiff": "pcm_s16be"
}  # fmt: skip


def tone(seconds: float, pitch: float, rate: int) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * pitch * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def coded(ending: str, sound: np.ndarray, rate: int = RATE) -> bytes:
    """Mono sound as a whole file."""
    file = io.BytesIO()
    if ending in ("flac", "wav", "aiff"):
        soundfile.write(file, sound, rate, format=ending.upper())
        return file.getvalue()
    with av.open(file, "w", format={"m4a": "ipod"}.get(ending, ending)) as container:
        stream = container.add_stream(KINDS[ending], rate=rate, layout="mono")
        wide = {"tta": "s16", "alac": "s16p", "wavpack": "s16p"}[KINDS[ending]]
        packer = av.AudioResampler(
            format=wide, layout="mono", rate=rate, frame_size=4096 if ending != "tta" else 46_080
        )
        frame = av.AudioFrame.from_ndarray(sound[None], format="flt", layout="mono")
        frame.sample_rate = rate
        for packed in (*packer.resample(frame), *packer.resample(None)):
            packed.pts = None
            container.mux(stream.encode(packed))
        container.mux(stream.encode(None))
    return file.getvalue()


def loudest(sound: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(sound))
    return float(np.argmax(spectrum) * rate / len(sound))


@pytest.mark.parametrize("rates", [(RATE, RATE, RATE), (RATE, 22_050, RATE)], ids=["one rate", "several rates"])
@pytest.mark.parametrize("ending", KINDS)
def test_all_of_it_is_heard(tmp_path: Path, ending: str, rates: tuple[int, ...]) -> None:
    seconds, pitches = (3.0, 1.5, 2.0), (300.0, 500.0, 700.0)
    files = [coded(ending, tone(*each), each[-1]) for each in zip(seconds, pitches, rates, strict=True)]
    path = tmp_path / f"joined.{ending}"
    path.write_bytes(b"".join(files))
    got, rate, notes = heard(path)
    assert (rate, notes) == (RATE, ())
    assert len(got) / rate == pytest.approx(6.5, abs=0.05)
    for begin, length, pitch in zip((0.0, 3.0, 4.5), seconds, pitches, strict=True):
        part = got[round((begin + 0.3) * rate) : round((begin + length - 0.3) * rate), 0]
        assert loudest(part, rate) == pytest.approx(pitch, abs=2)
    part, _ = read_sound(tmp_path / f"joined.{ending}#t=4.6,6")
    assert len(part) / rate == pytest.approx(1.4, abs=0.01)
    assert loudest(part[:, 0], rate) == pytest.approx(700, abs=2)


@pytest.mark.parametrize("ending", ["tta", "wv", "flac"])
def test_tags_in_between_do_not_end_it(tmp_path: Path, ending: str) -> None:
    first, second = coded(ending, tone(2.0, 300, RATE)), coded(ending, tone(1.0, 500, RATE))
    path = tmp_path / f"joined.{ending}"
    path.write_bytes(first + b"APETAGEX" + bytes(2_000) + b"TAG" + bytes(125) + second)
    assert len(heard(path)[0]) / RATE == pytest.approx(3.0, abs=0.05)


@pytest.mark.parametrize("ending", KINDS)
def test_one_file_is_one(ending: str) -> None:
    whole = coded(ending, tone(2.0, 300, RATE))
    assert len(links_of(io.BytesIO(whole))) <= 1
    assert len(links_of(io.BytesIO(whole + b"TAG" + bytes(125)))) <= 1


@settings(max_examples=150, deadline=None)
@given(
    begin=st.sampled_from(
        [b"RIFF\x04\0\0\0WAVE", b"FORM\0\0\0\x04AIFF", b"TTA1\x01\0", b"wvpk", b"\0\0\0\x08ftyp", b""]
    ),
    times=st.integers(1, 300),
    rest=st.binary(max_size=60),
)
def test_whatever_is_there_is_looked_through(begin: bytes, times: int, rest: bytes) -> None:
    raw = (begin + rest) * times
    links = links_of(io.BytesIO(raw))
    assert all(start < end for start, end in links) or not raw
    assert all(end == start for (_, end), (start, _) in itertools.pairwise(links))
    assert not links or links[-1][1] == len(raw)
