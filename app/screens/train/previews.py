"""The previews of a run, a clip from every checkpoint: played one by one or in a row, and starred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from app.document.ages import clip_ages
from app.document.errors import UserError
from app.document.model import Clip
from app.jobs.job import Job, JobList
from app.jobs.previews import PreviewSound, read_previews
from app.playback.chain import Chain
from app.playback.player import Player
from app.session.checkpoints import checkpoints_of, star_checkpoint
from app.session.finish import finish_name
from app.session.open_project import OpenProject
from app.widgets.basics import Elided, button, column, label, row, scrolling
from app.widgets.clips.clip_cards import HEIGHT, ClipCards, ClipFacts

_WORDS = "a clip from every checkpoint, same seed"
_ROOM_FOR_WORDS = 580
_ROOM_FOR_BUTTON = 480
_LEAST_WIDTH = 420
_PLAY_ALL = "Play the whole learning"


class PreviewList(QFrame):
    """The previews of one run as cards.

    Signals:
        say(str, str): a message that shows for a while: the text, and its kind "good", "bad" or "".
        live_asked(): to hear a checkpoint live.
    """

    say = Signal(str, str)
    live_asked = Signal()

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._project, self._jobs, self._player = project, jobs, player
        self._run = ""
        self._cut_short: Mapping[int, float] = {}
        self._clips: tuple[Clip, ...] = ()
        self._heard: dict[str, PreviewSound] = {}
        self._asked: set[str] = set()
        self._listening: Job | None = None
        self._finish = finish_name(project.value, project.folder)
        project.changed.connect(self._on_changed)
        self._chain: Chain | None = None
        self.cards = ClipCards()
        self.cards.clicked.connect(self._on_card)
        self.cards.star_asked.connect(self._on_star)
        self.live = button("Listen live", tip="It plays on and on while it makes it up (Ctrl+E)")
        self.live.clicked.connect(self.live_asked)
        self.play_all = button(_PLAY_ALL, icon="play", tip="From the first checkpoint to the newest")
        self.play_all.clicked.connect(self.toggle_all)
        self._words = Elided(_WORDS, "faint")
        scroll = scrolling(column(self.cards, 1, margins=(0, 0, 4, 0)))
        scroll.setMinimumHeight(HEIGHT)  # a whole row, however low the window
        self._nothing = label(
            "After the first minute, and then after each epoch, ten seconds of what the model would play by then "
            "appear here.",
            "faint",
            wrap=True,
        )
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(scroll)
        pages = QWidget()
        pages.setLayout(self._pages)
        head = row(label("What it sounds like so far", "heading"), self._words, self.live, self.play_all, spacing=10)
        head.setStretch(1, 1)
        self.setLayout(column(head, pages, spacing=10, margins=(14, 10, 10, 12)))
        player.position_changed.connect(self._show_played)
        player.state_changed.connect(self._show_played)
        player.source_changed.connect(self._show_played)
        self.show_run("")

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, super().minimumSizeHint().height())  # narrow, its head says less

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._words.show_text(_WORDS if self.width() > _ROOM_FOR_WORDS else "")
        self._name_play_all()

    def show_run(self, run: str, cut_short: Mapping[int, float] = MappingProxyType({})) -> None:
        """Shows the previews of this run, in the order of their epochs.

        Args:
            cut_short: by its number, the part (0..1) that was learnt of each epoch that is not a whole one.
        """
        self._cut_short = cut_short
        if run != self._run:
            self._run, self._heard, self._asked = run, {}, set()
        value = self._project.value
        previews = (clip for clip in value.clips if clip.run == run and clip.preview)
        self._clips = tuple(sorted(previews, key=lambda clip: (clip.epoch, clip.id)))
        ages = clip_ages(value)
        kept = {one.epoch: one.starred for one in checkpoints_of(self._project.folder, run)} if run else {}
        best = next((known.best_epoch for known in value.runs if known.id == run), 0)
        self.cards.show_clips(
            [
                ClipFacts(
                    clip.id,
                    f"early in epoch {clip.epoch}" if early else _epoch_name(clip.epoch, cut_short),
                    clip.seconds,
                    ages[clip.id],
                    kept.get(clip.epoch),
                    clip.epoch == best and not early,  # one that was made early was never scored
                )
                for clip, early in zip(self._clips, _are_early(self._clips), strict=True)
            ]
        )
        self.live.setEnabled(bool(kept))
        self._pages.setCurrentIndex(1 if self._clips else 0)
        self.play_all.setEnabled(bool(self._clips))
        self._show_waveforms()
        self._listen_to_new()

    def _listen_to_new(self) -> None:
        new = tuple(clip for clip in self._clips if clip.id not in self._asked)
        if not new or self._listening is not None:
            return
        self._asked.update(clip.id for clip in new)
        self._listening = read_previews(self._jobs, self._project.value, self._project.folder, new)
        self._listening.finished.connect(self._on_heard)
        self._listening.ended.connect(self._on_listened)

    @Slot(object)
    def _on_heard(self, heard: dict[str, PreviewSound]) -> None:
        self._heard |= heard
        self._show_waveforms()
        playing = [link.id for link in self._chain.links] if self._chain is not None else []
        if self._is_playing_ours() and all(id in heard for id in playing):  # with another finish than before
            self._play(tuple(playing), self._player.position)

    @Slot()
    def _on_changed(self) -> None:
        """Where another finish was chosen, or learnt, previews are read anew."""
        finish = finish_name(self._project.value, self._project.folder)
        if finish != self._finish:
            self._finish, self._asked = finish, set()
            if self._listening is not None:
                self._listening.cancel()
            else:
                self._listen_to_new()

    @Slot()
    def _on_listened(self) -> None:
        self._listening = None
        self._listen_to_new()

    def _show_waveforms(self) -> None:
        for card in self.cards.cards():
            if not card.has_waveform and (heard := self._heard.get(card.facts.id)):
                card.show_waveform(heard.lows, heard.highs)

    @Slot(str, bool)
    def _on_star(self, id: str, starred: bool) -> None:
        clip = next(clip for clip in self._clips if clip.id == id)
        try:
            star_checkpoint(self._project.folder, clip.run, clip.epoch, starred)
        except UserError as error:
            self.say.emit(str(error), "bad")
        self.show_run(self._run, self._cut_short)

    # playing

    @Slot(str)
    def _on_card(self, id: str) -> None:
        card = self.cards.card(id)
        if card is not None and card.is_playing:
            self._player.stop()
        elif id in self._heard:
            self._play((id,))

    @Slot()
    def toggle_all(self) -> None:
        """Plays all previews, or stops them."""
        if self._is_playing_ours():
            self._player.stop()
        else:
            self._play(tuple(clip.id for clip in self._clips if clip.id in self._heard))

    def _play(self, ids: tuple[str, ...], start: float = 0.0) -> None:
        if not ids:
            return
        rate = self._heard[ids[-1]].rate
        of_one_rate = [(id, self._heard[id].samples) for id in ids if self._heard[id].rate == rate]
        self._chain = Chain(of_one_rate, rate)
        self._player.play(self._chain, start)

    def _is_playing_ours(self) -> bool:
        return self._player.is_playing and self._chain is not None and self._player.source is self._chain

    @Slot()
    def _show_played(self) -> None:
        if self._chain is None:
            return
        playing = self._is_playing_ours()
        self.cards.show_played(*(self._chain.where(self._player.position) if playing else ("", 0.0)))
        self._name_play_all()

    def _name_play_all(self) -> None:
        wide = self.width() > _ROOM_FOR_BUTTON
        self.play_all.setText("Stop" if self._is_playing_ours() else _PLAY_ALL if wide else "Play all")


def _epoch_name(epoch: int, cut_short: Mapping[int, float]) -> str:
    return f"{max(cut_short[epoch], 0.01):.2f} of epoch {epoch}" if epoch in cut_short else f"epoch {epoch}"


def _are_early(clips: Sequence[Clip]) -> list[bool]:
    """Which were made amid their epoch; in older projects only a later one of the same epoch tells."""
    return [
        clip.early or any(after.epoch == clip.epoch for after in clips[place + 1 : place + 2])
        for place, clip in enumerate(clips)
    ]
