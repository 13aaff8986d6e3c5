"""Sound files that are rare, made byte by byte or by FFmpeg's own encoders."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np
import soundfile

RATE = 44_100


def tone(seconds: float, rate: int = RATE, pitch: float = 440.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * pitch * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def encode(path: Path, codec: str, sound: np.ndarray, rate: int, layout: str, container: str | None = None) -> Path:
    """Writes float32 [frames, channels] with one of FFmpeg's encoders."""
    with av.open(path, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout=layout)
        if codec == "wavpack":
            stream.codec_context.format = av.AudioFormat("s16p")
        fitting = av.AudioResampler(stream.codec_context.format, layout, rate, stream.codec_context.frame_size or 1024)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.reshape(1, -1)), format="flt", layout=layout)
        frame.sample_rate = rate
        for piece in [*fitting.resample(frame), *fitting.resample(None)]:
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return path


def wav(path: Path, code: int, bits: int, data: bytes, rate: int = RATE, channels: int = 1) -> Path:
    """A WAV file of any sort of numbers: 1 is for whole ones, 3 for floating-point ones."""
    frame = channels * bits // 8
    about = struct.pack("<HHIIHH", code, channels, rate, rate * frame, frame, bits)
    path.write_bytes(
        struct.pack("<4sI4s4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", len(about))
        + about
        + struct.pack("<4sI", b"data", len(data))
        + data
    )
    return path


def flac_with_total(path: Path, sound: np.ndarray, total: int) -> Path:
    """A FLAC file whose header claims another number of samples than there are."""
    soundfile.write(path, sound, RATE, format="FLAC")
    raw = bytearray(path.read_bytes())
    raw[21] = raw[21] & 0xF0 | total >> 32
    raw[22:26] = (total & 0xFFFF_FFFF).to_bytes(4, "big")
    path.write_bytes(raw)
    return path


def quiet_then_loud(seconds: float) -> np.ndarray:
    """The beginning of it takes few bits, the rest many."""
    noise = np.random.default_rng(1).normal(0, 0.2, round(seconds * RATE)).astype(np.float32)
    noise[: len(noise) // 3] *= 1e-4
    return noise
