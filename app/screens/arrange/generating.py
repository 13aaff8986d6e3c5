"""Generating clips: what is asked, the guide that is shown meanwhile, and what comes of it."""

from __future__ import annotations

import random
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from app.document.model import Clip, Project
from app.document.song_part import SongPart
from app.document.words import plural
from app.jobs.generate import ClipRequest, SamplingParameters, generate
from app.jobs.guide import GuidePreview, work_out_guide
from app.jobs.job import Job, JobList
from app.playback.player import Player, Source
from app.screens.arrange.beat_heard import BeatHeard
from app.screens.kept_runs import kept_runs
from app.session.open_project import OpenProject
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.clips.generate_settings import GenerateSettings, GridCell, GuideQuestion
from app.widgets.clips.guide_view import ShownGuide


class Generating(QObject):
    """Asks what to generate, shows and plays the guide that is chosen, and starts generating.

    Args:
        chosen_part: what is chosen on the timeline, to be played along to.

    Signals:
        told(str, str): what has come of it, and the kind of the message: "good", "bad" or "".
        guide_heard(): a guide was played, and is what the player still holds.
        played_again(SongPart, tuple[Clip, ...]): these were made along to what was to be played again.
    """

    told = Signal(str, str)
    guide_heard = Signal()
    played_again = Signal(object, object)

    def __init__(
        self,
        project: OpenProject,
        jobs: JobList,
        player: Player,
        chosen_part: Callable[[Project], SongPart | None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._project, self._jobs, self._player, self._window = project, jobs, player, parent
        self._chosen_part = chosen_part
        self._settings: GenerateSettings | None = None
        """What was chosen last time."""
        self._seeds = random.Random()

    def ask(self, part: SongPart | None = None, cell: GridCell | None = None) -> None:
        """Asks what, and starts generating.

        Args:
            part: what to play along to, as long as it is; what is changed for that is not kept for the next time.
            cell: what to begin the question with.
        """
        runs = kept_runs(self._project)
        if not runs:
            self.told.emit("There is no checkpoint to generate from yet. Let the model learn first.", "")
            return
        at_hand = part or self._chosen_part(self._project.value)
        dialog = GenerateDialog(runs, self._seeds.randrange(1_000_000), self._settings, at_hand, self._window)
        if part is not None:
            dialog.play_along_to_part()
        if cell is not None:
            dialog.begin_with(cell)
        guides = _GuideShown(self._project, self._jobs, self._player, dialog)
        beat = BeatHeard(dialog.sources, self._jobs, self._player, dialog)
        agreed = dialog.exec() == QDialog.DialogCode.Accepted
        if any([guides.close(), beat.close()]):
            self.guide_heard.emit()
        dialog.deleteLater()
        if agreed:
            if part is None:
                self._settings = dialog.to_remember()
            settings = dialog.settings()
            job = generate(self._project, self._jobs, _request(settings))
            job.failed.connect(self._on_failed)
            if part is not None and settings.guide.source == "song":
                job.finished.connect(lambda clips: self.played_again.emit(part, clips))
            else:
                job.finished.connect(self._on_generated)

    @Slot(object)
    def _on_generated(self, clips: tuple[Clip, ...]) -> None:
        self.told.emit(f"{plural(len(clips), 'new clip')}.", "good")

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self.told.emit(why, "bad")


class _GuideShown(QObject):
    """Works out the guide that a dialog asks for, one at a time, and plays it."""

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, dialog: GenerateDialog) -> None:
        super().__init__(dialog)
        self._project, self._jobs, self._player, self._dialog = project, jobs, player, dialog
        self._job: Job | None = None
        self._is_finding_bars = False
        """Whether the job learns of the album what the next one would have to learn again."""
        self._next: GuideQuestion | None = None
        """What is worked out after that."""
        self._preview: GuidePreview | None = None
        self._heard: Source | None = None
        """What was played last."""
        dialog.guide_asked.connect(self._work_out)
        dialog.hear_asked.connect(self._hear)
        player.state_changed.connect(self._show_heard)
        player.source_changed.connect(self._show_heard)

    def close(self) -> bool:
        """Leaves off what is being worked out, and the guide is heard no longer; whether the player still holds one."""
        self._forget()
        self._player.state_changed.disconnect(self._show_heard)
        self._player.source_changed.disconnect(self._show_heard)
        return self._player.source is not None and self._player.source is self._heard

    def _forget(self) -> None:
        """Leaves off what is being worked out."""
        self._forget_guide()
        self._next = None
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _forget_guide(self) -> None:
        if self._is_heard():
            self._player.pause()
        self._preview = None

    @Slot(object)
    def _work_out(self, question: GuideQuestion | None) -> None:
        if question is not None and self._job is not None and self._is_finding_bars:
            # every guide needs the album's bars: they are found once, not begun anew with each question
            self._forget_guide()
            self._next = question
            return
        self._forget()
        if question is not None:
            self._begin(question)

    def _begin(self, question: GuideQuestion) -> None:
        job = work_out_guide(self._project, self._jobs, question.guide, question.seconds, question.seed)
        job.progressed.connect(self._on_progress)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        self._job, self._is_finding_bars = job, False

    def _go_on(self) -> bool:
        """Begins what was asked for meanwhile; False where nothing was."""
        self._job = None
        question, self._next = self._next, None
        if question is None:
            return False
        self._begin(question)
        return True

    def _is_current(self) -> bool:
        """Whether the job whose signal this is was started last; another one may have ended before it was told to."""
        return self._job is not None and self.sender() is self._job

    @Slot(float, str, float)
    def _on_progress(self, fraction: float, words: str, _seconds_left: float) -> None:
        if self._is_current():
            self._is_finding_bars = True  # all that is reported of a guide is kept for the next one
            self._dialog.show_guide_progress(fraction, words)

    @Slot(object)
    def _on_finished(self, preview: GuidePreview) -> None:
        if not self._is_current() or self._go_on():
            return
        self._preview = preview
        guide = preview.guide
        shown = ShownGuide(guide.strokes, preview.seconds, preview.source_seconds, guide.bpm, guide.parts)
        self._dialog.show_guide(shown)

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        if self._is_current() and not self._go_on():
            self._dialog.show_guide_problem(why)

    def _is_heard(self) -> bool:
        return self._preview is not None and self._player.source is self._preview.sound and self._player.is_playing

    @Slot()
    def _hear(self) -> None:
        if self._is_heard():
            self._player.pause()
        elif self._preview is not None:
            self._heard = self._preview.sound
            self._player.play(self._heard)

    @Slot()
    def _show_heard(self) -> None:
        self._dialog.show_heard(self._is_heard())


def _request(settings: GenerateSettings) -> ClipRequest:
    start, end = settings.temperature, settings.last_temperature
    curve = start if end is None else ((0.0, start), (settings.seconds, end))
    return ClipRequest(
        run=settings.run,
        epoch=settings.epoch,
        count=settings.count,
        seconds=settings.seconds,
        seed=settings.seed,
        parameters=SamplingParameters(curve, top_p=settings.top_p, escape=settings.escape),
        in_silence=settings.in_silence,
        guide=settings.guide,
    )
