"""The bar at the foot of the window: play, loop, where it is, what is put on clips, how loud it is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.widgets import theme
from app.widgets.basics import button, label, row
from app.widgets.frame.finish_chip import FinishChip
from app.widgets.plots.levels import LevelMeter

_LONGEST_SECONDS = 24 * 3600.0


def clock(seconds: float) -> str:
    """mm:ss.mmm, with hours before them from an hour on."""
    milliseconds = round(max(seconds, 0.0) * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    start = f"{hours}:{minutes:02d}" if hours else f"{minutes:02d}"
    return f"{start}:{rest // 1000:02d}.{rest % 1000:03d}"


def short_clock(seconds: float) -> str:
    """mm:ss."""
    whole = round(seconds)
    return (
        f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"
        if whole >= 3600
        else (f"{whole // 60:02d}:{whole % 60:02d}")
    )


class Transport(QFrame):
    """Shows what the player does, and asks for what it should do.

    Signals:
        play_asked(): play, or stop where it plays.
        start_asked(): go to the beginning.
        loop_asked(bool): go round, or not.

    What `finish` asks for is told by that.
    """

    play_asked = Signal()
    start_asked = Signal()
    loop_asked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar-bottom")
        self.setFixedHeight(56)
        self.to_start = _control("to-start", "Go to the beginning (Home)")
        self.play = _control("play", "Play (Space)", "play")
        self.play.setFixedSize(46, 32)
        self.loop = button("loop", icon="loop", tip="Play round and round (L)")
        self.loop.setCheckable(True)
        self.loop.setFixedHeight(32)
        self.loop.setAccessibleName("Loop")
        self.clock = label("", "clock", tabular=True)
        self.length = label("", "faint", tabular=True)
        self.clock.setAccessibleName("Position")
        self.length.setAccessibleName("Length")
        self.what = label("", "faint")
        self.finish = FinishChip()
        self.meter = LevelMeter()
        self.loudness = label("", "dim", tabular=True)
        self.loudness.setFixedWidth(84)
        self.loudness.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.loudness.setToolTip("How loud the last three seconds were")
        self.loudness.setAccessibleName("Loudness")
        self.setLayout(
            row(
                row(self.to_start, self.play, self.loop, spacing=18),
                row(self.clock, self.length, spacing=18),
                1,
                self.finish,
                row(label("master", "faint"), self.meter, self.loudness, spacing=16),
                spacing=18,
                margins=(18, 0, 18, 0),
            )
        )
        self.play.clicked.connect(self.play_asked)
        self.to_start.clicked.connect(self.start_asked)
        self.loop.clicked.connect(self.loop_asked)
        self.show_position(0.0)
        self.show_length(0.0)
        self.show_loudness(None)
        self.show_playing(False)

    def show_playing(self, playing: bool) -> None:
        """Shows whether it plays."""
        self.play.setIcon(theme.icon("stop" if playing else "play", theme.GROUND))
        self.play.setAccessibleName("Stop" if playing else "Play")
        self.play.setToolTip("Stop (Space)" if playing else "Play (Space)")

    def show_position(self, seconds: float) -> None:
        """Shows the time at which it plays, in seconds."""
        self.clock.setText(clock(seconds))

    def show_length(self, seconds: float) -> None:
        """Shows how long the sound is; what never ends is live."""
        known = f"/ {short_clock(seconds)}" if seconds > 0 else ""
        self.length.setText("live" if seconds > _LONGEST_SECONDS else known)

    def show_loop(self, on: bool) -> None:
        """Shows whether a part is repeated."""
        self.loop.setChecked(on)

    def show_loudness(self, lufs: float | None) -> None:
        """Shows the loudness in LUFS, or a dash for silence."""
        number = f"{lufs:.1f}".replace("-", "\u2212") if lufs is not None else "\u2013"
        self.loudness.setText(f"{number} LUFS")


def _control(icon: str, tip: str, kind: str = "") -> QPushButton:
    made = button("", kind, tip=tip)
    made.setIcon(theme.icon(icon, theme.GROUND if kind == "play" else theme.TEXT))
    made.setIconSize(QSize(16, 16))
    made.setFixedSize(36, 32)
    made.setAccessibleName(tip)
    return made
