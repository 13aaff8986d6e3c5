"""Playing the files of a release, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.document.errors import UserError
from app.playback.player import Player, Source, file_source


class ReleasePlayer(QObject):
    """Goes on with the next file where one has been played to its end; stops where something else is played.

    Signals:
        failed(str): the next file cannot be read, in plain words.
    """

    failed = Signal(str)

    def __init__(self, player: Player, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._waiting: list[Path] = []
        self._source: Source | None = None
        player.state_changed.connect(self._on_state)

    @property
    def is_loaded(self) -> bool:
        """Whether one of its files is what plays, or would go on."""
        return self._source is not None and self._player.source is self._source

    def play(self, files: Sequence[Path]) -> None:
        """Plays these from the first on."""
        self._waiting = list(files)
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            return
        try:
            self._source = file_source(self._waiting.pop(0))
        except UserError as error:
            self._waiting.clear()
            self.failed.emit(str(error))
        else:
            self._player.play(self._source)

    @Slot(bool)
    def _on_state(self, playing: bool) -> None:
        if playing or self._source is None:
            return
        if self._player.source is not self._source:
            self._waiting.clear()
        elif self._player.position >= self._player.length:
            self._next()
