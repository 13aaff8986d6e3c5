"""A video without sound is told from a damaged file."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from samplernn.audio.reading import open_sound
from samplernn.errors import SoundError


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
