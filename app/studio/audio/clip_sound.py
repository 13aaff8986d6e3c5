"""The sound of clips as songs need it, at their rate, without offset, with its finish: made once and kept on disk."""

from __future__ import annotations

import glob
import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.clip_names import clip_name
from app.document.model import SONG_RATE, Clip
from app.document.store import ProjectFolder
from app.studio.array_cache import keep_mapped, kept_mapped
from app.studio.audio.dc_offset import without_offset
from app.studio.finish.applying import FinishProcessor
from app.studio.finish.chosen import ChosenFinish, name_of
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.reading import mono_blocks, not_there, open_sound
from samplernn.errors import SoundError

log = logging.getLogger(__name__)

Sound = NDArray[np.float32]

_ROUNDING = SONG_RATE // 100
"""Frames that resampling may leave off the end."""
_PIECE = 1 << 19
"""Frames that a finish is put on at a time: twelve seconds."""
_ONE_AT_A_TIME = threading.Lock()
_VERSION = 2
"""Of what is done to the sound: what is kept of an older one is made again."""


class ClipSounds(Mapping[str, Sound]):
    """The sound of each clip by its id at `SONG_RATE`, read-only, and read from the disk as it is needed (see
    `samplernn.memory_map`): mono float32 [clip.frames], or [clip.frames, 2 or 3] where a finish is put on it (see
    `app.studio.finish.applying.FinishProcessor.parts`).
    It is freed of its offset, so that all that is heard and exported is.

    A clip is opened when it is first asked for. One whose file is gone or damaged is empty or ends early, so that it
    plays as silence, and `problems` says what is wrong with it. Any thread may ask.

    Args:
        finish: what is put on the clips; None leaves them as made.
    """

    def __init__(self, folder: Path, clips: Iterable[Clip], finish: ChosenFinish | None = None) -> None:
        self._folder = ProjectFolder(folder)
        self._clips = {clip.id: clip for clip in clips}
        self._finish = finish
        self._open: dict[str, Sound] = {}
        self._forgotten: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._opening: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self.problems: dict[str, str] = {}

    @property
    def finish_name(self) -> str:
        """Which finish is put on the clips, "" for none."""
        return name_of(self._finish)

    def __getitem__(self, id: str) -> Sound:
        return self._get(id, never)

    def __iter__(self) -> Iterator[str]:
        return iter(self._clips)

    def __len__(self) -> int:
        return len(self._clips)

    def __contains__(self, id: object) -> bool:
        return id in self._clips  # without opening it

    def if_open(self, id: str) -> Sound | None:
        """The sound of a clip, if it can be had without waiting."""
        return self._open.get(id)

    def prepare(self, ids: Iterable[str], report: Report = no_report, cancelled: Cancelled = never) -> None:
        """Opens these clips ahead of time, so that playing them never waits."""
        wanted = [id for id in dict.fromkeys(ids) if id in self._clips]
        for number, id in enumerate(wanted):
            stop_if(cancelled)
            report(number / len(wanted), f"Opening clip {id}")
            self._get(id, cancelled)

    def forget(self, id: str) -> None:
        """Opens the clip anew when it is asked for again: its file is another one now."""
        with self._lock:
            self._forgotten[id] += 1
            self._open.pop(id, None)
            self.problems.pop(id, None)

    def _get(self, id: str, cancelled: Cancelled) -> Sound:
        sound = self._open.get(id)
        if sound is not None:
            return sound
        clip = self._clips[id]
        with self._lock:
            opening = self._opening[id]
        with opening:
            while (sound := self._open.get(id)) is None:
                before = self._forgotten[id]
                opened = self._opened(clip, cancelled)
                with self._lock:
                    if self._forgotten[id] == before:
                        self._open[id] = opened
        return sound

    def _opened(self, clip: Clip, cancelled: Cancelled) -> Sound:
        path = self._folder.path / clip.file
        try:
            stat = path.stat()
        except FileNotFoundError:
            gone = f"“{path.name}” is not in the project any more"
            self.problems[clip.id] = f"The clip {clip_name(clip)} is missing, so it is silent: {gone}."
            return np.zeros(0, np.float32)
        except OSError as error:
            return self._silent(clip, not_there(path, error, was_there=True))
        stem = f"{clip.id}-{stat.st_mtime_ns:x}-{stat.st_size:x}-{_VERSION}"
        finishing = self._finish.on(clip) if self._finish is not None else None
        if finishing is None:
            return self._made(clip, path, stem)
        kept = self._folder.cache / f"{stem}-{self.finish_name}.npy"
        sound = kept_mapped(kept, (clip.frames, finishing.channels))
        if sound is not None:
            return sound
        made = self._made(clip, path, stem)
        if not len(made):
            return made
        with _ONE_AT_A_TIME:  # others of the same project may just be making the same
            sound = kept_mapped(kept, (clip.frames, finishing.channels))
            return sound if sound is not None else self._put_on(clip, made, finishing, kept, cancelled)

    def _made(self, clip: Clip, path: Path, stem: str) -> Sound:
        """The clip as it was made, mono."""
        kept = self._folder.cache / f"{stem}.npy"
        sound = kept_mapped(kept, (clip.frames,))
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
                if not old.name.startswith(kept.stem):
                    old.unlink(missing_ok=True)
            keep_mapped(kept, sound.shape, [sound])
        except OSError:
            return sound
        mapped = kept_mapped(kept, sound.shape)
        return sound if mapped is None else mapped

    def _put_on(self, clip: Clip, made: Sound, finishing: FinishProcessor, kept: Path, cancelled: Cancelled) -> Sound:
        """The clip with its finish, [frames, channels]; kept as `_keep` does, if all of the clip is there."""

        def pieces() -> Iterator[Sound]:
            for start in range(0, len(made), _PIECE):
                stop_if(cancelled)
                yield finishing.parts(made, 0, start, min(_PIECE, len(made) - start))

        shape = (clip.frames, finishing.channels)
        if len(made) == clip.frames:
            try:
                _remove_older(kept, clip.id, self.finish_name)
                keep_mapped(kept, shape, pieces())
            except OSError:
                log.info("%s is not kept: there is no room", kept.name)
            if (mapped := kept_mapped(kept, shape)) is not None:
                return mapped
        return np.concatenate(list(pieces()))


def _remove_older(kept: Path, id: str, finish: str) -> None:
    """Removes what was made of other states of the clip, or with finishes that have been learnt anew since."""
    made, learnt = kept.stem.removesuffix(f"-{finish}"), finish.split("-")[-1]
    for old in kept.parent.glob(f"{glob.escape(id)}-*.npy"):
        if old.stem != made and not (old.stem.startswith(made) and old.stem.endswith(learnt)):
            with suppress(OSError):
                old.unlink()


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
