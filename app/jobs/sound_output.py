"""The sound device, in a thread of its own, pulling from a feeder; or a clock in its stead."""

from __future__ import annotations

import time

from PySide6.QtCore import QIODevice, QObject, Qt, QThread, Signal
from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSink, QMediaDevices, QtAudio

from app.jobs.feeder import Feeder

_RATE = 44_100
_BUFFER_SECONDS = 0.3
"""Long enough to bridge the moments that loading or a model that learns takes from all other threads."""
_FRAME_BYTES = 8
_CLOCK_SECONDS = 0.01

NO_DEVICE = "There is no sound device, so this plays in silence. Connect headphones or speakers and play again."
LOST_DEVICE = "The sound device stopped. Connect it again, or choose another one in the system, and play again."


class SoundOutput(QThread):
    """Pulls from `feeder` until it is closed.

    A sink pulls in the thread that owns it. In the thread of the window, each moment that the window is busy would be
    heard as a hole.

    Signals:
        failed(str, bool): why nothing is heard; True where it plays on in silence.
    """

    failed = Signal(str, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._device = QMediaDevices.defaultAudioOutput()
        self._format = _format_of(self._device)
        self.feeder = Feeder(self._format.sampleRate())

    def close(self) -> None:
        """Lets the device go; returns once it has."""
        self.requestInterruption()
        self.quit()
        self.wait()

    def run(self) -> None:
        if self._device.isNull():
            self.failed.emit(NO_DEVICE, True)
            self._run_clock()
        elif not self.isInterruptionRequested():
            self._run_sink()

    def _run_sink(self) -> None:
        pipe = _Pipe(self.feeder)
        sink = QAudioSink(self._device, self._format)
        sink.setBufferSize(round(_BUFFER_SECONDS * self._format.sampleRate()) * _FRAME_BYTES)
        watch = _Watch(sink)
        watch.stopped.connect(self._on_stopped, Qt.ConnectionType.DirectConnection)
        pipe.open(QIODevice.OpenModeFlag.ReadOnly)
        self.feeder.set_latency(sink.bufferSize() // _FRAME_BYTES)
        sink.start(pipe)
        if not self.isInterruptionRequested() and sink.error() == QtAudio.Error.NoError:
            self.exec()
        watch.stopped.disconnect()
        sink.stop()
        pipe.close()

    def _run_clock(self) -> None:
        began, out = time.monotonic(), 0
        while not self.isInterruptionRequested():
            due = int((time.monotonic() - began) * self.feeder.rate)
            if due > out:
                self.feeder.pull(due - out)
                out = due
            time.sleep(_CLOCK_SECONDS)

    def _on_stopped(self) -> None:
        self.failed.emit(LOST_DEVICE, False)
        self.quit()


class _Pipe(QIODevice):
    """The endless stream that the sink reads."""

    def __init__(self, feeder: Feeder) -> None:
        super().__init__()
        self._feeder = feeder

    def isSequential(self) -> bool:
        return True

    def bytesAvailable(self) -> int:
        return 2**20 + super().bytesAvailable()

    def readData(self, maxlen: int) -> bytes:
        return self._feeder.pull(maxlen // _FRAME_BYTES).tobytes()

    def writeData(self, data: object, length: int) -> int:
        return -1


class _Watch(QObject):
    """Tells when the sink stops by itself.

    Signals:
        stopped(): in the thread of the sink.
    """

    stopped = Signal()

    def __init__(self, sink: QAudioSink) -> None:
        super().__init__()
        self._sink = sink
        sink.stateChanged.connect(self._on_state)

    def _on_state(self) -> None:
        lost = (QtAudio.Error.IOError, QtAudio.Error.FatalError, QtAudio.Error.OpenError)
        if self._sink.error() in lost:
            self.stopped.emit()


def _format_of(device: QAudioDevice) -> QAudioFormat:
    """Stereo float at 44.1 kHz, or at the rate that the device prefers where it has no 44.1 kHz."""
    wanted = QAudioFormat()
    wanted.setSampleFormat(QAudioFormat.SampleFormat.Float)
    wanted.setChannelCount(2)
    wanted.setSampleRate(_RATE)
    if not device.isNull() and not device.isFormatSupported(wanted):
        wanted.setSampleRate(device.preferredFormat().sampleRate())
    return wanted
