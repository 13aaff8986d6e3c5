"""Arrange: clips are heard, cut, layered and put in order, song by song."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.document.ages import clip_ages
from app.document.changes import EVERYTHING, Changes
from app.document.edits.songs import title_song
from app.document.lengths import album_seconds
from app.document.model import Clip, Song
from app.document.tree import find
from app.document.words import plural
from app.jobs.clip_loudness import ClipLoudness
from app.jobs.clip_measures import ClipMeasuring
from app.jobs.job import JobList
from app.jobs.peaks import ClipWaves
from app.playback.player import Player
from app.screens.arrange.actions import SectionActions
from app.screens.arrange.analysis import SongAnalysis
from app.screens.arrange.comparing import Comparing
from app.screens.arrange.context import ArrangeContext
from app.screens.arrange.continuing import ContinueActions
from app.screens.arrange.excerpt_sound import ExcerptSound
from app.screens.arrange.generating import Generating
from app.screens.arrange.keys import Keys
from app.screens.arrange.layers import LayerActions
from app.screens.arrange.levels import SectionLevels
from app.screens.arrange.listening import ListenActions
from app.screens.arrange.lost import LostClips
from app.screens.arrange.mapping import MapActions
from app.screens.arrange.markers import MarkerActions
from app.screens.arrange.measuring import MeasureActions
from app.screens.arrange.moves import MoveActions
from app.screens.arrange.placing import ClipPlacing
from app.screens.arrange.play_again import PlayAgainActions, chosen_part
from app.screens.arrange.replacing import ReplaceActions
from app.screens.arrange.selection import KeptSelection
from app.screens.arrange.songs import SongActions
from app.screens.arrange.sound import ArrangeSound
from app.screens.arrange.taking_out import TakingOut
from app.screens.arrange.triage import TriageActions
from app.screens.arrange.view import ViewActions
from app.screens.screen import Screen
from app.session.open_project import OpenProject
from app.widgets import theme
from app.widgets.basics import button, column, duration, empty_page, label, line, row, set_kind
from app.widgets.clips.clip_drop import ClipDrop
from app.widgets.clips.clip_panel import ClipPanel
from app.widgets.controls.focus import keep_keys
from app.widgets.frame.action_palette import ActionGroup
from app.widgets.map.panel import MapPanel
from app.widgets.songs.album_flow import AlbumFlow
from app.widgets.songs.song_head import SongHead
from app.widgets.timeline.foot import TimelineFoot
from app.widgets.timeline.section_panel import SectionPanel
from app.widgets.timeline.view import TimelineView

_LEAST_CLIPS, _LEAST_PANEL = 218, 190


class ArrangeScreen(Screen):
    """The clips at the left, the songs of the album above, one song on its lanes, the chosen section at the right."""

    name = "arrange"
    shown_parts = frozenset(("clips", "runs", "songs", "release"))

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(project, jobs, player, parent)
        self.song = ""
        self._place = 0
        """Of that song on the album."""
        self._colours: dict[str, QColor] = {}
        self.waves = ClipWaves(project.folder)
        self._loudness = ClipLoudness(project.folder, jobs, self)
        self.clips = ClipPanel(self.waves)
        self.flow = AlbumFlow(self.waves)
        self.head = SongHead()
        self.timeline = TimelineView(self.waves)
        self.panel = SectionPanel()
        self.map = MapPanel()
        self.map.hide()
        self._songs = label("", "faint", tabular=True)
        self._drag_hint = label("drag to reorder", "faint")
        self.sound = ArrangeSound(project, player, self.timeline, self.clips.list, self)
        self.sound.problem.connect(lambda words: self.say.emit(words, "bad"))
        self._topics: list[ActionGroup] = []
        self._actions()
        self._buttons()
        self._centre = self._middle()
        for part in (self.clips, self._centre, self.panel):
            part.setParent(self)
            keep_keys(part)
        self._connect()
        self.show_changes(EVERYTHING)

    def _actions(self) -> None:
        keys = Keys(self.timeline, self.addAction)
        shared = ArrangeContext(
            self.project, self.jobs, self.waves, self._loudness, self.sound,
            self.timeline, self.clips, self.panel, keys,
        )  # fmt: skip
        self.levels = SectionLevels(shared)
        at_hand = partial(chosen_part, state=self.timeline.state)
        self.generating = Generating(self.project, self.jobs, self.player, at_hand, self)
        self.generating.told.connect(self.say)
        self.generating.guide_heard.connect(self.sound.enter)
        self.add_key("Generate clips…", "G", self.generating.ask)
        more = partial(self.generating.ask, None)
        self.comparing = Comparing(self.project, self.jobs, self.player, more, self)
        self.comparing.told.connect(self.say)
        self.comparing.heard.connect(self.sound.enter)
        self.add_key("Which epoch, how warm?…", "E", self.comparing.ask)
        self.songs = SongActions(shared, self.flow, self.levels, self.choose_song)
        self._topic("songs and lanes")
        self.placing = ClipPlacing(shared, self.songs)
        self.sections = SectionActions(shared)
        self.playing_again = PlayAgainActions(shared, self.generating.ask)
        self.playing_again.told.connect(lambda words: self.say.emit(words, "good"))
        self.generating.played_again.connect(self.playing_again.take)
        self._topic("sections")
        self.moves = MoveActions(shared)
        self._topic("moving about")
        self.markers = MarkerActions(shared)
        self._topic("markers and loop")
        self.views = ViewActions(shared)
        self._topic("what is seen")
        self.layers = LayerActions(shared, need_song=self.songs.add)
        self.analysis = SongAnalysis(shared, self.head, lambda clip: self._colours.get(clip) or QColor(theme.FAINT))
        self._topic("layers and tempo")
        self.triage = TriageActions(shared)
        self._topic("rating clips")
        self.excerpts = ExcerptSound(self.project, self.player, self)
        self.measuring = ClipMeasuring(self.project.folder)
        self.measures = MeasureActions(shared, self.measuring, self.excerpts)
        self.mapping = MapActions(shared, self.map, self.measures, self.excerpts, self.placing, self.choose_song)
        self.mapping.opened.connect(self._show)
        self.mapping.told.connect(lambda words: self.say.emit(words, "good"))
        self.triage.pointed_at = lambda: self.mapping.clip_in_question
        self._topic("measures and map")
        self.listening = ListenActions(shared)
        self.going_on = ContinueActions(shared)
        self.going_on.told.connect(lambda words: self.say.emit(words, "good"))
        self.replacing = ReplaceActions(shared)
        self.replacing.told.connect(lambda words: self.say.emit(words, "good"))
        self.lost = LostClips(shared)
        self.lost.located.connect(self.measures.forget)
        self.lost.told.connect(lambda words: self.say.emit(words, "good"))
        self.lost.changed.connect(self._show_section)
        self.lost.problem.connect(lambda words: self.say.emit(words, "bad"))
        self.sections.moved_on.connect(self.sound.move_on)
        self.taking_out = TakingOut(shared, self.flow)
        self.taking_out.problem.connect(lambda words: self.say.emit(words, "bad"))
        self.sections.copied.connect(self.taking_out.copy_sections)
        going_on = (self.going_on.go_on, self.going_on.go_on_as_often, self.going_on.before, self.going_on.next)
        again = self.playing_again.actions
        self.sections.more = (self.listening.play_chosen, *self.layers.actions, self.analysis.correct)
        self.sections.with_model = (*going_on, *self.replacing.actions, *again)
        told = (
            self.sections, self.playing_again, self.markers, self.layers, self.triage, self.going_on, self.replacing,
        )  # fmt: skip
        for part in (*told, self.measures, self.mapping):
            part.problem.connect(lambda words: self.say.emit(words, ""))
        views = self.views
        shown = {"whole": views.whole, "follow": views.follow}
        self.foot = TimelineFoot(views.snap, views.kinds, (views.zoom_out, views.zoom_in), shown)

    def _topic(self, title: str) -> None:
        """The actions made since the last topic are listed under this one."""
        known = sum(len(group.actions) for group in self._topics)
        self._topics.append(ActionGroup(f"Arrange: {title}", self.actions()[known:]))

    def _buttons(self) -> None:
        self.head.add_action("Split", self.sections.split)
        self.head.add_action("Repeat", self.sections.repeat)
        self.head.add_action("Layer to stereo", self.layers.layer, short="Layer")
        self.head.add_action("Align accents", self.layers.align, short="Align")

    def _middle(self) -> QWidget:
        flow_head = row(label("Album flow", "heading"), self._songs, 1, self._drag_hint, spacing=12)
        self._top = QWidget()
        flow = column(flow_head, self.flow, spacing=6, margins=(14, 12, 14, 0))
        self._top.setLayout(column(flow, line(), self.head, line(), spacing=0))
        self._empty = self._empty_page()
        middle = QWidget()
        parts = column(self._top, self.map, self._empty, self.timeline, self.foot, spacing=0)
        for part, share in ((self.map, 3), (self._empty, 2), (self.timeline, 2)):
            parts.setStretchFactor(part, share)
        middle.setLayout(parts)
        return middle

    def _empty_page(self) -> QWidget:
        self._first = button("Start a song", "primary")
        self._first.setObjectName("first-song")
        self._first.clicked.connect(self.songs.add)
        words = label(
            "A song is made of clips on lanes: drag them in from the left, cut, repeat and layer them.",
            "dim",
            wrap=True,
        )
        words.setMinimumWidth(320)
        words.setMaximumWidth(420)
        page = empty_page("No songs yet", words, self._first)
        drop = ClipDrop(page)
        drop.dropped.connect(self.placing.place_at_playhead)
        drop.excerpts_dropped.connect(self.placing.place_excerpts)
        return page

    def _connect(self) -> None:
        project, timeline, clips = self.project, self.timeline, self.clips
        self._kept_selection = KeptSelection(project, timeline)
        self.waves.ready.connect(self._on_wave)
        self._loudness.measured.connect(self._show_section)
        timeline.edit_asked.connect(self.placing.edit)
        timeline.selection_changed.connect(self._show_section)
        self.flow.song_chosen.connect(self.choose_song)
        self.flow.play_asked.connect(self._play_song)
        self.head.title_asked.connect(lambda title: project.edit("Title song", title_song, self.song, title))
        clips.generate_asked.connect(self.generating.ask)
        clips.grid_asked.connect(self.comparing.ask)
        clips.train_asked.connect(lambda: self.go.emit("train"))
        clips.list.append_asked.connect(self.placing.append)
        clips.list.place_asked.connect(self.placing.place_at_playhead)

    # what is shown

    def action_groups(self) -> list[ActionGroup]:
        """The actions by topic."""
        known = sum(len(group.actions) for group in self._topics)
        return [*self._topics, ActionGroup("Arrange: sound", self.actions()[known:])]

    def rail_note(self) -> str:
        """The number of songs."""
        count = len(self.project.value.songs)
        return plural(count, "song") if count else ""

    @Slot(object)
    def _on_project_changed(self, changes: Changes) -> None:
        """Also while the screen is hidden the song may play, and undo and jobs select sections of it."""
        super()._on_project_changed(changes)
        if not self.isVisible() or not changes.touch(*self.shown_parts):
            self._follow_song()

    def _follow_song(self) -> None:
        """Puts the song as it is now onto the timeline and into the player; the one beside it where it is gone."""
        ids = [song.id for song in self.project.value.songs]
        if self.song not in ids:
            self.song = ids[min(self._place, len(ids) - 1)] if ids else ""
        self._place = ids.index(self.song) if ids else 0
        self.timeline.state.show_song(self.project.value, self.song, self._colours)
        self.sound.show_song(self._song())

    def show_changes(self, changes: Changes) -> None:
        if changes.touch("clips", "runs"):
            self._show_clips()
        self._show()

    def _show_clips(self) -> None:
        """The list of clips, and the colours of clips everywhere."""
        value = self.project.value
        ages = clip_ages(value)
        colours = {age: theme.age_colour(age) for age in set(ages.values())}
        self._colours = {id: colours[age] for id, age in ages.items()}
        last = max((run.epoch for run in value.runs), default=0)
        clips = tuple(clip for clip in value.clips if not clip.preview)
        self.clips.show_clips(clips, ages, last)
        self.measures.want(clips)

    def _show(self) -> None:
        """The songs, and the one at work; the list of clips stays as it is."""
        value = self.project.value
        self._follow_song()
        ids = [song.id for song in value.songs]
        known = self.timeline.state.clips
        self.flow.show_songs(value.songs, known, self._colours, self.song, value.release.gap_seconds)
        words = f"{plural(len(ids), 'song')} · {duration(album_seconds(value))}" if ids else ""
        self._songs.setText(words)
        for part in (self.timeline, self.foot):
            part.setVisible(bool(ids))
        self._top.setVisible(bool(ids) and not self.mapping.is_open)
        self.map.setVisible(self.mapping.is_open)
        self._drag_hint.setVisible(len(ids) > 1)
        self._empty.setVisible(not ids)
        set_kind(self._first, "primary" if value.clips else "")
        if ids:
            self.head.show_song(self._place + 1, self._song())
        self._show_section()

    def _song(self) -> Song:
        return find(self.project.value.songs, self.song) if self.song else Song(id="")

    @Slot()
    def _show_section(self) -> None:
        chosen = self.timeline.state.chosen()
        clip = self._clip(chosen[0].clip) if chosen else None
        self.panel.show_song(self._song())
        self.panel.show_sections(chosen, clip)
        if clip is not None:
            self.panel.show_loudness(self._loudness.of(clip))
        self.going_on.show_use()
        self.lost.show_section()
        self.analysis.show()

    def _clip(self, id: str) -> Clip | None:
        return self.timeline.state.clips.get(id)

    @Slot(str)
    def _on_wave(self, clip: str) -> None:
        self.lost.show()
        self.clips.list.refresh(clip)
        self.timeline.forget_clip(clip)
        self.flow.forget_clip(clip)

    def choose_song(self, song: str) -> None:
        """Shows another song of the album."""
        if song != self.song:
            self.song = song
            self._show()
            self.flow.reveal(song)

    # sound

    def play(self) -> None:
        """The song from the playhead on; the clip, where the list of clips has the focus."""
        if self.mapping.play_current():
            return
        if self.clips.list.hasFocus() and self.clips.list.current():
            self.sound.play_clip(self.clips.list.current())
        else:
            self.sound.play_song()

    def show_song(self, song: str, frame: int) -> None:
        """Shows a song of the album with the playhead at a frame."""
        if any(each.id == song for each in self.project.value.songs):
            self.choose_song(song)
            self.sound.seek(frame)

    def _play_song(self, song: str) -> None:
        self.choose_song(song)
        self.sound.play_song(0)

    def entered(self) -> None:
        """The screen is shown now: its song is what the transport plays."""
        self.sound.enter()
        self.lost.look_again()
        self.timeline.setFocus(Qt.FocusReason.OtherFocusReason)

    def left(self) -> None:
        """Another screen is shown now."""
        self.sound.leave()

    def shut(self) -> None:
        """Ends the work in the background."""
        self.sound.close()
        self.excerpts.close()
        self.measuring.close()
        self.analysis.close()
        self.waves.close()

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_CLIPS + _LEAST_PANEL + max(self._centre.minimumSizeHint().width(), 380), 360)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, height = event.size().width(), event.size().height()
        clips = min(max(round(width * 0.235), _LEAST_CLIPS), 296)
        panel = min(max(round(width * 0.19), _LEAST_PANEL), 240)
        self.clips.setGeometry(0, 0, clips, height)
        self._centre.setGeometry(clips, 0, width - clips - panel, height)
        self.panel.setFixedWidth(panel)
        self.panel.setGeometry(width - panel, 0, panel, height)
