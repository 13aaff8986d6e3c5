"""What is heard, through a real sound server: the song as it is exported, and what happens without a device."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.mix import mix
from app.studio.release.export import export_release
from app.studio.release.files import dithered
from tests.playback.comparing import Hole, compare
from tests.playback.playing import Playing
from tests.playback.song import build_song
from tests.playback.sound_server import SoundServer, is_there

_ATTEMPTS = 4
pytestmark = pytest.mark.skipif(not is_there(), reason="PulseAudio is not installed")


@pytest.fixture
def server() -> Iterator[SoundServer]:
    with tempfile.TemporaryDirectory(prefix="pa") as folder, SoundServer(Path(folder)) as made:
        yield made


def test_what_the_device_is_given_is_what_is_exported(server: SoundServer, tmp_path: Path) -> None:
    """To the last bit. Where the machine is too busy to record without a gap, it is played again."""
    folder = tmp_path / "Song.deepcuts"
    project = build_song(folder, 4.0)
    song = project.songs[0]
    mixed = mix(song, ClipSounds(folder, project.clips), 0, song.frames)
    server.record()
    for _ in range(_ATTEMPTS):
        before = len(server.recorded())
        with Playing(server, folder) as playing:
            assert playing.wait_for("done")["position"] == 4.0
        heard = compare(server.recorded()[before:], mixed)
        if heard.same == song.frames:
            break
    assert heard.same == song.frames

    release = export_release(project, folder, tmp_path / "out")
    (exported,) = release.glob("*.flac")
    file, _ = soundfile.read(exported, dtype="float32")
    blocks = (heard.sound[start : start + (1 << 16)] for start in range(0, song.frames, 1 << 16))
    np.testing.assert_array_equal(np.concatenate(list(dithered(blocks, 1))), file)


def test_a_device_that_goes_is_told_and_one_that_comes_is_heard(server: SoundServer, tmp_path: Path) -> None:
    folder = tmp_path / "Song.deepcuts"
    build_song(folder, 600.0)
    with Playing(server, folder, "--until-told") as playing:
        playing.wait_for("playing")
        server.disconnect()
        assert "plays on in silence" in playing.wait_for("failed")["words"]
        lost = playing.wait_for("still playing")
        server.connect()
        server.record()
        assert playing.wait_for("found")["at"] >= lost["at"]
        playing.wait_for("still playing")
        playing.say("enough")
        assert playing.wait_for("done")["is_playing"]
    assert server.recorded().any()


def test_holes_are_found() -> None:
    noise = np.random.default_rng(0)
    song = noise.uniform(-1, 1, (60_000, 2)).astype(np.float32)
    song[:1000] = 0
    silence = np.zeros((500, 2), np.float32)
    whole = compare(np.concatenate([silence, song, silence]), song)
    assert (whole.same, whole.holes) == (60_000, ())
    np.testing.assert_array_equal(whole.sound, song)
    cut = np.concatenate([silence, song[:20_000], silence[:7], song[20_000:50_000], silence, song[50_000:], silence])
    broken = compare(cut, song)
    assert (broken.same, broken.holes) == (60_000, (Hole(20_000, 7), Hole(50_000, 500)))
    np.testing.assert_array_equal(broken.sound, song)
    other = song.copy()
    other[30_000] = 0.123
    assert compare(np.concatenate([silence, other]), song).same == 30_000
    assert compare(silence, song).same == 1000
