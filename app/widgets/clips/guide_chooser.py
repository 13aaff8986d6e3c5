"""Choosing what clips play along to: cards at the left, and what is known of the one that is chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.document.guide_choice import GuideChoice, GuideSource, is_pattern_file
from app.document.pattern import Pattern
from app.document.song_part import SongPart
from app.widgets.clips.beat_editor import BeatEditor
from app.widgets.clips.form_editor import FormEditor
from app.widgets.clips.guide_view import GuideControls, GuideView, ShownGuide
from app.widgets.clips.guide_words import OF_ALBUM, PARTS, SOURCES
from app.widgets.controls.choice_card import ChoiceCards
from app.widgets.dialogs.questions import ask_open_file

_ALONE = "Each clip wanders freely: what happens when is left to chance."
_DRAW = "Draw a beat, or tap one: T, or 1, 2 and 3 for low, mid and high."
_DRAWN = "Shift draws softer, right button or Alt takes away; P plays; T, 1, 2, 3 tap"
_MIDI = "MIDI, or a pattern (*.mid *.midi *.MID *.json)"
_DRAW_ON_IT = ": draw on it to make louder, right button or Alt erases"
_CHOOSE = "Choose a sound file, or drop one here: its strokes are kept, the sound is the model’s."


class GuideChooser(QObject):
    """The cards, the view beside them, and what is chosen by both.

    Args:
        before: what was chosen last time.
        part: what is chosen on the timeline; None for nothing.
        window: the one that both are in.
        seed: of the forms that are asked for.

    Signals:
        chosen(): another guide was chosen, and is to be worked out.
        changed(): the beat or the form is being changed: what it is then is to be worked out soon.
        use_changed(): whether it can be played along to may be another answer now.

    Attributes:
        source: where the guide is to come from.
        file: the MIDI file that the beat comes from; None where it is drawn.
        left: what nothing is chosen instead of, for want of an album with bars.
    """

    chosen = Signal()
    changed = Signal()
    use_changed = Signal()

    def __init__(self, before: GuideChoice, part: SongPart | None, window: QWidget, seed: int = 0) -> None:
        super().__init__(window)
        self._window = window
        self.recording, self.part = before.recording, part
        self.source: GuideSource = "album" if before.source == "song" and part is None else before.source
        self.left: GuideSource | None = None
        self._problem = ""
        """Why what is chosen cannot be played along to."""
        self.cards = ChoiceCards()
        for key, (name, words) in SOURCES.items():
            self.cards.add(key, name, words)
        self.cards.card("song").setEnabled(part is not None)
        if part is not None:
            self.cards.card("song").put(*PARTS[part.kind])
        self.cards.choose(self.source)
        self.view = GuideView()
        self.beat, self.form = self.view.beat, self.view.form
        self.form.recall(before.form, before.touches, seed)
        self.file = before.pattern if isinstance(before.pattern, Path) else None
        if isinstance(before.pattern, Pattern):
            self.beat.recall(before.pattern)
        self.beat.changed.connect(self._on_beat)
        self.form.redrawn.connect(self.view.show_outdated)
        self.form.changed.connect(self._on_form)
        self.view.picture.touched.connect(self.form.touch)
        self.view.undo.clicked.connect(self.undo)
        self.view.redo.clicked.connect(self.redo)
        self.beat.file_asked.connect(self.choose_beat_file)
        self.beat.draw_asked.connect(self.draw_beat)
        self.cards.chosen.connect(self._on_card)
        self.view.file_asked.connect(self.choose_file)

    def choice(self, follow: float) -> GuideChoice:
        """What is chosen, to be followed so closely."""
        part = self.part if self.source == "song" else None
        pattern, touches = self.file or self.beat.pattern(), () if self._is_on_grid else self.form.touches
        return GuideChoice(self.source, self.recording, follow, part, pattern, self.form.form, touches=touches)

    @property
    def is_known(self) -> bool:
        """Whether there is a guide to work out."""
        return self.source != "none" and not self._is_missing

    @property
    def is_usable(self) -> bool:
        """Whether clips can play along to it, or to nothing, as far as is known."""
        return not self._is_missing and (self.source == "none" or not self._problem)

    @property
    def _is_missing(self) -> bool:
        if self.source == "pattern":
            return self.file is None and self.beat.value.is_empty
        return self.source == "recording" and self.recording is None

    @property
    def _name(self) -> str:
        if self.source == "recording" and self.recording is not None:
            return self.recording.name
        if self.source == "pattern":
            name = self.file.name if self.file is not None else self.beat.name
            return name if self.file is not None else name[0].upper() + name[1:]
        if self.source == "song" and self.part is not None:
            return self.part.name
        return SOURCES[self.source][0]

    # what is chosen

    def _on_card(self, key: GuideSource) -> None:
        # an arrow key comes here before the focus does: who only passes by is asked for no file
        if key == "recording" and self._window.focusWidget() is self.cards.card(key):
            self.choose_file()
        else:
            is_meant = self._window.focusWidget() is self.cards.card(key)
            self.choose(key)
            if key == "pattern" and is_meant and self.file is None:
                self.beat.grid.setFocus()

    def choose_file(self) -> None:
        """Asks for the recording to play along to."""
        folder = self.recording.parent if self.recording else None
        path = ask_open_file(self._window, "Play along to a recording", folder=folder)
        if path is not None:
            self.take_file(path)
        elif self.recording is not None:
            self.choose("recording")
        else:
            self.choose(self.source)

    def take_file(self, path: Path) -> None:
        """Chooses this file to play along to."""
        if is_pattern_file(path):
            self.file = path
            self.form.forget_steps()
            self.choose("pattern")
        else:
            self.form.forget_steps()
            self.recording = path
            self.choose("recording")

    def choose_beat_file(self) -> None:
        """Asks for the MIDI file that the beat is to come from."""
        path = ask_open_file(self._window, "A riff or a beat", _MIDI, self.file.parent if self.file else None)
        if path is not None:
            self.file = path
            self.choose("pattern")

    def draw_beat(self) -> None:
        """Chooses the beat that is drawn, not the one of the file."""
        self.file = None
        self.choose("pattern")
        self.beat.grid.setFocus()

    def _on_beat(self) -> None:
        self.show_source()
        self.changed.emit()

    def _on_form(self) -> None:
        self.view.hear.setEnabled(False)
        self._show_steps()
        self.changed.emit()

    @property
    def _at_work(self) -> BeatEditor | FormEditor | None:
        """What steps can be undone of."""
        if self._is_on_grid:
            return self.beat
        return self.form if self.source != "none" else None

    @property
    def _is_on_grid(self) -> bool:
        return self.source == "pattern" and self.file is None

    def undo(self) -> None:
        """Goes one step back in what is drawn, or in the order of parts."""
        if self._at_work is not None:
            self._at_work.undo()

    def redo(self) -> None:
        """Goes one step forth again."""
        if self._at_work is not None:
            self._at_work.redo()

    def _show_steps(self) -> None:
        work = self._at_work
        for each in (self.view.undo, self.view.redo):
            each.setVisible(work is not None)
        self.view.undo.setEnabled(work is not None and work.can_undo)
        self.view.redo.setEnabled(work is not None and work.can_redo)

    def choose(self, source: GuideSource) -> None:
        """Chooses where the guide comes from."""
        if source != self.source:
            self.form.show_none()
            self.form.forget_steps()
        self.source, self.left = source, None
        if any(self._window.focusWidget() is self.cards.card(key) for key in SOURCES):
            self.cards.card(source).setFocus()
        self.cards.choose(source)
        self.show_source()
        self.chosen.emit()

    # what is known of it

    def show_source(self) -> None:
        """What is chosen, as far as it is known without working anything out."""
        self._problem = ""
        self.view.show_controls(self._controls)
        self.form.show_outdated()
        self._show_steps()
        if self.source == "none":
            self.view.show_nothing("Nothing", _ALONE)
        elif self._is_missing and self.source == "pattern":
            self.view.show_nothing(SOURCES["pattern"][0].rstrip("…"), _DRAW)
        elif self._is_missing:
            self.view.show_nothing("A recording", _CHOOSE, with_file=True)
        else:
            is_drawn = self.source == "pattern" and self.file is None
            self.view.show_progress(self._name, _DRAWN if is_drawn else "Working out the guide…", 0.0)
        self.use_changed.emit()

    @property
    def _controls(self) -> GuideControls:
        if self.source == "pattern":
            return "grid" if self.file is None else "file"
        return "form" if self.source in OF_ALBUM else "none"

    def show_outdated(self) -> None:
        """Another length or seed was chosen: what is shown until then would be another guide than the clips get."""
        if self.source != "none" and not self._problem:
            self.show_source()

    def show_guide(self, guide: ShownGuide) -> None:
        """The guide that was asked for last."""
        self._problem = ""
        caption = f"low to high, in time{OF_ALBUM.get(self.source, _DRAW_ON_IT)}"
        if self.source == "pattern" and self.file is None:
            caption = _DRAWN
        self.view.show_guide(self._name, guide, caption)
        self.use_changed.emit()

    def show_progress(self, fraction: float, words: str) -> None:
        """How far the guide is that was asked for last."""
        self.view.show_progress(self._name, words, fraction)

    def show_problem(self, words: str) -> None:
        """Why the guide that was asked for last cannot be had. An album without bars is left for nothing."""
        self._problem = words
        if self.source in OF_ALBUM:
            self.source, self.left = "none", self.source
            if self._window.focusWidget() is self.cards.card(self.left):
                self.cards.card("none").setFocus()
            self.cards.choose("none")
            for source in OF_ALBUM:
                self.cards.card(source).setEnabled(False)
            self.view.show_controls("none")
            self._show_steps()
            self.view.show_problem("Nothing", words, with_file=False)
        else:
            self.view.show_problem(self._name, words, with_file=self.source == "recording")
        self.use_changed.emit()
