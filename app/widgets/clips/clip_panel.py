"""The column of clips at the left of the timeline: the list, what narrows it, and the way to more."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QStackedLayout, QWidget

from app.document.model import Clip
from app.widgets import theme
from app.widgets.basics import Elided, button, column, counted, label, line, long_duration, row, set_kind
from app.widgets.clips.clip_figures import ClipFigures
from app.widgets.clips.clip_filter import ClipFilter
from app.widgets.clips.clip_list import ClipList
from app.widgets.clips.clip_model import ALIKE, ALL_ORDERS, Wanted
from app.widgets.timeline.waves import Waves

_FEW_STARS = 3
_ROOM_FOR_HOVER = 260
_MARGIN = 12
_ORDER_LETTERS, _ORDERS_WIDTH = 7, 132
"""Of the order that is chosen; pixels of the list of all."""


class AgeRamp(QWidget):
    """What the colours mean, from the first epoch to the last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = _Ramp()
        self._first = label("epoch 1", "faint")
        self._last = label("", "faint", tabular=True)
        self.setLayout(column(self._bar, row(self._first, 1, self._last), spacing=2))

    def show_last(self, epoch: int) -> None:
        """Shows which epoch is the last."""
        self._first.setVisible(epoch > 1)
        self._last.setText(f"epoch {epoch}")
        self.setAccessibleName(f"Colours of the clips, from epoch 1 in blue to epoch {epoch} in orange")


