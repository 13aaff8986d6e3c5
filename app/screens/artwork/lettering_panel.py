"""The panel beside the picture while names are set on it in type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QCompleter,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.document.edits.lettering import LineName
from app.document.lettering import Lettering, TypeLine
from app.jobs.lettering import LEAST_CONTRAST, Placed
from app.widgets.basics import Elided, SidePanel, button, column, label, line, row, scrolling, set_kind
from app.widgets.controls.colour_row import ColourRow
from app.widgets.controls.value_range import ValueRange
from app.widgets.controls.value_slider import ValueSlider

_LINES: tuple[tuple[LineName, str], ...] = (("title", "Album title"), ("artist", "Artist"))
_OURS = "The program’s own"
_ACROSS, _DOWN = ("left", "middle", "right"), ("top", "middle", "bottom")


class TypePanel(SidePanel):
    """Shows a `Lettering` and says what is to be changed in it.

    Signals:
        switched(bool): the names are to be on the cover, or not.
        changed(str, object, bool): the line, fields of its `TypeLine` as a dict, and whether more of the same follow.
        line_chosen(str): the line that is edited now.
        done(): the person has finished.
    """

    switched = Signal(bool)
    changed = Signal(str, object, bool)
    line_chosen = Signal(str)
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(320, parent)
        self.line: LineName = "title"
        self._lettering = Lettering()
        self._names: Mapping[str, str] = {}
        self._placed: Mapping[str, Placed] = {}
        self._colours: Sequence[str] = ("#ffffff", "#000000")
        self._is_type_cover = False
        self.on = QCheckBox("Set the names on the cover")
        self.on.clicked.connect(self.switched)
        self.lines: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        for key, name in _LINES:
            chip = button(name, "chip")
            chip.setCheckable(True)
            chip.clicked.connect(lambda _=False, key=key: self.choose_line(key))
            self._group.addButton(chip)
            self.lines[key] = chip
        self.words = Elided("", "heading")
        self.shown = QCheckBox("Show it")
        self.shown.clicked.connect(lambda on: self._change(on=on))
        self.face = QComboBox()
        self._face_field = QLineEdit()
        self._face_field.editingFinished.connect(self._on_face_typed)
        self.face.setLineEdit(self._face_field)
        self.face.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.face.setAccessibleName("Face")
        self.face.setMinimumContentsLength(12)
        self.face.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        completer = QCompleter(self.face.model(), self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.face.setCompleter(completer)
        self.face.addItem(_OURS, "")
        self.face.activated.connect(self._on_face)
        self.size_slider = ValueSlider("Size", ValueRange(10, 300, 90, lambda value: f"{value / 10:.1f} %"))
        self.size_slider.moved.connect(lambda value: self._change(more=True, size=value / 1000))
        self.size_slider.let_go.connect(lambda: self._change(size=self.size_slider.value / 1000))
        self.colour = ColourRow()
        self.colour.chosen.connect(lambda colour: self._change(colour=colour))
        self.capitals = QCheckBox("In capitals")
        self.capitals.clicked.connect(lambda on: self._change(capitals=on))
        self.places: dict[tuple[int, int], QPushButton] = {}
        self.finish = button("Done", "primary", tip="Back to making pictures (Escape)")
        self.finish.clicked.connect(self.done)
        self._contrast = label("", "faint", wrap=True)
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(4)
        for down, high in enumerate(_DOWN):
            for across, wide in enumerate(_ACROSS):
                place = button("")
                place.setFixedSize(34, 24)
                place.setCheckable(True)
                place.setAccessibleName(f"Put it at the {high} {wide}")
                place.setToolTip(f"{high} {wide}".capitalize())
                place.clicked.connect(lambda _=False, x=across / 2, y=down / 2: self._change(x=x, y=y))
                grid.addWidget(place, down, across)
                self.places[across, down] = place
        face = row(label("Face", "dim"), self.face, spacing=12)
        face.setStretch(1, 1)
        self._controls = QWidget()
        self._controls.setLayout(
            column(
                row(*self.lines.values(), 1, spacing=6),
                self.words,
                row(self.shown, 1, self.capitals),
                face,
                self.size_slider,
                row(label("Colour", "dim"), 1),
                self.colour,
                row(column(label("Place", "dim"), 1), 1, grid),
                label("Or drag it on the picture; the arrow keys move it too.", "faint", wrap=True),
                line(),
                self._contrast,
                spacing=10,
            )
        )
        self._about = label("", "faint", wrap=True)
        self.body.addWidget(label("Type on the cover", "heading"))
        self.body.addWidget(scrolling(column(self.on, self._about, self._controls, 1), beside_bar=8), 1)
        self.body.addWidget(self.finish)

    # what is shown

    def show_faces(self, names: Sequence[str]) -> None:
        """Offers these type faces, and our own."""
        self.face.clear()
        self.face.addItem(_OURS, "")
        for name in names:
            self.face.addItem(name, name)
        self._show()

    def show_lettering(self, lettering: Lettering, names: Mapping[str, str], is_type_cover: bool) -> None:
        """Args: names: the words of each line. is_type_cover: the picture is set in type already."""
        self._lettering, self._names, self._is_type_cover = lettering, names, is_type_cover
        self._show()

    def show_drawn(self, placed: Mapping[str, Placed], colours: Sequence[str]) -> None:
        """Where the lines are on the picture, and colours that go with it."""
        self._placed, self._colours = placed, colours
        self._show()

    @Slot(str)
    def choose_line(self, key: LineName) -> None:
        """Shows the settings of the title or of the artist."""
        self.line = key
        self._show()
        self.line_chosen.emit(key)

    def contrast_words(self) -> str:
        """What is said of how well the line can be read."""
        return self._contrast.text()

    def _show(self) -> None:
        shown: TypeLine = getattr(self._lettering, self.line)
        on = self._lettering.on and not self._is_type_cover
        self.on.setChecked(self._lettering.on)
        self.on.setEnabled(not self._is_type_cover)
        self._about.setText(
            "This cover is set in type: it bears the names already. Choose or make another to set them on it."
            if self._is_type_cover
            else "The picture under them stays as it is: they can be changed or taken off at any time."
        )
        self._controls.setVisible(on)
        self.lines[self.line].setChecked(True)
        name = self._names.get(self.line, "")
        self.words.show_text(name or "no name yet: give it one under Export")
        set_kind(self.words, "heading" if name else "faint")
        self.shown.setChecked(shown.on)
        self.capitals.setChecked(shown.capitals)
        self._show_face(shown.face)
        if not self.size_slider.slider.isSliderDown():
            self.size_slider.put(round(shown.size * 1000))
        self.colour.show_colours(self._colours, shown.colour)
        for (across, down), place in self.places.items():
            place.setChecked(abs(shown.x - across / 2) < 0.02 and abs(shown.y - down / 2) < 0.02)
        for widget in (self.capitals, self.face, self.size_slider, self.colour, *self.places.values()):
            widget.setEnabled(shown.on)
        self._show_contrast()

    def _show_face(self, face: str) -> None:
        if self.face.findData(face) < 0:
            self.face.addItem(f"{face} (not on this computer)", face)
        self.face.setCurrentIndex(self.face.findData(face))

    def _show_contrast(self) -> None:
        placed = self._placed.get(self.line)
        if placed is None:
            self._contrast.setText("")
        elif placed.missing:
            self._contrast.setText(
                f"No type face on this computer has “{placed.missing}”: boxes stand for that. Install one that has it."
            )
        elif placed.contrast >= LEAST_CONTRAST:
            self._contrast.setText(f"Reads well here: contrast {placed.contrast:.1f} to 1.")
        else:
            self._contrast.setText(
                f"Hard to read here: contrast {placed.contrast:.1f} to 1, and {LEAST_CONTRAST:g} is the least. "
                "Try another colour or place."
            )
        hard = placed is not None and placed.contrast < LEAST_CONTRAST
        set_kind(self._contrast, "warn" if hard else "faint")

    # what the person does

    def _change(self, *, more: bool = False, **fields: Any) -> None:
        self.changed.emit(self.line, fields, more)

    @Slot(int)
    def _on_face(self, place: int) -> None:
        self._change(face=self.face.itemData(place) or "")

    @Slot()
    def _on_face_typed(self) -> None:
        """A name that there is none of goes back to what it was."""
        place = self.face.findText(self.face.currentText(), Qt.MatchFlag.MatchFixedString)
        face = getattr(self._lettering, self.line).face
        if place >= 0 and self.face.itemData(place) != face:
            self._change(face=self.face.itemData(place))
        else:
            self._show_face(face)
