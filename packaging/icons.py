"""Draws the icon in every size and kind that systems ask for, from the two drawings in resources/icons.

    python packaging/icons.py --out build/icons

PNGs of 16 to 512 pixels for Linux, `deepcuts.ico` for Windows, `deepcuts.icns` for macOS. Up to 24 pixels the small
drawing is used, whose edges lie on whole pixels of 16.
"""

from __future__ import annotations

import argparse
import os
import sys
from io import BytesIO
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parents[1]
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_ICO = (16, 24, 32, 48, 64, 256)
_SMALL = 24
"""Pixels up to which the small drawing is used."""


def drawn(size: int) -> Image.Image:
    """The icon with so many pixels on a side; there has to be a QGuiApplication."""
    name = "deepcuts-small.svg" if size <= _SMALL else "deepcuts.svg"
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(ROOT / "resources" / "icons" / name)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return Image.open(BytesIO(buffer.data().data())).convert("RGBA")


def write_icons(out: Path) -> None:
    """Writes all of them into the folder `out`, the PNGs as `hicolor/SIZExSIZE/apps/NAME.png`."""
    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    name = "org.deepcuts.DeepCuts"
    pictures = {size: drawn(size) for size in (*SIZES, 1024)}
    for size in SIZES:
        place = out / "hicolor" / f"{size}x{size}" / "apps"
        place.mkdir(parents=True, exist_ok=True)
        pictures[size].save(place / f"{name}.png", optimize=True)
    scalable = out / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True, exist_ok=True)
    (scalable / f"{name}.svg").write_bytes((ROOT / "resources" / "icons" / "deepcuts.svg").read_bytes())
    others = [pictures[size] for size in _ICO]
    others[-1].save(out / "deepcuts.ico", sizes=[(size, size) for size in _ICO], append_images=others[:-1])
    smaller = [pictures[size] for size in (16, 32, 64, 128, 256, 512)]
    pictures[1024].save(out / "deepcuts.icns", append_images=smaller)
    del application


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draws the icon in every size and kind that systems ask for.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "icons")
    write_icons(parser.parse_args().out)
