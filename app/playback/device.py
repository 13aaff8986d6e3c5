"""The sound device, in a thread of its own, pulling from a feeder; or a clock in its stead."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time

from PySide6.QtCore import QIODevice, QObject, Qt, QThread, QTimer, Signal, Slot
from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSink, QMediaDevices, QtAudio

from app.document.model import SONG_RATE
from app.playback.feeder import Feeder

log = logging.getLogger(__name__)

_RATE = SONG_RATE
_BUFFER_SECONDS = 0.1
"""Bridges the moments that a model that learns, or loading, takes from all other threads of the program."""
_SERVER_SECONDS = 0.1 if sys.platform.startswith("linux") else 0.0
"""What the sound server is to hold besides, for the moments in which the whole program has to wait. Left to itself, Qt
has it hold 6 ms, which a busy machine does not keep up with. A stop is heard later by both."""
_FRAME_BYTES = 8
_REST_SECONDS = 0.5
"""Of silence, after which the device is let go."""
_LOST_AFTER_SECONDS = 2.5
"""Without a pull while something plays: not every device says that it is gone."""
_LOOK_EVERY_MS = 250
_CLOCK_SECONDS = 0.01

NO_DEVICE = "There is no sound device, so this plays in silence. Connect headphones or speakers to hear it."
LOST_DEVICE = "The sound device is gone, so this plays on in silence. It is heard again as soon as there is one."


class SoundOutput(QThread):
    """Pulls from `feeder` while that has something to play; lets the device rest in between.

    A sink pulls in the thread that owns it. In the thread of the window, each moment that the window is busy would be
    heard as a hole. Where the device goes, a clock pulls in silence until there is one again.

    Signals:
        failed(str): why nothing is heard.
        found(str): the name of the device through which it is heard again.
    """

    failed = Signal(str)
    found = Signal(str)
    _wake_asked = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.feeder = Feeder(_RATE)
        self.underruns = 0
        """How often the device ran out of sound while there was some to play."""
        self._devices = QMediaDevices(self)
        self._device = QMediaDevices.defaultAudioOutput()
        self._useless: QAudioDevice | None = None
        self._is_silent = False
        self._news = threading.Event()
        if _SERVER_SECONDS:
            # the library that talks to PulseAudio, or to PipeWire in its stead, takes this for all streams
            os.environ.setdefault("PULSE_LATENCY_MSEC", f"{_SERVER_SECONDS * 1000:.0f}")
        self._devices.audioOutputsChanged.connect(self._on_devices)

    def wake(self, *, at_once: bool) -> None:
        """The feeder has something new to play.

        Args:
            at_once: what the device still holds of what was played before is dropped.
        """
        self._useless = None
        self._news.set()
        self._wake_asked.emit(at_once)

    def close(self) -> None:
        """Lets the device go; returns once it has."""
        self.requestInterruption()
        self._news.set()
        self.quit()
        self.wait()
        self.feeder.forget()

    @Slot()
    def _on_devices(self) -> None:
        device = QMediaDevices.defaultAudioOutput()
        is_other = device != self._device
        self._device, self._useless = device, None
        self._news.set()
        if is_other:
            self.quit()

    # in the thread

    def run(self) -> None:
        """What the thread does: opens the device and feeds it until it is closed."""
        while not self.isInterruptionRequested():
            device = self._device
            if device.isNull() or device == self._useless:
                self._run_clock(NO_DEVICE if device.isNull() else LOST_DEVICE)
            else:
                self._run_device(device)

    def _run_device(self, device: QAudioDevice) -> None:
        sound_format = _format_of(device)
        self.feeder.set_rate(sound_format.sampleRate())
        speaker = _Speaker(device, sound_format, self.feeder)
        speaker.lost.connect(self.quit, Qt.ConnectionType.DirectConnection)
        speaker.underrun.connect(self._on_underrun, Qt.ConnectionType.DirectConnection)
        self._wake_asked.connect(speaker.wake)
        if self.feeder.is_sounding:
            speaker.wake(True)
        if self._is_silent and not speaker.is_lost:
            self._is_silent = False
            self.found.emit(device.description())
        if not speaker.is_lost:
            self.exec()
        self._wake_asked.disconnect(speaker.wake)
        speaker.close()
        if speaker.is_lost:
            self._useless = device

    def _on_underrun(self) -> None:
        self.underruns += 1
        log.warning("the sound device ran out of sound")

    def _run_clock(self, why: str) -> None:
        """In silence, until there is another device or someone plays anew."""
        if self.feeder.is_sounding and not self._is_silent:
            self._is_silent = True
            self.failed.emit(why)
        began, out = time.monotonic(), 0
        while self.feeder.is_sounding and not self._news.is_set():
            due = int((time.monotonic() - began) * self.feeder.rate)
            self.feeder.pull(due - out)
            out = due
            time.sleep(_CLOCK_SECONDS)
        self._news.wait()
        self._news.clear()


class _Speaker(QObject):
    """One device, open while something plays.

    Signals:
        lost(): the device is gone, or never began.
        underrun(): it ran out of sound while there was some to play.
    """

    lost = Signal()
    underrun = Signal()

    def __init__(self, device: QAudioDevice, sound_format: QAudioFormat, feeder: Feeder) -> None:
        super().__init__()
        self.is_lost = False
        self._feeder = feeder
        self._pipe = _Pipe(feeder)
        self._pipe.open(QIODevice.OpenModeFlag.ReadOnly | QIODevice.OpenModeFlag.Unbuffered)
        self._sink = QAudioSink(device, sound_format)
        self._sink.setBufferSize(round(_BUFFER_SECONDS * sound_format.sampleRate()) * _FRAME_BYTES)
        self._sink.stateChanged.connect(self._on_state)
        # queued: a sink must not be stopped in the middle of pulling
        self._pipe.silent.connect(self._rest, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    @Slot(bool)
    def wake(self, at_once: bool) -> None:
        """Begins to pull; see `SoundOutput.wake`."""
        if at_once or self._sink.state() == QtAudio.State.StoppedState:
            # a device that is started anew begins with what it is given now
            self._sink.reset()
            self._pipe.begin()
            held = self._sink.bufferSize() // _FRAME_BYTES + round(_SERVER_SECONDS * self._feeder.rate)
            self._feeder.set_latency(held)
            self._sink.start(self._pipe)
            self._timer.start()

    def close(self) -> None:
        self._timer.stop()
        self._sink.stateChanged.disconnect(self._on_state)
        self._sink.stop()
        self._pipe.close()

    @Slot()
    def _rest(self) -> None:
        if not self._feeder.is_sounding:
            self._timer.stop()
            self._sink.stop()

    @Slot()
    def _look(self) -> None:
        if self._pipe.seconds_since_pull > _LOST_AFTER_SECONDS and self._feeder.is_sounding:
            self._lose("it does not ask for sound any more")

    def _lose(self, why: object) -> None:
        if not self.is_lost:
            log.warning("the sound device stopped: %s", why)
            self.is_lost = True
            self.lost.emit()

    @Slot()
    def _on_state(self) -> None:
        error = self._sink.error()
        if error == QtAudio.Error.UnderrunError and self._feeder.is_sounding:
            self.underrun.emit()
        elif error not in (QtAudio.Error.NoError, QtAudio.Error.UnderrunError):
            self._lose(error)


class _Pipe(QIODevice):
    """The endless stream that a sink reads.

    Signals:
        silent(): what the device holds is nothing but silence, for a while now.
    """

    silent = Signal()

    def __init__(self, feeder: Feeder) -> None:
        super().__init__()
        self._feeder = feeder
        self.begin()

    def begin(self) -> None:
        self._silent_frames = 0
        self._pulled = time.monotonic()

    @property
    def seconds_since_pull(self) -> float:
        return time.monotonic() - self._pulled

    def isSequential(self) -> bool:
        return True

    def bytesAvailable(self) -> int:
        return 2**20 + super().bytesAvailable()

    def readData(self, maxlen: int) -> bytes:
        frames = maxlen // _FRAME_BYTES
        self._pulled = time.monotonic()
        before = self._silent_frames
        self._silent_frames = 0 if self._feeder.is_sounding else before + frames
        enough = self._feeder.rate * _REST_SECONDS
        if before < enough <= self._silent_frames:
            self.silent.emit()
        return self._feeder.pull(frames).tobytes()

    def writeData(self, data: object, length: int) -> int:
        return -1


def _format_of(device: QAudioDevice) -> QAudioFormat:
    """Stereo float at 44.1 kHz, or at the rate that the device prefers where it has no 44.1 kHz."""
    wanted = QAudioFormat()
    wanted.setSampleFormat(QAudioFormat.SampleFormat.Float)
    wanted.setChannelCount(2)
    wanted.setSampleRate(_RATE)
    if not device.isFormatSupported(wanted):
        wanted.setSampleRate(device.preferredFormat().sampleRate())
    return wanted
