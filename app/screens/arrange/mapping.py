"""The map on the Arrange screen: heard under the pointer, starred, dragged onto lanes, walked along a path."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QTimer, Signal, Slot

from app.document.clip_names import clip_name
from app.document.edits.excerpts import add_song_of
from app.document.excerpt import Excerpt
from app.document.model import SONG_RATE
from app.document.words import plural
from app.jobs.section_map import LaidOut, SectionMaps, nearest_to
from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.screens.arrange.excerpt_sound import ExcerptSound
from app.screens.arrange.measuring import MeasureActions
from app.screens.arrange.placing import ClipPlacing
from app.widgets.basics import duration
from app.widgets.clips.clip_figures import MEASURES
from app.widgets.map.panel import MapPanel
from app.widgets.map.points import MapPoints

_HOVER_MS = 40
"""Milliseconds that the pointer rests on a point until it is heard: what is only passed over is not."""
_MOST_ALIKE = 24


class MapActions(ArrangePart):
    """Shows the map while it is open, and does what is asked on it.

    Args:
        choose_song: shows a song.

    Signals:
        opened(bool): the map is wanted, or no longer.
        told(str): what has come of it.
    """

    opened = Signal(bool)
    told = Signal(str)

    def __init__(
        self,
        context: ArrangeContext,
        panel: MapPanel,
        measures: MeasureActions,
        excerpts: ExcerptSound,
        placing: ClipPlacing,
        choose_song: Callable[[str], None],
    ) -> None:
        super().__init__(context)
        self._map, self._view = panel, panel.view
        self._measures, self._excerpts, self._placing = measures, excerpts, placing
        self._choose_song = choose_song
        self._laid_out: LaidOut | None = None
        self._asked = 0
        """How many clips were known when a map was asked for last."""
        self._problem = ""
        self._hovered: Excerpt | None = None
        self._heard_by_hover: Excerpt | None = None
        self.maps = SectionMaps(context.project.folder, context.jobs, self)
        self._rests = QTimer(self)
        self._rests.setSingleShot(True)
        self._rests.setInterval(_HOVER_MS)
        self._rests.timeout.connect(self._hear_hovered)
        keys = context.keys
        self.switch = keys.switch("Map of sections", self._on_switch, "V", on=False)
        self.alike = keys.anywhere("Find sections like this", self.find_alike, "I")
        self._connect()

    def _connect(self) -> None:
        panel, view, clips = self._map, self._view, self._clips
        clips.map.toggled.connect(self.switch.setChecked)
        self.switch.toggled.connect(clips.map.setChecked)
        self.maps.ready.connect(self._on_laid_out)
        self.maps.failed.connect(self._on_failed)
        self._measures.shown.connect(self.show)
        clips.list.clips.modelReset.connect(self._show_points)
        clips.list.clips.dataChanged.connect(self._show_points)
        view.tip_of = self.words_of
        view.hovered.connect(self._on_hovered)
        view.chosen.connect(self._on_chosen)
        view.play_asked.connect(self._excerpts.toggle)
        self._excerpts.changed.connect(lambda: view.show_playing(self._excerpts.playing))
        panel.close_asked.connect(lambda: self.switch.setChecked(False))
        panel.play_path_asked.connect(self.play_path)
        panel.song_asked.connect(self.path_to_song)
        panel.alike_asked.connect(self.find_alike)
        panel.place_asked.connect(self.place_current)

    # what is shown

    @property
    def is_open(self) -> bool:
        """Whether the map is wanted."""
        return self.switch.isChecked()

    def _on_switch(self, on: bool) -> None:
        self.opened.emit(on)
        if on:
            self.show()
            self._view.setFocus()
        else:
            self._excerpts.stop()
            self._timeline.setFocus()

    @Slot()
    def show(self) -> None:
        """Shows the map of what is measured by now; while it is closed nothing is laid out."""
        if not self.is_open:
            return
        known = self._measures.known
        clips = [clip.id for clip in self._project.value.clips if not clip.preview]
        done = sum(id in known for id in clips)
        if not clips:
            self._map.show_waiting("No clips yet: generate some, and they lie here by their sound.", None)
        elif self._measures.unknown_because:
            self._map.show_waiting(self._measures.unknown_because, None)
        elif self._problem:
            self._map.show_waiting(self._problem, None)
        elif self._laid_out is None and done < len(clips):
            self._map.show_waiting(f"Listening to the clips: {done} of {len(clips)}", done / len(clips))
        elif self._laid_out is None:
            self._map.show_waiting("Laying out the map", 1.0)
        if done == len(clips) and done and done != self._asked:
            self._asked, self._problem = done, ""
            self.maps.ask({id: known[id] for id in clips})
        elif self._laid_out is not None:
            self._show_points()

    @Slot(object)
    def _on_laid_out(self, laid_out: LaidOut) -> None:
        self._laid_out = laid_out
        self._show_points()

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self._problem, self._laid_out = why, None
        self.show()

    @Slot()
    def _show_points(self) -> None:
        if self._laid_out is None or not self.is_open:
            return
        excerpts = self._laid_out.excerpts
        known = {clip.id: clip for clip in self._project.value.clips}
        model, flawed = self._clips.list.clips, self._measures.flawed
        own = [known.get(excerpt.source) if not excerpt.is_album else None for excerpt in excerpts]
        points = MapPoints(
            excerpts,
            self._laid_out.places,
            np.array([model.age_of(clip.id) if clip is not None else 0.0 for clip in own], np.float32),
            np.array([clip.stars if clip is not None else 0 for clip in own], np.int8),
            np.array([clip is not None and (clip.rejected or excerpt in flawed)
                      for clip, excerpt in zip(own, excerpts, strict=True)], np.bool_),
            np.array([excerpt.is_album or model.place_of(excerpt.source) >= 0 for excerpt in excerpts], np.bool_),
        )  # fmt: skip
        self._view.show_points(points)
        sections = [excerpt for excerpt in excerpts if not excerpt.is_album]
        seconds = sections[0].length if sections else 0
        self._map.show_map(len(sections), round(seconds / SONG_RATE))
        self._map.show_use()

    def _name_of(self, excerpt: Excerpt) -> str:
        """Name and place of an excerpt of a clip; "" for one that is not in the project."""
        clip = self._state.clips.get(excerpt.source)
        start, end = (duration(seconds) for seconds in excerpt.seconds)
        return f"{clip_name(clip)} · {start}\u2013{end}" if clip is not None else ""

    def words_of(self, excerpt: Excerpt) -> str:
        """What is said of an excerpt."""
        start, end = (duration(seconds) for seconds in excerpt.seconds)
        if excerpt.is_album:
            tracks = self._project.value.album.tracks
            title = next((track.title for track in tracks if track.path == excerpt.source), "the album")
            return f"{title} · {start}\u2013{end} · the album itself"
        clip = self._state.clips.get(excerpt.source)
        figures = self._measures.figures_of(excerpt)
        told = ["★" * clip.stars] if clip is not None and clip.stars else []
        if figures is not None:
            told += [words for words in (figures.copied, figures.stuck) if words]
            told += [f"{name} {value}" for name, value in zip(_SHORT, figures.measures, strict=True)]
        return " · ".join([self._name_of(excerpt), *told])

    # hearing

    @Slot(object)
    def _on_hovered(self, excerpt: Excerpt | None) -> None:
        self._hovered = excerpt
        self._show_what()
        if excerpt is None:
            self._rests.stop()
            if self._heard_by_hover is not None and self._excerpts.playing == self._heard_by_hover:
                self._excerpts.stop()
            self._heard_by_hover = None
        else:
            self._rests.start()

    def _hear_hovered(self) -> None:
        """Not over a song or a clip that plays: only what was heard from the map gives way."""
        if self._hovered is None or (self._sound.is_playing and not self._excerpts.is_playing):
            return
        self._heard_by_hover = self._hovered
        self._excerpts.play(self._hovered)

    @Slot(object)
    def _on_chosen(self, excerpt: Excerpt | None) -> None:
        self._show_what()
        if excerpt is not None and not excerpt.is_album:
            self._clips.list.choose(excerpt.source)
            self._measures.show_excerpt(excerpt, self._name_of(excerpt))

    def _show_what(self) -> None:
        shown = self._hovered or self._view.current
        self._map.show_what(self.words_of(shown) if shown is not None else "")

    def play_current(self) -> bool:
        """Plays what is chosen on the map, where that has the keys."""
        if not self._view.hasFocus() or self._view.current is None:
            return False
        self._excerpts.toggle(self._view.current)
        return True

    @property
    def clip_in_question(self) -> str:
        """The clip of the point under the pointer, or of the one that is chosen while the map has the keys; or ""."""
        at = self._view.under_pointer or (self._view.current if self._view.hasFocus() else None)
        return at.source if at is not None and not at.is_album and self.is_open else ""

    # paths

    def play_path(self) -> None:
        """Plays the sections along the path, one after the other, crossfaded."""
        path = self._view.path
        if len(path) > 1:
            self._excerpts.play_path(path)

    def path_to_song(self) -> None:
        """Makes a song of the sections along the path."""
        path = self._view.path
        if len(path) < 2:
            return
        self._project.edit("Path to a song", add_song_of, path)
        self._choose_song(self._project.value.songs[-1].id)
        self.told.emit(f"A new song of {plural(len(path), 'section')}.")

    def place_current(self) -> None:
        """Puts the chosen section on a lane at the playhead."""
        current = self._view.current
        if current is not None and not current.is_album:
            self._placing.place_excerpts([current])

    # sections like this

    def find_alike(self) -> None:
        """Shows the sections nearest in sound to the chosen one, on the map and in the list."""
        like = self._in_question()
        if like is None:
            self.problem.emit("Choose a section on the lanes or on the map, or a clip, to find what sounds like it.")
            return
        found = nearest_to(self._measures.known, [like], _MOST_ALIKE)
        if not found:
            self.problem.emit("This is not measured yet: the clips are being listened to.")
            return
        likeness: dict[str, float] = {like.source: 0.0}
        for excerpt, far in found:
            likeness.setdefault(excerpt.source, -far)
        self._clips.order_by_likeness(likeness)
        self._view.show_alike([*(excerpt for excerpt, _ in found), like])
        self.told.emit(f"The {plural(len(found), 'section')} most alike; their clips come first in the list.")

    def _in_question(self) -> Excerpt | None:
        current = self._view.current
        if self.is_open and current is not None and not current.is_album:
            return current
        chosen = self._state.chosen()
        if chosen and not self._clips.list.hasFocus():
            return Excerpt(chosen[0].clip, chosen[0].offset, chosen[0].length)
        clip = self._state.clips.get(self._clips.list.current())
        return Excerpt(clip.id, 0, clip.frames) if clip is not None else None


_SHORT = ("close", "new", "moving", "in time")
assert len(_SHORT) == len(MEASURES)
