"""The bar at the head of the window: the project, whether it is saved, what runs, on what machine."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QWidget

from app.widgets import theme
from app.widgets.basics import label, row, set_kind
from app.widgets.controls.editable import EditableText
from app.widgets.frame.job_pill import JobPill, Pill


class TopBar(QFrame):
    """Shows plain values and says what was clicked.

    Signals:
        renamed(str): the project has been given this name.
        palette_asked(): the list of everything that can be done.
    """

    renamed = Signal(str)
    palette_asked = Signal()

    def __init__(self, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar-top")
        self.setFixedHeight(44)
        self.brand = QPushButton("Deep Cuts")
        set_kind(self.brand, "brand")
        self.brand.setMenu(menu)
        self.brand.setToolTip("New, open, undo, shortcuts…")
        self.brand.setAccessibleName("Deep Cuts menu")
        self.name = EditableText("Name of the project")
        self.name.edited.connect(self.renamed)
        self.badge = label("saved", "badge")
        self.jobs = JobPill()
        self.device = Pill()
        self.device.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.device.setCursor(Qt.CursorShape.ArrowCursor)
        self.device.hide()
        self.palette_button = Pill()
        self.palette_button.show_text("Ctrl K")
        self.palette_button.setToolTip("Everything that can be done, by name (Ctrl+K)")
        self.palette_button.setAccessibleName("Find an action")
        self.palette_button.clicked.connect(self.palette_asked)
        self.setLayout(
            row(
                self.brand,
                label("/", "faint"),
                self.name,
                self.badge,
                1,
                self.jobs,
                self.device,
                self.palette_button,
                spacing=12,
                margins=(10, 0, 16, 0),
            )
        )

    def show_name(self, name: str) -> None:
        """Shows the name of the project."""
        self.name.show_text(name)

    def show_saved(self, saved: bool) -> None:
        """Shows whether everything is on the disk."""
        self.badge.setText("saved" if saved else "saving…")
        set_kind(self.badge, "badge")
        self.badge.setToolTip("Every change is saved at once")

    def show_not_saved(self, why: str) -> None:
        """Shows that saving has failed, and why."""
        self.badge.setText("not saved")
        self.badge.setToolTip(why)
        set_kind(self.badge, "badge-bad")

    def show_device(self, text: str, tip: str, is_fast: bool) -> None:
        """Names the machine; `is_fast` where it has a GPU that the model learns on."""
        self.device.show_text(text, theme.GOOD if is_fast else theme.FAINT)
        self.device.setToolTip(tip)
        self.device.show()
