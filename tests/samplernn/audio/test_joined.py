"""Files that were joined with `cat` are heard to their end, and a video without sound is told from a damaged file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from samplernn.audio import containers
from samplernn.audio.reading import open_sound, read_mono
from samplernn.errors import SoundError

RATE = 16_000


def flac(frames: int, rate: int = RATE) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, 0.3 * np.sin(np.arange(frames) / 9), rate, format="FLAC")
    return file.getvalue()


def tta(frames: int) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="tta") as container:
        stream = container.add_stream("tta", rate=RATE, layout="mono", format="s16")
        sound = (9000 * np.sin(np.arange(frames) / 9)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(sound[None], format="s16", layout="mono")
        frame.rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return file.getvalue()


@pytest.mark.parametrize("lengths", [(2, 1), (1, 2), (1, 1, 1)])
@pytest.mark.parametrize("make", [flac, tta])
def test_a_joined_file_is_heard_to_its_end(
    tmp_path: Path, make: Callable[[int], bytes], lengths: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "joined.sound"
    parts = [make(length * RATE) for length in lengths]
    file.write_bytes(b"".join(parts))
    with open_sound(file) as sound:
        heard = np.concatenate(list(sound.blocks()))
        assert sound.info.seconds == sum(lengths)
        assert sound.notes == ()
    assert len(heard) == sum(lengths) * RATE
    start = lengths[0] * RATE
    assert np.abs(heard[start : start + 1000]).max() > 0.2
    whole = [(0, len(parts[0]))]
    with io.BytesIO(parts[0]) as alone:
        assert containers.joined_links(alone) == whole
    monkeypatch.setattr(containers, "_JOINT_CHUNK", 7)  # the next file may begin anywhere in a chunk
    with file.open("rb") as joined:
        assert [end - begin for begin, end in containers.joined_links(joined)] == [len(part) for part in parts]


def test_a_joined_file_of_another_rate_goes_on_at_the_first(tmp_path: Path) -> None:
    (tmp_path / "joined.flac").write_bytes(flac(RATE) + flac(44_100, 44_100))
    assert len(read_mono(tmp_path / "joined.flac", RATE)) == pytest.approx(2 * RATE, abs=10)


def test_a_video_without_sound_is_told(tmp_path: Path) -> None:
    with av.open(tmp_path / "silent.mp4", "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))
        for packet in (*stream.encode(picture), *stream.encode(None)):
            container.mux(packet)
    with pytest.raises(SoundError, match="There is no sound in “silent"), open_sound(tmp_path / "silent.mp4"):
        pass
