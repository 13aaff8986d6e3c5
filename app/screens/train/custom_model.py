"""Every number of a model and its training, in a dialog made from the records that hold them."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.jobs.train import PRESETS, Preset, custom_preset
from app.screens.train.custom_words import WORDS
from app.widgets.basics import button, column, keep_off_edges, label, line, row
from app.widgets.controls.wheel import keep_wheel_off
from app.widgets.dialogs.fitting import Dialog
from resources.errors import PlainError

_LARGEST = 1_000_000
_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100)


class CustomModelDialog(Dialog):
    """Asks for a preset of the artist's own, starting from another one."""

    def __init__(self, start: Preset, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Custom model")
        self.resize(860, 620)
        self.preset = start
        self.start = QComboBox()
        self.start.setAccessibleName("Start from")
        for name, preset in ({start.name: start} | dict(PRESETS)).items():
            self.start.addItem(preset.title, preset)
            self.start.setItemData(self.start.count() - 1, preset.words, Qt.ItemDataRole.ToolTipRole)
            if name == start.name:
                self.start.setCurrentIndex(self.start.count() - 1)
        self.start.activated.connect(self._on_start)
        self.rate = QComboBox()
        self.rate.setEditable(True)
        self.rate.setAccessibleName("Samples per second")
        self.rate.addItems([str(rate) for rate in sorted({*_RATES, start.rate, *(p.rate for p in PRESETS.values())})])
        self.rate.setCurrentText(str(start.rate))
        self.model = RecordForm("model", start.model)
        self.train = RecordForm("train", start.train)
        self.model.form.insertRow(0, label("Samples per second"), self.rate)
        self._wrong = label("", "dim", wrap=True)
        self.use = button("Use these numbers", "primary")
        self.use.setDefault(True)
        self.use.clicked.connect(self.accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        intro = label("Hold the mouse over a name to see what it means.", "dim")
        forms = row(_group("The network", self.model), _group("How it is taught", self.train), spacing=24)
        inner = QWidget()
        inner.setLayout(forms)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        buttons = row(1, cancel, self.use)
        starts = label("Start from", "dim")
        starts.setBuddy(self.start)
        head = row(intro, 1, starts, self.start, spacing=10)
        body = column(head, scroll, line(), self._wrong, buttons, spacing=12, margins=(20, 16, 20, 16))
        body.setStretch(1, 1)
        self.setLayout(body)
        keep_wheel_off(self)

    @Slot()
    def _on_start(self) -> None:
        preset = self.start.currentData()
        self.rate.setCurrentText(str(preset.rate))
        self.model.put(preset.model)
        self.train.put(preset.train)
        self._wrong.clear()

    @Slot()
    def accept(self) -> None:
        try:
            rate = int(self.rate.currentText())
            self.preset = custom_preset(self.model.values(), self.train.values(), rate)
        except PlainError as error:
            self._wrong.setText(str(error))
        except ValueError:
            self._wrong.setText("One of these is not a number. Numbers in a row are parted by commas: 16, 4.")
        else:
            super().accept()

    def complaint(self) -> str:
        """Why the numbers cannot be used, or ""."""
        return self._wrong.text()


class RecordForm(QWidget):
    """A form with one line for each field of a frozen dataclass."""

    def __init__(self, kind: str, record: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: dict[str, QWidget] = {}
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setSpacing(8)
        hints = get_type_hints(type(record))
        for field in fields(record):
            name, words = WORDS.get(f"{kind}.{field.name}", (field.name.replace("_", " ").capitalize(), ""))
            asked = _editor(hints[field.name], getattr(record, field.name))
            asked.setToolTip(words)
            asked.setAccessibleName(name)
            asked.setAccessibleDescription(words)
            asked.setMinimumWidth(130)
            title = label(name)
            title.setToolTip(words)
            title.setBuddy(asked)
            self.form.addRow(title, asked)
            self._fields[field.name] = asked
        self._record = record

    def editor(self, name: str) -> QWidget:
        """The widget of the field of that name."""
        return self._fields[name]

    def put(self, record: Any) -> None:
        """Shows another record of the same kind."""
        for name, editor in self._fields.items():
            _show(editor, getattr(record, name))
        self._record = record

    def values(self) -> dict[str, Any]:
        """What has been entered, as plain values; ValueError where it is not of the right kind."""
        before = asdict(self._record)
        return {name: _entered(editor, before[name]) for name, editor in self._fields.items()}


class _Number(QDoubleSpinBox):
    """Without the noughts at the end."""

    def textFromValue(self, value: float) -> str:
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip("0").removesuffix(point) if point in text else text


def _group(title: str, form: RecordForm) -> QVBoxLayout:
    return column(label(title, "heading"), form, 1, spacing=10)


def _editor(hint: Any, value: Any) -> QWidget:
    if get_origin(hint) is Literal:
        choice = QComboBox()
        choice.addItems([str(argument) for argument in get_args(hint)])
        choice.setCurrentText(str(value))
        return choice
    match value:
        case bool():
            box = QCheckBox()
            box.setChecked(value)
            return box
        case int():
            whole = QSpinBox()
            whole.setRange(0, _LARGEST)
            whole.setValue(value)
            keep_off_edges(whole)
            return whole
        case float():
            number = _Number()
            number.setDecimals(6)
            number.setRange(0.0, _LARGEST)
            number.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
            number.setValue(value)
            keep_off_edges(number)
            return number
        case tuple():
            return QLineEdit(", ".join(str(item) for item in value))
    return QLineEdit(str(value))


def _show(editor: QWidget, value: Any) -> None:
    match editor:
        case QComboBox():
            editor.setCurrentText(str(value))
        case QCheckBox():
            editor.setChecked(value)
        case QSpinBox() | QDoubleSpinBox():
            editor.setValue(value)
        case QLineEdit():
            editor.setText(", ".join(str(item) for item in value) if isinstance(value, tuple) else str(value))


def _entered(editor: QWidget, before: Any) -> Any:
    match editor:
        case QComboBox():
            return editor.currentText()
        case QCheckBox():
            return editor.isChecked()
        case QSpinBox() | QDoubleSpinBox():
            return editor.value()
        case QLineEdit():
            if not isinstance(before, (list, tuple)):
                return editor.text()
            kind = type(before[0])
            return tuple(kind(part) for part in editor.text().replace(";", ",").split(",") if part.strip())
    raise TypeError(editor)
