"""What analysis finds in the song that is shown: accents, tempo, stereo width, and the loss in mono."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import Slot
from PySide6.QtGui import QColor

from app.document.edits.tempo import set_tempo
from app.document.model import Clip, Song
from app.jobs.accents import AccentSummary, ClipAccents
from app.jobs.stereo import SongStereo
from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.widgets.songs.song_head import SongHead
from app.widgets.songs.stereo_facts import StereoFacts
from app.widgets.songs.tempo_dialog import ask_tempo
from app.widgets.timeline.accent_marks import AccentMarks


class SongAnalysis(ArrangePart):
    """Analyses clips and song in the background, and shows the results.

    Args:
        colour: of a clip, by its id.
    """

    def __init__(self, context: ArrangeContext, head: SongHead, colour: Callable[[str], QColor]) -> None:
        super().__init__(context)
        self._head = head
        self._colour = colour
        self._marks: dict[str, AccentMarks] = {}
        self._shown: dict[str, AccentMarks] = {}
        self._measured = ""
        folder: Path = context.project.folder
        self.accents = ClipAccents(folder)
        self.accents.ready.connect(self._on_ready)
        self.stereo = SongStereo(folder)
        self.stereo.measured.connect(self._on_stereo)
        self.facts = StereoFacts()
        self.facts.hide()
        context.panel.add_facts(self.facts)
        self.correct = context.keys.anywhere("Correct the tempo…", self.correct_tempo, "B")
        head.tempo.clicked.connect(self.correct.trigger)

    def close(self) -> None:
        """Ends the work in the background."""
        self.accents.close()
        self.stereo.close()

    def show(self) -> None:
        """Shows what is known of the song on the timeline, and asks for the rest."""
        self._show_accents()
        self._show_tempo()
        self._show_stereo()

    def _clips_heard(self) -> list[Clip]:
        """The clips of the song that is shown."""
        state = self._state
        ids = dict.fromkeys(part.clip for lane in self._state.song.lanes for part in lane.sections)
        return [state.clips[id] for id in ids if id in state.clips]

    def _show_accents(self) -> None:
        heard = {clip.id: self.accents.of(clip) for clip in self._clips_heard()}
        shown = {id: self._marks_of(id, known) for id, known in heard.items() if known is not None}
        if shown != self._shown:
            self._shown = shown
            self._state.set_accents(shown)

    def _marks_of(self, id: str, heard: AccentSummary) -> AccentMarks:
        if id not in self._marks:
            self._marks[id] = AccentMarks(heard.frames, heard.weights)
        return self._marks[id]

    # tempo

    def clip_in_question(self) -> Clip | None:
        """The clip of the first selected section, or else the one with the most frames in the song."""
        state, chosen = self._state, self._state.chosen()
        if chosen:
            return state.clips.get(chosen[0].clip)
        lengths: Counter[str] = Counter()
        for lane in self._state.song.lanes:
            for part in lane.sections:
                lengths[part.clip] += part.length
        return state.clips.get(lengths.most_common(1)[0][0]) if lengths else None

    def _show_tempo(self) -> None:
        clip = self.clip_in_question()
        heard = self.accents.of(clip) if clip is not None else None
        found = heard.tempo if heard is not None else None
        self._head.tempo.show_tempo(clip, found, known=heard is not None)
        self.correct.setEnabled(heard is not None)

    def correct_tempo(self) -> None:
        """Lets the person correct the tempo of the clip in question."""
        clip = self.clip_in_question()
        heard = self.accents.of(clip) if clip is not None else None
        if clip is None or heard is None:
            return
        answer = ask_tempo(self._head, clip, heard.tempo, heard.frames, self._waves, self._colour(clip.id))
        if answer is not None:
            self._project.edit("Correct tempo", set_tempo, clip.id, answer.tempo)

    # stereo

    def _show_stereo(self) -> None:
        """Of what is selected, where that is more than one section; else of the whole song."""
        song, chosen = self._state.song, self._state.selection
        self._measured = "Stereo of the whole song"
        if len(chosen) > 1:
            self._measured = "Stereo of what is selected"
            song = _only(song, chosen)
        some = any(lane.sections for lane in song.lanes)
        self.facts.setVisible(some)
        if some:
            self.stereo.show(self._project.value, song)

    @Slot(object)
    def _on_stereo(self, stereo: object) -> None:
        found = None if stereo is None else (stereo.correlation, stereo.width, stereo.mono_db)  # type: ignore[attr-defined]
        self.facts.show_stereo(self._measured, found)

    @Slot(str)
    def _on_ready(self, clip: str) -> None:
        self._show_accents()
        self._show_tempo()


def _only(song: Song, chosen: frozenset[str]) -> Song:
    lanes = tuple(
        replace(lane, sections=tuple(part for part in lane.sections if part.id in chosen), mute=False, solo=False)
        for lane in song.lanes
    )
    return replace(song, lanes=lanes)
