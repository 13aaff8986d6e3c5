"""What the parts of the Arrange screen share."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.jobs.clip_loudness import ClipLoudness
from app.jobs.job import JobList
from app.jobs.peaks import ClipWaves
from app.screens.arrange.keys import Keys
from app.screens.arrange.sound import ArrangeSound
from app.session.open_project import OpenProject
from app.widgets.clips.clip_panel import ClipPanel
from app.widgets.timeline.section_panel import SectionPanel
from app.widgets.timeline.view import TimelineView


@dataclass(frozen=True)
class ArrangeContext:
    """The document, the widgets and the background work that actions on the Arrange screen need."""

    project: OpenProject
    jobs: JobList
    waves: ClipWaves
    loudness: ClipLoudness
    sound: ArrangeSound
    timeline: TimelineView
    clips: ClipPanel
    """The column at the left."""
    panel: SectionPanel
    """The column at the right."""
    keys: Keys
    """Makes the actions, each with its key."""


class ArrangePart(QObject):
    """A group of actions of the Arrange screen, with what they work on at hand. It lives as long as the timeline.

    Signals:
        problem(str): why an action did nothing, in plain words.
    """

    problem = Signal(str)

    def __init__(self, context: ArrangeContext) -> None:
        super().__init__(context.timeline)
        self._project = context.project
        self._jobs = context.jobs
        self._waves = context.waves
        self._loudness = context.loudness
        self._sound = context.sound
        self._timeline = context.timeline
        self._state = context.timeline.state
        self._clips = context.clips
        self._panel = context.panel
        self._keys = context.keys
