"""Short recordings, pictures and lists to import, and what an import made of them."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from app.studio.importing.album import Imported
from samplernn.audio.reading import write_sound


def sound(path: Path, seed: int | str = 0, seconds: float = 0.2) -> Path:
    """A short recording; its format is that of the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(zlib.crc32(f"{path.name} {seed}".encode()))
    wave = random.uniform(-0.5, 0.5, round(seconds * 8_000)).astype(np.float32)
    write_sound(path, wave, 8_000, format=path.suffix[1:].lower())
    return path


def picture(path: Path, width: int = 60, height: int = 60, colour: str = "red") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (width, height), colour).save(path)
    return path


def picture_bytes(width: int, colour: str = "blue", format_: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, width), colour).save(data, format_)
    return data.getvalue()


def text(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def names(imported: Imported) -> list[str]:
    return [Path(track.path).name for track in imported.album.tracks]


def refusals(imported: Imported) -> dict[str, str]:
    return {refused.path.name: refused.why for refused in imported.refused}