class _Ramp(QWidget):
    def sizeHint(self) -> QSize:
        return QSize(80, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ramp = QLinearGradient(0, 0, self.width(), 0)
        for step in range(7):
            ramp.setColorAt(step / 6, theme.age_colour(step / 6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ramp)
        painter.drawRoundedRect(QRectF(0, 0, self.width(), 8), 4, 4)


class ClipPanel(QFrame):
    """Shows the clips of a document.

    Signals:
        generate_asked(): more clips, please.
        grid_asked(): checkpoints and temperatures are to be compared.
        train_asked(): there is nothing to generate from yet; show where to learn.
        loudness_asked(): from now on the list needs to know how loud all clips are.
    """

    generate_asked = Signal()
    grid_asked = Signal()
    train_asked = Signal()
    loudness_asked = Signal()

    def __init__(self, waves: Waves, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clip-panel")
        self.list = ClipList(waves)
        self._sum = Elided("", "faint")
        self._kept = 0, 0.0
        self.generate = button("Generate…", "primary", tip="Let the model dream more clips (G)")
        self.generate.clicked.connect(self.generate_asked)
        self.starred = button(f"★ {_FEW_STARS}+", "chip", tip="Only clips with three stars or more")
        self.starred.setCheckable(True)
        self.starred.setAccessibleName("Only clips with three stars or more")
        self.hover = button("", "chip", icon="headphones", tip="Hear clips when the pointer rests on them (H)")
        self.hover.setAccessibleName("Hear clips when the pointer rests on them")
        self.hover.setCheckable(True)
        self.map = button("Map", "chip", tip="Sections as points: near sounds alike (V)")
        self.map.setCheckable(True)
        self.grid = button("Grid", "chip", tip="Which epoch, how warm? Compared by ear (E)")
        self.grid.clicked.connect(self.grid_asked)
        self.filter = ClipFilter()
        self.order = QComboBox()
        self.order.addItems(ALL_ORDERS)
        self.order.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.order.setMinimumContentsLength(_ORDER_LETTERS)
        self.order.view().setMinimumWidth(_ORDERS_WIDTH)
        self.order.setAccessibleName("Order of the clips")
        self.order.setToolTip("What comes first")
        set_kind(self.order, "narrow")
        self.ramp = AgeRamp()
        self.starred.toggled.connect(self._on_starred)
        self.filter.changed.connect(self._on_filter)
        self.order.currentIndexChanged.connect(self._narrow)
        self._words = label("", "dim", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.to_train = button("Go to Train", "primary")
        self.to_train.clicked.connect(self.train_asked)
        self._empty_title = label("", "heading")
        empty = QWidget()
        centre = column(self._empty_title, self._words, row(self.to_train, 1), spacing=8, margins=(14, 24, 14, 12))
        empty.setLayout(column(centre, 1))
        self._pages = QStackedLayout()
        self._pages.addWidget(empty)
        self._pages.addWidget(self.list)
        heading = row(label("Clips", "heading"), self._sum, self.generate, spacing=8)
        heading.setStretch(1, 1)
        self._filters = QWidget()
        self._filters.setLayout(row(self.starred, self.filter, self.hover, 1, spacing=6))
        self._beside = row(self.map, self.grid, 1, self.order, spacing=6)
        self._under = row()
        self._views = QWidget()
        self._views.setLayout(column(self._beside, self._under, spacing=0))
        head = column(
            heading,
            self._views,
            self._filters,
            self.ramp,
            spacing=10,
            margins=(_MARGIN, 12, _MARGIN, 8),
        )
        self.setLayout(column(head, line(), self._pages, spacing=0))
        self.setTabOrder(self.generate, self.map)
        self.setTabOrder(self.map, self.grid)
        self.setTabOrder(self.grid, self.order)
        self.setTabOrder(self.order, self.starred)
        self.setTabOrder(self.starred, self.filter)
        self.setTabOrder(self.filter, self.hover)
        self.setTabOrder(self.hover, self.list)

    def show_clips(self, clips: tuple[Clip, ...], ages: Mapping[str, float], last_epoch: int) -> None:
        """Args: last_epoch: of the newest checkpoint; 0 where there is none to generate from."""
        self.list.show_clips(clips, ages)
        self.ramp.show_last(max(last_epoch, 1))
        self.ramp.setVisible(last_epoch > 0)
        self.generate.setVisible(last_epoch > 0)
        self._filters.setVisible(bool(clips))
        self.map.setVisible(bool(clips))
        self.order.setVisible(bool(clips))
        self.grid.setVisible(last_epoch > 0)
        self._views.setVisible(bool(clips) or last_epoch > 0)
        kept = [clip for clip in clips if not clip.rejected]
        self._kept = len(kept), sum(clip.seconds for clip in kept)
        self._show_sum()
        self._show_page(bool(clips), last_epoch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _ROOM_FOR_HOVER
        self.hover.setVisible(wide)
        fits = self._beside_width() <= event.size().width() - 2 * _MARGIN
        place, other = (self._beside, self._under) if fits else (self._under, self._beside)
        if place.indexOf(self.order) < 0:
            other.removeWidget(self.order)
            place.addWidget(self.order)
            self._under.setContentsMargins(0, 0 if fits else 6, 0, 0)
        self._show_sum()

    def _beside_width(self) -> int:
        """What the order of the clips needs to stand in the row of the views."""
        shown = [self.map, self.order, *([] if self.grid.isHidden() else [self.grid])]
        return sum(each.sizeHint().width() for each in shown) + self._beside.spacing() * len(shown)

    def _show_sum(self) -> None:
        """How many and how long; in a narrow panel how many alone."""
        count, seconds = self._kept
        whole = f"{counted(count)} · {long_duration(seconds)}" if count else ""
        self._sum.show_text(whole if self.width() >= _ROOM_FOR_HOVER else whole.partition(" ")[0])
        self._sum.setToolTip(whole)

    def _show_page(self, some: bool, last_epoch: int) -> None:
        shown = self.list.clips.rowCount() > 0
        self._pages.setCurrentIndex(1 if shown else 0)
        self.to_train.setVisible(not some and not last_epoch)
        if some:
            self._empty_title.setText("No such clips")
            self._words.setText("All clips are hidden by the choices above.")
        elif last_epoch:
            self._empty_title.setText("No clips yet")
            self._words.setText("Press Generate… and the model dreams some. Then drag them onto the lanes.")
        else:
            self._empty_title.setText("Nothing learnt yet")
            self._words.setText("Clips are dreamt by the model once it has learnt the sound of your album.")

    def show_figures(self, figures: Mapping[str, ClipFigures]) -> None:
        """What is measured of clips, by id."""
        self.list.show_figures(figures)
        self._show_page(self.list.clips.total > 0, 1)

    def order_by_likeness(self, likeness: Mapping[str, float]) -> None:
        """Puts first what sounds like something, by id: more is more alike."""
        self.list.show_likeness(likeness)
        self.order.setCurrentText(ALIKE)
        self.list.scrollToTop()

    def show_loudness(self, loudness: Mapping[str, float]) -> None:
        """LUFS of the clips that are measured, by id."""
        self.list.show_loudness(loudness)
        self._show_page(self.list.clips.total > 0, 1)

    def _on_starred(self, on: bool) -> None:
        if on and self.filter.unrated.isChecked():  # no clip is both
            self.filter.unrated.setChecked(False)
        self._narrow()

    def _on_filter(self) -> None:
        if self.filter.unrated.isChecked() and self.starred.isChecked():
            self.starred.setChecked(False)
        self._narrow()

    def _narrow(self) -> None:
        wanted = Wanted(
            least_stars=_FEW_STARS if self.starred.isChecked() else 0,
            unrated=self.filter.unrated.isChecked(),
            temperature=self.filter.temperature,
            loudness=self.filter.loudness,
            rejected=self.filter.rejected.isChecked(),
            hide_flawed=self.filter.hide_flawed.isChecked(),
            liked=self.filter.liked.isChecked(),
            measures=self.filter.least,
            brightness=self.filter.brightness,
        )
        self.list.narrow(wanted, self.order.currentText())
        if self.list.clips.needs_loudness:
            self.loudness_asked.emit()
        self._show_page(self.list.clips.total > 0, 1)
