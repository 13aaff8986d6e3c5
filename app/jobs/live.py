"""Listening to a checkpoint live: a thread makes the sound a little ahead of the player."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot

from app.document.edits.made import add_clips
from app.document.guide_choice import GuideChoice
from app.document.model import Clip
from app.jobs.job import Job, JobList
from app.jobs.live_guide import Guide, LiveGuideSource
from app.playback.player import Player, Source
from app.session.open_project import OpenProject
from app.studio.finish.chosen import chosen_finish, name_of
from app.studio.generation.live import KEPT_SECONDS, LiveRequest, LiveSound
from app.studio.generation.live_finish import finished_live
from resources.progress import Cancelled, Report

__all__ = ["KEPT_SECONDS", "Guide", "LiveJob", "LiveRequest", "LiveSound", "keep_live", "listen_live"]

_LOOK_SECONDS = 0.1
"""Between two looks at whether to go on, while there is enough."""


class LiveJob(Job):
    """Makes sound until it is cancelled, and has the player play it; ends, too, once that stops or plays another.

    Attributes:
        sound: None until the checkpoint is open. Afterwards it stays: what was heard can be kept to the last.
        played: what the player plays of it: with its finish, where the project asks for one.
        guide: what it plays along to.

    Signals (in the thread of the window):
        opened(LiveSound): it plays now.
    """

    opened = Signal(object)

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, request: LiveRequest) -> None:
        super().__init__("Playing live", self._play, quiet=True)
        self.request = request
        self.sound: LiveSound | None = None
        self.played: Source | None = None
        self._project, self._player = project, player
        self._finish = ""
        self._temperature, self._escape = request.temperature, request.escape
        self._follow = request.guide.follow
        self.guide = LiveGuideSource(project, jobs, request.seed, self)
        self.guide.changed.connect(self._on_guide)
        self.opened.connect(self._on_opened)
        self.ended.connect(self.stop)

    # in the thread of the window

    def set_parameters(self, temperature: float, escape: bool) -> None:
        """Heard from the next block on."""
        self._temperature, self._escape = temperature, escape
        if self.sound is not None:
            self.sound.set_parameters(temperature, escape)

    def set_guide(self, choice: GuideChoice) -> None:
        """Heard as soon as it is worked out, which `guide` tells."""
        self.set_follow(choice.follow)
        self.guide.choose(choice)

    def set_follow(self, follow: float) -> None:
        """How closely it plays along, 0..1; heard at once."""
        self._follow = follow
        if self.sound is not None:
            self.sound.set_follow(follow)

    @Slot(object)
    def _on_guide(self, guide: Guide | None) -> None:
        if self.sound is not None:
            self.sound.set_guide(guide)

    @Slot()
    def stop(self) -> None:
        """Stops the sound at once and the making of it soon."""
        self.cancel()
        self.guide.forget()
        if self.sound is not None and self._player.source is self.played:
            self._player.stop()

    @Slot(object)
    def _on_opened(self, sound: LiveSound) -> None:
        self.sound = sound
        sound.set_parameters(self._temperature, self._escape)
        sound.set_follow(self._follow)
        sound.set_guide(self.guide.guide)
        if not self.is_asked_to_stop:
            self._begin(sound)
            self._player.state_changed.connect(self._on_player)
            self._player.source_changed.connect(self._on_player)
            self._project.changed.connect(self._on_changed)

    def _begin(self, sound: LiveSound) -> None:
        chosen = chosen_finish(self._project.value, self._project.folder)
        self._finish = name_of(chosen)
        self.played = finished_live(sound, chosen.at(sound.rate, sound.seed) if chosen is not None else None)
        self._player.play(self.played)

    @Slot()
    def _on_changed(self) -> None:
        """Goes on with another finish, where one was chosen or learnt."""
        finish = name_of(chosen_finish(self._project.value, self._project.folder))
        is_heard = self._player.source is self.played and self._player.is_playing
        if finish != self._finish and self.sound is not None and is_heard:
            self._begin(self.sound)

    @Slot()
    def _on_player(self) -> None:
        if self._player.source is not self.played or not self._player.is_playing:
            self.cancel()

    # in the thread of the job

    def _play(self, report: Report, cancelled: Cancelled) -> None:
        from app.studio.generation.generate import one_thread

        with one_thread():
            sound = LiveSound(self._project.folder, self.request)
            try:
                is_told = False
                while not cancelled():
                    if sound.wait_for_room(_LOOK_SECONDS):
                        sound.make()
                    if not is_told and sound.is_ready:
                        is_told = True
                        self.tell(self.opened, sound)
            finally:
                sound.close()


def listen_live(project: OpenProject, jobs: JobList, player: Player, request: LiveRequest) -> LiveJob:
    """Starts playing a checkpoint as it makes its sound up."""
    job = LiveJob(project, jobs, player, request)
    jobs.start_job(job)
    job.set_guide(request.guide)
    return job


def keep_live(project: OpenProject, jobs: JobList, sound: LiveSound, seconds: float) -> Job:
    """Makes what was heard in the last seconds a clip of the document; the job finishes with it.

    Raises:
        UserError: nothing has been heard yet.
    """
    recording, value, folder = sound.recording(seconds), project.value, project.folder

    def work(report: Report, cancelled: Cancelled) -> Clip:
        from app.studio.generation.live_recording import keep_recording

        return keep_recording(value, folder, recording)

    job = jobs.start("Keeping what was heard", work)
    job.finished.connect(lambda clip: project.update(lambda value: add_clips(value, (clip,))))
    return job
