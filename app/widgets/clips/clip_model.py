"""The clips as a list that can be narrowed and put in order."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.document.clip_names import clip_name
from app.document.model import Clip
from app.document.words import isolated, plural
from app.widgets.basics import duration
from app.widgets.clips.clip_figures import LIKED, ClipFigures

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

Range = tuple[float, float]
"""From the one to below the other."""
ANY: Range = (-math.inf, math.inf)
UNKNOWN = -math.inf
"""The loudness of a clip that is not measured yet, or silent."""

ORDERS: dict[str, Callable[[Clip, float], Any]] = {
    "newest": lambda clip, loudness: 0,
    "unrated": lambda clip, loudness: not clip.stars,
    "epoch": lambda clip, loudness: clip.epoch,
    "stars": lambda clip, loudness: clip.stars,
    "longest": lambda clip, loudness: clip.seconds,
    "warmest": lambda clip, loudness: clip.temperature,
    "coolest": lambda clip, loudness: -clip.temperature,
    "loudest": lambda clip, loudness: loudness,
    "quietest": lambda clip, loudness: -loudness if loudness > UNKNOWN else UNKNOWN,
}
"""By what of a clip and its loudness the list can be ordered, the greatest first; among equals, the newest first."""
BY_FIGURES: dict[str, Callable[[ClipFigures], float]] = {
    "closest": lambda figures: figures.close,
    "least copied": lambda figures: figures.new,
    "most moving": lambda figures: figures.moving,
    "steadiest": lambda figures: figures.time,
    "brightest": lambda figures: figures.brightness,
    "darkest": lambda figures: -figures.brightness,
    "like your stars": lambda figures: -1.0 if figures.liked is None else figures.liked,
}
"""By what was measured the list can be ordered, the greatest first; those that are not measured come last."""
ALIKE = "most alike"
"""The order by how much clips sound like what was looked for."""
ALL_ORDERS = (*ORDERS, *BY_FIGURES, ALIKE)
KEYS = "Space plays · 1–5 stars · X rejects, and plays the next · Return or a drag puts it on a lane"
"""What the keys do in the list."""
BY_LOUDNESS = frozenset(("loudest", "quietest"))


@dataclass(frozen=True)
class Wanted:
    """Which clips are shown.

    Attributes:
        loudness: in LUFS; a clip whose loudness is not known is in no range but `ANY`.
        rejected: those that were rejected, too.
    """

    least_stars: int = 0
    unrated: bool = False
    temperature: Range = ANY
    loudness: Range = ANY
    rejected: bool = False
    hide_flawed: bool = False
    """Not those that are stuck or copied, as far as that is known."""
    liked: bool = False
    """Only those that the artist may like."""
    measures: tuple[int, int, int, int] = (0, 0, 0, 0)
    """At least so much of each of `MEASURES`; 0 for anything, and for clips that are not measured yet."""
    brightness: Range = ANY
    """In Hz."""

    @property
    def needs_figures(self) -> bool:
        """Whether clips that are not measured yet are left out."""
        return any(self.measures) or self.liked or self.brightness != ANY

    def has(self, clip: Clip, loudness: float, figures: ClipFigures | None = None) -> bool:
        """Whether a clip of this loudness, in LUFS, and with these measures is among what is wanted."""
        if figures is None:
            if self.needs_figures:
                return False
        elif not self._has_figures(figures):
            return False
        return (
            clip.stars >= self.least_stars
            and not (self.unrated and clip.stars)
            and self.temperature[0] <= clip.temperature < self.temperature[1]
            and self.loudness[0] <= loudness < self.loudness[1]
            and (self.rejected or not clip.rejected)
        )

    def _has_figures(self, figures: ClipFigures) -> bool:
        return (
            not (self.hide_flawed and (figures.stuck or figures.copied))
            and not (self.liked and (figures.liked is None or figures.liked < LIKED))
            and all(value >= least for value, least in zip(figures.measures, self.measures, strict=True))
            and self.brightness[0] <= figures.brightness < self.brightness[1]
        )


class ClipModel(QAbstractListModel):
    """Rejected clips come last, or not at all."""

    ClipRole = Qt.ItemDataRole.UserRole
    AgeRole = Qt.ItemDataRole.UserRole + 1
    FlawRole = Qt.ItemDataRole.UserRole + 2
    """What is wrong with its file: "missing", "damaged" or ""."""
    FiguresRole = Qt.ItemDataRole.UserRole + 3
    """Its `ClipFigures`; None while it is not measured."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Clip, ...] = ()
        self._ages: Mapping[str, float] = {}
        self._flaws: Mapping[str, str] = {}
        self._shown: list[Clip] = []
        self._places: dict[str, int] = {}
        self._loudness: Mapping[str, float] = {}
        self._figures: Mapping[str, ClipFigures] = {}
        self._likeness: Mapping[str, float] = {}
        self.wanted = Wanted()
        self.order = "newest"

    def put(self, clips: tuple[Clip, ...], ages: Mapping[str, float]) -> None:
        """Takes over the clips of the project, and their ages (0..1) by id."""
        if clips is self._all and ages == self._ages:
            return
        self._all, self._ages = clips, dict(ages)
        self._rebuild()

    def put_flaws(self, flaws: Mapping[str, str]) -> None:
        """What is wrong with the files of clips, by id."""
        if flaws != self._flaws:
            self._flaws = dict(flaws)
            if self._shown:
                self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def put_loudness(self, loudness: Mapping[str, float]) -> None:
        """LUFS of the clips that are measured, by id."""
        self._loudness = dict(loudness)
        if self.needs_loudness:
            self._rebuild()

    def put_figures(self, figures: Mapping[str, ClipFigures]) -> None:
        """What is measured of clips, by id."""
        if figures != self._figures:
            self._figures = dict(figures)
            self._rebuild()

    def put_likeness(self, likeness: Mapping[str, float]) -> None:
        """How much clips sound like what was looked for, by id: more is more alike."""
        self._likeness = dict(likeness)
        self._rebuild()

    def figures_of(self, id: str) -> ClipFigures | None:
        """What is measured of a clip; None while it is not."""
        return self._figures.get(id)

    @property
    def needs_loudness(self) -> bool:
        """Whether what is shown, and in what order, depends on how loud the clips are."""
        return self.order in BY_LOUDNESS or self.wanted.loudness != ANY

    def narrow(self, wanted: Wanted, order: str = "") -> None:
        """Args: order: one of `ALL_ORDERS`; "" for as before."""
        self.wanted, self.order = wanted, order or self.order
        self._rebuild()

    def _rebuild(self) -> None:
        figures, wanted = self._figures, self.wanted
        kept = [clip for clip in reversed(self._all) if wanted.has(clip, self._loudness_of(clip), figures.get(clip.id))]
        kept.sort(key=self._key, reverse=True)
        kept.sort(key=lambda clip: clip.rejected)
        if [clip.id for clip in kept] == [clip.id for clip in self._shown]:
            self._shown = kept
            if kept:
                self.dataChanged.emit(self.index(0), self.index(len(kept) - 1))
            return
        self.beginResetModel()
        self._shown = kept
        self._places = {clip.id: place for place, clip in enumerate(kept)}
        self.endResetModel()

    def _key(self, clip: Clip) -> Any:
        if self.order == ALIKE:
            return self._likeness.get(clip.id, UNKNOWN)
        by_figures = BY_FIGURES.get(self.order)
        if by_figures is None:
            return ORDERS[self.order](clip, self._loudness_of(clip))
        figures = self._figures.get(clip.id)
        return UNKNOWN if figures is None else by_figures(figures)

    def _loudness_of(self, clip: Clip) -> float:
        return self._loudness.get(clip.id, UNKNOWN)

    @property
    def total(self) -> int:
        """The number of clips, shown or not."""
        return len(self._all)

    def id_at(self, index: _Index) -> str:
        """The id of the clip of a row; "" for none."""
        return self._shown[index.row()].id if index.isValid() and index.row() < len(self._shown) else ""

    def clip_at(self, index: _Index) -> Clip:
        """The clip of a row."""
        return self._shown[index.row()]

    def place_of(self, id: str) -> int:
        """The row of a clip, by its id; -1 where it is not shown."""
        return self._places.get(id, -1)

    def age_of(self, id: str) -> float:
        """How old the checkpoint of a clip is, 0..1."""
        return self._ages.get(id, 1.0)

    def name_of(self, id: str) -> str:
        """The name of a clip that is shown, by its id."""
        return clip_name(self._shown[self._places[id]])

    def all_rejected(self, ids: Collection[str]) -> bool:
        """Whether all these clips, which are shown, are rejected."""
        return all(self._shown[self._places[id]].rejected for id in ids)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | (Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        clip = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return clip_name(clip)
        if role == self.ClipRole:
            return clip
        if role == self.AgeRole:
            return self.age_of(clip.id)
        if role == self.FlawRole:
            return self._flaws.get(clip.id, "")
        if role == self.FiguresRole:
            return self._figures.get(clip.id)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            stars = f", {plural(clip.stars, 'star')}" if clip.stars else ""
            stars += f", file {self._flaws[clip.id]}" if clip.id in self._flaws else ""
            stars += f", {_along(clip)}" if clip.guide else ""
            figures = self._figures.get(clip.id)
            stars += "".join(f", {tag.words}" for tag in figures.tags) if figures is not None else ""
            return f"{clip_name(clip)}, {duration(clip.seconds)}{stars}{', rejected' if clip.rejected else ''}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(clip)
        return None

    def _tip(self, clip: Clip) -> str | None:
        """None where there is no more to say than of any clip."""
        figures = self._figures.get(clip.id)
        told = [f"{clip_name(clip)} {_along(clip)}"] if clip.guide else []
        told += [figures.words] if figures is not None else []
        return "\n".join([*told, KEYS]) if told else None


def _along(clip: Clip) -> str:
    return f"plays along to {isolated(clip.guide)}" + (f", {clip.manner}" if clip.manner else "")
