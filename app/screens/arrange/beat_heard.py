"""Lets a beat be heard while it is drawn in the Generate dialog: going round, and stroke by stroke as it is tapped."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from app.document.pattern import Stroke
from app.jobs.beat_kit import Kit, make_beat_kit
from app.jobs.job import JobList
from app.playback.beat_source import BeatSource
from app.playback.player import Player
from app.widgets.clips.guide_chooser import GuideChooser

_RINGS_MS = 1500
"""After the last stroke that was tapped, the sound device rests."""


class BeatHeard(QObject):
    """Plays what is drawn, with the demo band's drums.

    Args:
        sources: where the beat is drawn.
    """

    def __init__(self, sources: GuideChooser, jobs: JobList, player: Player, parent: QObject) -> None:
        super().__init__(parent)
        self._sources, self._beat = sources, sources.beat
        self._jobs, self._player = jobs, player
        self._source: BeatSource | None = None
        self._is_making = False
        self._goes_round = False
        """Whether the beat is played, and not only what is tapped."""
        self._wanted: list[Stroke | None] = []
        """What was asked for before there were drums; None is the beat."""
        self._rests = QTimer(self)
        self._rests.setSingleShot(True)
        self._rests.setInterval(_RINGS_MS)
        self._rests.timeout.connect(self.stop)
        self._beat.play_asked.connect(self._on_play)
        self._beat.struck.connect(self._strike)
        self._beat.changed.connect(self._put)
        sources.chosen.connect(self._on_chosen)
        player.position_changed.connect(self._show)
        player.state_changed.connect(self._show)
        player.source_changed.connect(self._show)
        self._on_chosen()

    def close(self) -> bool:
        """The beat is heard no longer; whether the player still holds it."""
        self.stop()
        for signal in (self._player.position_changed, self._player.state_changed, self._player.source_changed):
            signal.disconnect(self._show)
        return self._source is not None and self._player.source is self._source

    @Slot()
    def stop(self) -> None:
        """The beat, and what was tapped, is heard no longer."""
        self._wanted.clear()
        if self._is_mine() and self._player.is_playing:
            self._player.pause()

    def _is_mine(self) -> bool:
        return self._source is not None and self._player.source is self._source

    def _is_drawing(self) -> bool:
        return self._sources.source == "pattern" and self._sources.file is None

    @Slot()
    def _on_chosen(self) -> None:
        if not self._is_drawing():
            self.stop()
        elif self._source is None and not self._is_making:
            self._is_making = True
            make_beat_kit(self._jobs).finished.connect(self._on_kit)

    @Slot(object)
    def _on_kit(self, kit: Kit) -> None:
        self._source = BeatSource(kit)
        wanted, self._wanted = self._wanted, []
        for each in wanted:
            if each is None:
                self._on_play()
            else:
                self._strike(each)

    @Slot()
    def _on_play(self) -> None:
        if self._source is None:
            self._wanted.append(None)
        elif self._goes_round and self._is_mine() and self._player.is_playing:
            self._player.pause()
        else:
            self._begin(goes_round=True)

    @Slot(str)
    def _strike(self, stroke: Stroke) -> None:
        if self._source is None:
            self._wanted.append(stroke)
            return
        self._source.strike(stroke)
        if not (self._is_mine() and self._player.is_playing):
            self._begin(goes_round=False)
        if not self._goes_round:
            self._rests.start()

    def _begin(self, *, goes_round: bool) -> None:
        assert self._source is not None
        self._goes_round = goes_round
        self._rests.stop()
        self._source.silence()
        if goes_round:
            self._source.put(self._beat.value)
        self._player.play(self._source)

    @Slot()
    def _put(self) -> None:
        if self._source is not None and self._goes_round and self._is_mine():
            self._source.put(self._beat.value)

    @Slot()
    def _show(self) -> None:
        step = None
        if self._source is not None and self._goes_round and self._is_mine() and self._player.is_playing:
            step = self._source.step_at(round(self._player.position * self._source.rate)) or 0.0
        self._beat.show_heard(step)
