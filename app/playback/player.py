"""Playing sound: what plays, where it is, how loud it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.errors import UserError
from app.playback.device import SoundOutput
from app.playback.feeder import Source
from app.studio.audio.spooled import SpooledSound
from app.studio.finish.applying import FinishProcessor
from resources.errors import PlainError

_LOOK_EVERY_MS = 33
_REST_AFTER_LOOKS = 60
"""Looks without anything playing after which the meters rest."""
_SCRUB_SECONDS, _SCRUB_EVERY_MS = 0.09, 130
"""What is heard of each place while the playhead is dragged; the next does not cut it off."""
_OPEN_AFTER_MS = 300
"""The device is looked for once the window is up, so that the first sound does not wait for it."""

__all__ = ["Player", "Source", "SpooledSound", "file_source"]


def file_source(path: Path, finishing: FinishProcessor | None = None) -> SpooledSound:
    """A sound file to play; it is decoded in the background, and plays at once.

    Args:
        finishing: what is put on it; None for nothing.

    Raises:
        UserError: where it holds no sound that can be read.
    """
    try:
        return SpooledSound(path, finishing)
    except PlainError as error:
        raise UserError(error.what, error.what_to_do) from error


class Player(QObject):
    """Plays one source at a time through the sound device of the machine. All times are in seconds.

    Where there is no device, it plays in silence, in the same time, and says so once; as soon as there is one again,
    it is heard there.

    Signals (all in the thread of the window):
        position_changed(float): where it is, about 30 times a second while it plays.
        state_changed(bool): whether it plays.
        source_changed(): another source is loaded, or the length of the source is another.
        loop_changed(): the loop is on, off or elsewhere.
        levels_changed(float, float): peaks of left and right since the last time, 1.0 for full scale.
        loudness_changed(object): short-term loudness in LUFS, or None for silence.
        failed(str): why nothing is heard, in plain words.
        found(str): there is a device again; its name.
    """

    position_changed = Signal(float)
    state_changed = Signal(bool)
    source_changed = Signal()
    loop_changed = Signal()
    levels_changed = Signal(float, float)
    loudness_changed = Signal(object)
    failed = Signal(str)
    found = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: Source | None = None
        self._position = 0.0
        self._loop: tuple[float, float] | None = None
        self._until: float | None = None
        self._playing = False
        self._resting = 0
        self._output: SoundOutput | None = None
        self._is_closed = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._scrubbed = -1.0
        self._scrubbing = QTimer(self)
        self._scrubbing.setInterval(_SCRUB_EVERY_MS)
        self._scrubbing.setSingleShot(True)
        self._scrubbing.timeout.connect(self._hear_a_moment)
        QTimer.singleShot(_OPEN_AFTER_MS, self, self._open)

    @property
    def source(self) -> Source | None:
        """What is loaded, or None."""
        return self._source

    @property
    def length(self) -> float:
        """Of what is loaded, in seconds; 0 for nothing."""
        return self._source.frames / self._source.rate if self._source is not None else 0.0

    @property
    def position(self) -> float:
        """Where it is, in seconds from the start of what is loaded."""
        return self._position

    @property
    def is_playing(self) -> bool:
        """Whether sound is going to the device."""
        return self._playing

    @property
    def is_playing_part(self) -> bool:
        """Whether it stops by itself before the end."""
        return self._playing and self._until is not None

    @property
    def loop(self) -> tuple[float, float] | None:
        """Start and end of the loop in seconds, or None."""
        return self._loop

    @property
    def underruns(self) -> int:
        """How often the device ran out of sound while there was some to play."""
        return self._output.underruns if self._output is not None else 0

    def load(self, source: Source, start: float = 0.0) -> None:
        """Makes this the source without playing it."""
        self.pause()
        self._take(source)
        self._move(start)

    def play(self, source: Source, start: float = 0.0, loop: tuple[float, float] | None = None) -> None:
        """Plays a source from `start` on; with `loop`, it goes round between these two places for ever."""
        self._take(source)
        self.set_loop(loop)
        self._until = None
        self._move(start)
        self._begin()

    def play_part(self, source: Source, start: float, end: float) -> None:
        """Plays from `start` to `end` and stops there, loop or no loop."""
        self._take(source)
        self._move(start)
        self._until = min(end, self.length)
        self._begin()

    def scrub(self, seconds: float) -> None:
        """Goes somewhere else and lets a moment of it be heard, as a hand that drags the playhead wants it."""
        if self._playing or self._source is None:
            self.seek(seconds)
            return
        self._move(seconds)
        if not self._scrubbing.isActive():
            self._hear_a_moment()

    def _hear_a_moment(self) -> None:
        if not self._playing and self._source is not None and self._position != self._scrubbed:
            self._scrubbed = self._position
            self._scrubbing.start()
            self._until = min(self._position + _SCRUB_SECONDS, self.length)
            self._feed(self._source, at_once=True)
            self._until = None

    def resume(self) -> None:
        """Goes on from where it is; from the beginning where it was at the end."""
        if not self._playing:
            self._begin()

    def _begin(self) -> None:
        if self._source is None:
            return
        if self._position >= self.length:
            self._move(self._loop[0] if self._loop else 0.0)
        self._scrubbing.stop()
        self._feed(self._source, at_once=True)
        if not self._playing:
            self._playing = True
            self.state_changed.emit(True)

    def pause(self) -> None:
        """Stops and stays where it is."""
        if not self._playing:
            return
        if self._output is not None:
            self._output.feeder.stop()
        self._playing, self._until = False, None
        self.state_changed.emit(False)
        self.levels_changed.emit(0.0, 0.0)

    def stop(self) -> None:
        """Stops and goes to the beginning."""
        self.pause()
        self._move(0.0)

    def seek(self, seconds: float) -> None:
        """Goes somewhere else, playing or not."""
        self._move(seconds)
        self._until = None
        if self._playing and self._source is not None:
            self._feed(self._source, at_once=False)

    def replace(self, source: Source) -> None:
        """Goes on with another state of the same sound, as after an edit while it plays."""
        if self._playing and self._output is not None:
            self._output.feeder.replace(source)
        self._take(source)

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Goes round between two places in seconds from now on; None for no loop."""
        if loop == self._loop:
            return
        self._loop = loop
        if self._output is not None:
            self._output.feeder.set_loop(self._loop_frames())
        self.loop_changed.emit()

    def close(self) -> None:
        """Stops and lets the sound device go, and the file that played."""
        self.pause()
        if isinstance(self._source, SpooledSound):
            self._source.close()
        self._source = None
        self._is_closed = True
        self._timer.stop()
        if self._output is not None:
            self._output.close()
            self._output = None

    def _take(self, source: Source) -> None:
        if source is self._source:
            return
        self._source = source
        self.source_changed.emit()

    def _move(self, seconds: float) -> None:
        self._position = min(max(seconds, 0.0), self.length)
        self.position_changed.emit(self._position)

    def _open(self) -> SoundOutput | None:
        if self._output is None and not self._is_closed:
            self._output = SoundOutput(self)
            self._output.failed.connect(self.failed)
            self._output.found.connect(self.found)
            self._output.start()
        return self._output

    def _feed(self, source: Source, *, at_once: bool) -> None:
        output = self._open()
        if output is not None:
            until = None if self._until is None else round(self._until * source.rate)
            output.feeder.play(source, round(self._position * source.rate), self._loop_frames(), until)
            output.wake(at_once=at_once)
            self._resting = 0
            self._timer.start()

    def _loop_frames(self) -> tuple[int, int] | None:
        if self._loop is None or self._source is None:
            return None
        return round(self._loop[0] * self._source.rate), round(self._loop[1] * self._source.rate)

    def _look(self) -> None:
        if self._output is None or self._source is None:
            return
        feeder = self._output.feeder
        self.loudness_changed.emit(feeder.meter.loudness())
        if not self._playing:
            if feeder.is_playing:
                self.levels_changed.emit(*feeder.meter.take_peaks())
            else:
                self._rest()
            return
        heard = feeder.heard()
        if heard is not None:
            self._position = min(heard / self._source.rate, self.length)
            self.position_changed.emit(self._position)
        self.levels_changed.emit(*feeder.meter.take_peaks())
        if not feeder.is_playing:
            self._position = self.length if self._until is None else self._until
            self._until = None
            self._playing = False
            self.state_changed.emit(False)
            self.position_changed.emit(self._position)

    def _rest(self) -> None:
        self._resting += 1
        if self._resting > _REST_AFTER_LOOKS and self._output is not None:
            self._output.feeder.meter.forget()
            self._timer.stop()
            self.loudness_changed.emit(None)
