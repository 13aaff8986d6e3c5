"""The sound of clips as songs need it, at their rate and without offset: made once and kept on disk."""

from __future__ import annotations

import glob
import os
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.clip_names import clip_name
from app.document.model import SONG_RATE, Clip
from app.document.store import ProjectFolder
from app.studio.audio.dc_offset import without_offset
from resources.files import replacing
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.reading import mono_blocks, not_there, open_sound
from samplernn.errors import SoundError
from samplernn.memory_map import open_mapped

Sound = NDArray[np.float32]

_CHECK_BYTES = 4
_ROUNDING = SONG_RATE // 100
"""Frames that resampling may leave off the end."""
_VERSION = 2
"""Of what is done to the sound: what is kept of an older one is made again."""


class ClipSounds(Mapping[str, Sound]):
    """The sound of each clip by its id: mono float32 [clip.frames] at `SONG_RATE`, read-only, and read from the disk as
    it is needed (see `samplernn.memory_map`). It is freed of its offset, so that all that is heard and exported is.

    A clip is opened when it is first asked for. One whose file is gone or damaged is empty or ends early, so that it
    plays as silence, and `problems` says what is wrong with it. Any thread may ask.
    """

    def __init__(self, folder: Path, clips: Iterable[Clip]) -> None:
        self._folder = ProjectFolder(folder)
        self._clips = {clip.id: clip for clip in clips}
        self._open: dict[str, Sound] = {}
        self._lock = threading.Lock()
        self.problems: dict[str, str] = {}

    def __getitem__(self, id: str) -> Sound:
        sound = self._open.get(id)
        if sound is None:
            clip = self._clips[id]
            with self._lock:
                if id not in self._open:
                    self._open[id] = self._opened(clip)
                sound = self._open[id]
        return sound

    def __iter__(self) -> Iterator[str]:
        return iter(self._clips)

    def __len__(self) -> int:
        return len(self._clips)

    def prepare(self, ids: Iterable[str], report: Report = no_report, cancelled: Cancelled = never) -> None:
        """Opens these clips ahead of time, so that playing them never waits."""
        wanted = [id for id in dict.fromkeys(ids) if id in self._clips]
        for number, id in enumerate(wanted):
            stop_if(cancelled)
            report(number / len(wanted), f"Opening clip {id}")
            self[id]

    def forget(self, id: str) -> None:
        """Opens the clip anew when it is asked for again: its file is another one now."""
        with self._lock:
            self._open.pop(id, None)
            self.problems.pop(id, None)

    def _opened(self, clip: Clip) -> Sound:
        path = self._folder.path / clip.file
        try:
            stat = path.stat()
        except FileNotFoundError:
            gone = f"“{path.name}” is not in the project any more"
            self.problems[clip.id] = f"The clip {clip_name(clip)} is missing, so it is silent: {gone}."
            return np.zeros(0, np.float32)
        except OSError as error:
            return self._silent(clip, not_there(path, error, was_there=True))
        kept = self._folder.cache / f"{clip.id}-{stat.st_mtime_ns:x}-{stat.st_size:x}-{_VERSION}.npy"
        sound = _load(kept, clip.frames)
        if sound is None:
            try:
                sound = _read(path, clip.frames)
            except SoundError as error:
                return self._silent(clip, error)
            missing = clip.frames - len(sound)
            if missing > _ROUNDING:
                self.problems[clip.id] = f"The end of the clip {clip_name(clip)} is missing; it is silent there."
                return sound
            sound = self._keep(clip, np.pad(sound, (0, missing)), kept)
        return sound

    def _silent(self, clip: Clip, error: SoundError) -> Sound:
        self.problems[clip.id] = f"The clip {clip_name(clip)} cannot be played, so it is silent: {error.what}"
        return np.zeros(0, np.float32)

    def _keep(self, clip: Clip, sound: Sound, kept: Path) -> Sound:
        """Leaves the sound in the cache and maps it from there; stays in memory where the disk does not allow."""
        try:
            for old in kept.parent.glob(f"{glob.escape(clip.id)}-*.npy"):
                old.unlink(missing_ok=True)
            with replacing(kept) as fresh, fresh.open("wb") as file:
                np.save(file, sound, allow_pickle=False)
                file.write(_check(sound))
        except OSError:
            return sound
        mapped = _load(kept, clip.frames)
        return sound if mapped is None else mapped


def _load(path: Path, frames: int) -> Sound | None:
    """What the cache holds; None where it holds nothing, or anything in it is damaged."""
    try:
        sound: Sound = open_mapped(path)
        with path.open("rb") as file:
            file.seek(-_CHECK_BYTES, os.SEEK_END)
            check = file.read()
    except (OSError, ValueError):
        return None
    return sound if sound.dtype == np.float32 and sound.shape == (frames,) and check == _check(sound) else None


def _check(sound: Sound) -> bytes:
    """What the file ends with: a damaged one would be heard, and exported, without a word."""
    return zlib.crc32(sound.data).to_bytes(_CHECK_BYTES, "little")


def _read(path: Path, frames: int) -> Sound:
    """The first `frames` of a sound file at `SONG_RATE` without their offset, or as many as it has."""
    pieces, found = [np.zeros(0, np.float32)], 0
    with open_sound(path) as stream:
        for piece in mono_blocks(stream.blocks(), stream.info.rate, SONG_RATE):
            pieces.append(piece[: frames - found])
            found += len(pieces[-1])
            if found == frames:
                break
    return without_offset(np.concatenate(pieces))
