"""Clips whose files are gone or damaged: they are shown as such, and can be found again."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.document.clip_names import DAMAGED, MISSING, clip_name
from app.document.model import Clip
from app.jobs.locating import locate
from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.widgets.dialogs.questions import ask_open_file

_SOUND = "Sound (*.flac *.wav *.aif *.aiff)"
_WORDS = {
    "": "",
    MISSING: "The file of this clip is missing, so it plays as silence.",
    DAMAGED: "The file of this clip is damaged: what cannot be read plays as silence.",
}


class LostClips(ArrangePart):
    """Shows what is wrong with the files of clips, and puts found ones in their places.

    Signals:
        told(str): a clip is whole again.
        located(str): the id of a clip that has got another file.
        changed(): more clips are lost, or fewer.
    """

    told = Signal(str)
    located = Signal(str)
    changed = Signal()

    def __init__(self, context: ArrangeContext) -> None:
        super().__init__(context)
        self._shown: set[str] = set()
        self.find = context.keys.anywhere("Locate a lost clip…", self.locate, "Ctrl+Shift+O")
        context.panel.locate_asked.connect(self.locate)
        context.clips.list.locate_asked.connect(self._locate)

    def look_again(self) -> None:
        """Looks for the files of all clips again: some may have gone or come back."""
        self._waves.look_again(self._project.value.clips)

    def show(self) -> None:
        """Shows which clips are lost; the player reads those anew that have come or gone."""
        changed = self._shown ^ set(self._waves.flaws)
        if changed:
            self._shown ^= changed
            self._state.set_flaws(dict(self._waves.flaws))
            self._clips.list.clips.put_flaws(self._waves.flaws)
            for clip in changed:
                self._sound.forget_clip(clip)
            self.changed.emit()

    def show_section(self) -> None:
        """Shows what is wrong with the clip of the selected section."""
        chosen = self._state.chosen()
        flaw = self._waves.flaws.get(chosen[0].clip, "") if chosen else ""
        self._panel.show_flaw(_WORDS[flaw])

    def locate(self) -> None:
        """Asks for the file of a lost clip: that of the selected section, or of the list, or else the first."""
        wanted = [*(part.clip for part in self._state.chosen()), self._clips.list.current(), *self._waves.flaws]
        lost = next((clip for clip in wanted if clip in self._waves.flaws), "")
        if lost:
            self._locate(lost)
        else:
            self.problem.emit("No clip is lost.")

    def _locate(self, id: str) -> None:
        clip = next((clip for clip in self._project.value.clips if clip.id == id), None)
        if clip is None:
            return
        path = ask_open_file(self._timeline, f"Where is the clip {clip_name(clip)}?", _SOUND, self._project.folder)
        if path is None:
            return
        job = locate(self._project, self._jobs, clip, path)
        job.finished.connect(lambda _: self._take(clip))
        job.failed.connect(self.problem)

    def _take(self, clip: Clip) -> None:
        self._waves.forget(clip)
        self._sound.forget_clip(clip.id)
        self._loudness.forget(clip.id)
        self.located.emit(clip.id)
        self.told.emit(f"The clip {clip_name(clip)} is whole again.")
