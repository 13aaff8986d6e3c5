"""Waveforms of clips, worked out in the background as they are looked at."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.clip_names import DAMAGED, MISSING
from app.document.model import SONG_RATE, Clip
from app.document.store import ProjectFolder
from app.jobs.clip_lookup import ClipLookup
from app.studio.analysis.peaks import Peaks
from resources.errors import PlainError

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Window = tuple[Floats, Floats]

_ROUNDING_SECONDS = 0.01


class ClipWaves(ClipLookup[tuple[Clip, bool]]):
    """Gives the levels of any part of a clip at any scale.

    What is not known yet is worked out in the background; what is looked at now comes first. At scales where single
    samples can be told apart, the sound itself is looked at. A clip whose file is gone is silent; `flaws` tells which
    those are.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "waveforms", self._look)
        self.flaws: dict[str, str] = {}
        """By the id of a clip that is not as it should be: `MISSING` or `DAMAGED`."""
        self._peaks: dict[str, Peaks | None] = {}
        self._sounds: dict[str, Floats] = {}
        self._files: dict[str, int] = {}
        """By the id of a clip: how often its file has become another one; what was read of an older one is void."""
        self._lock = threading.Lock()

    def window(self, clip: Clip, start: float, frames: float, width: int) -> Window | None:
        """The least and greatest level, -1..1, of each of `width` columns that share a part of a clip evenly.

        Args:
            start, frames: the part, in frames of a song.

        Returns:
            None while nothing is known yet; silence for a clip that is gone or damaged.
        """
        if clip.id not in self._peaks:
            self._queue.put((clip, False))
            return None
        peaks = self._peaks[clip.id]
        if peaks is None:
            return np.zeros(width, np.float32), np.zeros(width, np.float32)
        scale = peaks.rate / SONG_RATE
        if frames * scale / width < peaks.bin:
            sound = self._sounds.get(clip.id)
            if sound is not None:
                return _looked_at(sound, start, frames, width)
            self._queue.put((clip, True))
        return peaks.window(start * scale, frames * scale, width)

    def samples(self, clip: Clip, start: int, frames: int) -> Floats | None:
        """The levels of the frames of a part of a clip; None where they are not at hand (yet)."""
        sound = self._sounds.get(clip.id)
        return None if sound is None else np.asarray(sound[start : start + frames])

    def look_again(self, clips: Iterable[Clip]) -> None:
        """Looks whether files have gone or come back since they were looked at."""
        for clip in clips:
            if clip.id in self._peaks and os.path.exists(self._folder / clip.file) == (
                self.flaws.get(clip.id) == MISSING
            ):
                self.forget(clip)

    def forget(self, clip: Clip) -> None:
        """The file is another one now."""
        with self._lock:
            self._files[clip.id] = self._files.get(clip.id, 0) + 1
            self._peaks.pop(clip.id, None)
            self._sounds.pop(clip.id, None)
        self._queue.put((clip, False))

    def _look(self, request: tuple[Clip, bool]) -> None:
        clip, sound = request
        file = self._files.get(clip.id, 0)
        if sound and clip.id not in self._sounds:
            heard = _sound_of(self._folder, clip)
            with self._lock:
                if file == self._files.get(clip.id, 0):
                    self._sounds[clip.id] = heard
        elif not sound and clip.id not in self._peaks:
            peaks = _peaks_of(self._folder, clip)
            flaw = _flaw(self._folder, clip, peaks)
            with self._lock:
                if file == self._files.get(clip.id, 0):
                    self._note(clip, flaw)
                    self._peaks[clip.id] = peaks
        self._tell(clip)

    def _note(self, clip: Clip, flaw: str) -> None:
        if flaw:
            self.flaws[clip.id] = flaw
        else:
            self.flaws.pop(clip.id, None)


def _flaw(folder: Path, clip: Clip, peaks: Peaks | None) -> str:
    if not os.path.exists(folder / clip.file):
        return MISSING
    is_whole = peaks is not None and peaks.samples >= clip.samples - clip.rate * _ROUNDING_SECONDS
    return "" if is_whole else DAMAGED


def _peaks_of(folder: Path, clip: Clip) -> Peaks | None:
    from app.studio.analysis.peaks import peaks_of

    try:
        return peaks_of(folder / clip.file, ProjectFolder(folder).cache)
    except PlainError as error:
        log.warning("no waveform of clip %s: %s", clip.id, error)
        return None


def _sound_of(folder: Path, clip: Clip) -> Floats:
    from app.studio.audio.clip_sound import ClipSounds

    return ClipSounds(folder, [clip])[clip.id]


def _looked_at(sound: Floats, start: float, frames: float, width: int) -> Window:
    """As `Peaks.window`, from the samples themselves; between samples, the line from one to the next."""
    edges = start + np.arange(width + 1) * (frames / width)
    first, last = max(int(edges[0]) - 1, 0), min(int(edges[-1]) + 3, len(sound))
    if last - first < 2:
        return np.zeros(width, np.float32), np.zeros(width, np.float32)
    part = np.asarray(sound[first:last])
    at_edges = np.interp(edges, np.arange(first, last), part, left=0.0, right=0.0).astype(np.float32)
    lows, highs = np.minimum(at_edges[:-1], at_edges[1:]), np.maximum(at_edges[:-1], at_edges[1:])
    begins = np.clip(np.ceil(edges).astype(np.intp) - first, 0, len(part))
    some = np.flatnonzero((begins[1:] > begins[:-1]) & (begins[:-1] < len(part)))
    if len(some):
        starts = begins[:-1][some]
        upto = part[: max(begins[1:][some[-1]], starts[-1] + 1)]
        lows[some] = np.minimum(lows[some], np.minimum.reduceat(upto, starts))
        highs[some] = np.maximum(highs[some], np.maximum.reduceat(upto, starts))
    return lows, highs
