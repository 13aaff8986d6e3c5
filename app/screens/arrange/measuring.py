"""What is measured of clips, in the list and beside the chosen section; what is copied, beside where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from PySide6.QtCore import QTimer, Signal, Slot

from app.document.excerpt import Excerpt
from app.document.model import SONG_RATE, Clip, Track
from app.jobs.clip_measures import ClipMeasures, ClipMeasuring, CopiedStretch, MeasuredSection, hints_of
from app.jobs.section_map import excerpt_of
from app.screens.arrange.context import ArrangeContext, ArrangePart
from app.screens.arrange.excerpt_sound import ExcerptSound
from app.widgets.basics import duration
from app.widgets.clips.clip_figures import MEASURES, ClipFigures
from app.widgets.timeline.measure_bars import MeasureBars

_GATHER_MS = 400
"""What is measured is shown so often, not clip by clip."""
_NO_PULSE, _FULL_PULSE = 0.10, 0.50
"""The pulse of white noise, and of music that keeps time as a machine does."""


class MeasureActions(ArrangePart):
    """Has clips measured as they come, and shows what is known.

    Signals:
        shown(): what is known of clips is shown anew.
    """

    shown = Signal()

    def __init__(self, context: ArrangeContext, measuring: ClipMeasuring, excerpts: ExcerptSound) -> None:
        super().__init__(context)
        self.measuring = measuring
        self._excerpts = excerpts
        self.known: Mapping[str, ClipMeasures] = {}
        self.flawed: frozenset[Excerpt] = frozenset()
        """Measured sections that are stuck or copied."""
        self._figures: dict[str, tuple[ClipMeasures, ClipFigures]] = {}
        """Of clips by their ids, as they were worked out of these measures; without what is liked."""
        self.unknown_because = ""
        """Why nothing can be measured, in plain words."""
        self.bars = MeasureBars()
        context.panel.add_facts(self.bars)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(_GATHER_MS)
        self._gather.timeout.connect(self.show)
        measuring.ready.connect(self._on_ready)
        measuring.failed.connect(self._on_failed)
        self.hear_copy = context.keys.anywhere("Hear what is copied, then the album", self._hear_copy, "K")
        self.bars.copy_asked.connect(self.hear_copy.trigger)
        context.timeline.selection_changed.connect(self.show_section)

    def want(self, clips: Sequence[Clip]) -> None:
        """Has those of the clips measured that are not known yet."""
        self.measuring.want(clips)
        self._gather.start()  # stars may have changed what is liked

    @Slot(str)
    def forget(self, clip: str) -> None:
        """Its file is another one now: it is measured again."""
        self.measuring.forget(clip)
        self._figures.pop(clip, None)
        self.want([known for known in self._project.value.clips if known.id == clip])

    @Slot(str)
    def _on_ready(self, clip: str) -> None:
        self.unknown_because = ""
        if not self._gather.isActive():
            self._gather.start()

    @Slot(str)
    def _on_failed(self, why: str) -> None:
        self.unknown_because = why
        self.shown.emit()

    def show(self) -> None:
        """Shows what is known by now."""
        value = self._project.value
        self.known = self.measuring.known
        hints = hints_of(value.clips, self.known)
        tracks = value.album.tracks
        kept = {clip.id: clip.tempo.bpm for clip in value.clips if clip.tempo is not None}
        for id, each in self.known.items():
            if each.sections and (id not in self._figures or self._figures[id][0] is not each):
                self._figures[id] = each, clip_figures(each, None, tracks)
        figures = {
            # a clip that plays along to a guide keeps its tempo: what is measured may be that by a half or by two
            id: replace(self._figures[id][1], liked=hints.get(id), bpm=kept.get(id, self._figures[id][1].bpm))
            for id, each in self.known.items()
            if each.sections
        }
        self.flawed = frozenset(
            excerpt_of(id, section)
            for id, each in self.known.items()
            for section in each.sections
            if section.copied is not None or each.is_stuck(section)
        )
        self._clips.show_figures(figures)
        self.show_section()
        self.shown.emit()

    # one section

    def show_section(self) -> None:
        """Shows how the chosen section of the song measures."""
        chosen = self._state.chosen()
        excerpt = Excerpt(chosen[0].clip, chosen[0].offset, chosen[0].length) if len(chosen) == 1 else None
        self.show_excerpt(excerpt)

    def show_excerpt(self, excerpt: Excerpt | None, of: str = "") -> None:
        """Shows how an excerpt of a clip measures; nothing for None, and for what is not measured.

        Args:
            of: what it is called, where it is not the chosen section of the song.
        """
        figures = self.figures_of(excerpt) if excerpt is not None else None
        if figures is None:
            self.bars.show_measures({}, "", copied=False)
            return
        told = "\n".join(word for word in (figures.copied, figures.stuck) if word)
        measures = dict(zip(MEASURES, figures.measures, strict=True))
        self.bars.show_measures(measures, told, copied=bool(figures.copied), of=of)

    def figures_of(self, excerpt: Excerpt) -> ClipFigures | None:
        """What is measured of an excerpt of a clip; None where it is not, or of the album."""
        measures = self.known.get(excerpt.source)
        if measures is None or excerpt.is_album:
            return None
        within = sections_within(measures, excerpt)
        part = ClipMeasures(within, measures.stuck if any(map(measures.is_stuck, within)) else None)
        return clip_figures(part, None, self._project.value.album.tracks) if within else None

    # what is copied

    def _hear_copy(self) -> None:
        """Plays what is copied in the clip in question; where it plays already, the place on the album, and so on."""
        copied = self._copied_in_question()
        if copied is None:
            self.problem.emit("Nothing is copied here, as far as was found. Choose a clip that says “copies track …”.")
            return
        clip, stretch = copied
        here = Excerpt(clip, round(stretch.clip_seconds * SONG_RATE), round(stretch.seconds * SONG_RATE))
        there = Excerpt(
            stretch.track, round(stretch.track_seconds * SONG_RATE), round(stretch.seconds * SONG_RATE), is_album=True
        )
        self._excerpts.play(there if self._excerpts.last == here else here)

    def _copied_in_question(self) -> tuple[str, CopiedStretch] | None:
        """That of the selected section, or else of the clip that is current in the list."""
        chosen = self._state.chosen()
        if chosen and not self._clips.list.hasFocus():
            excerpt = Excerpt(chosen[0].clip, chosen[0].offset, chosen[0].length)
            measures = self.known.get(excerpt.source, ClipMeasures())
            measures = ClipMeasures(sections_within(measures, excerpt))
            clip = excerpt.source
        else:
            clip = self._clips.list.current()
            measures = self.known.get(clip, ClipMeasures())
        return (clip, measures.copied) if measures.copied is not None else None


def sections_within(measures: ClipMeasures, excerpt: Excerpt) -> tuple[MeasuredSection, ...]:
    """The measured sections that lie in an excerpt by half or more; the one around it where it is shorter."""
    start, end = excerpt.seconds
    inside = [
        (min(section.end_seconds, end) - max(section.start_seconds, start), section) for section in measures.sections
    ]
    within = tuple(section for seconds, section in inside if seconds >= section.seconds / 2)
    most = max(inside, key=lambda each: each[0], default=None)
    return within or ((most[1],) if most is not None and most[0] > 0 else ())


def clip_figures(measures: ClipMeasures, liked: float | None, tracks: Sequence[Track]) -> ClipFigures:
    """What the list says of a clip, or of some sections of it.

    Args:
        measures: of at least one section.
        liked: how likely it is that the artist would star it, 0..1; None where that is not known.
        tracks: of the album, in their order.
    """
    sections = measures.sections
    pulse = (measures.pulse - _NO_PULSE) / (_FULL_PULSE - _NO_PULSE)
    tempos = [section.tempo for section in sections if section.tempo is not None]
    return ClipFigures(
        measures=(_hundred(measures.closeness), _hundred(measures.newness), _hundred(measures.moving), _hundred(pulse)),
        brightness=sum(section.brightness for section in sections) / len(sections),
        liked=liked,
        stuck=f"stuck from {duration(measures.stuck.from_seconds)}" if measures.stuck is not None else "",
        copied=_copied_words(measures.copied, tracks) if measures.copied is not None else "",
        bpm=median(tempos) if tempos else None,
    )


def _hundred(share: float) -> int:
    return round(100 * min(max(share, 0.0), 1.0))


def _copied_words(copied: CopiedStretch, tracks: Sequence[Track]) -> str:
    paths = [track.path for track in tracks]
    number = f"track {paths.index(copied.track) + 1}" if copied.track in paths else "the album"
    return f"copies {number} at {duration(copied.track_seconds)}, {copied.seconds:.0f} s"
