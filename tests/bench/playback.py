"""Playing through a real sound server while a model learns on all cores; nothing where PulseAudio is not installed.

The song is played by its key in the real window; what the device was given is compared with the mix, sample by sample.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.document.model import SONG_RATE
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.mix import mix
from tests.bench.measuring import Figure
from tests.playback.comparing import compare
from tests.playback.playing import Playing
from tests.playback.song import build_song
from tests.playback.sound_server import SoundServer, is_there

_SECONDS = 60.0
_STARTS = 8


def measure() -> Iterator[tuple[str, Figure]]:
    if is_there():
        with tempfile.TemporaryDirectory(prefix="pa") as place:
            yield from _measure(Path(place))


def _measure(place: Path) -> Iterator[tuple[str, Figure]]:
    folder = place / "Song.deepcuts"
    project = build_song(folder, _SECONDS)
    song = project.songs[0]
    with SoundServer(place) as server:
        server.record()
        with Playing(server, folder, "--starts", str(_STARTS)) as playing:
            keys = [news["at"] for news in playing.told() if news["what"] == "key"]
        starts = [server.first_sound_after(at) for at in keys[::2]]
        waits = [(heard - at) * 1000 for heard, at in zip(starts, keys[::2], strict=True) if heard is not None]
        yield "hear.start_ms", Figure(
            statistics.median(waits), "ms",
            note=f"from the key to the sound at the device; at most {max(waits):.0f} of {len(waits)}",
        )  # fmt: skip
        before = len(server.recorded())
        with Playing(server, folder, "--learn") as playing:
            done = playing.wait_for("done")
        heard = compare(server.recorded()[before:], mix(song, ClipSounds(folder, project.clips), 0, song.frames))
    note = f"{_SECONDS:.0f} s while {done['steps']} steps were learnt"
    yield "hear.underruns", Figure(len(heard.holes), "", note=note)
    lost = sum(hole.frames for hole in heard.holes) / SONG_RATE * 1000
    yield "hear.underrun_ms", Figure(lost, "ms", note="of silence, all together")
    yield "hear.same", Figure(heard.same / song.frames, "", note="of the song, to the last bit what is exported")
