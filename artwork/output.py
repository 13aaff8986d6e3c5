"""Covers as files: sRGB, square, no larger than the shops take."""

from __future__ import annotations

import io
import struct
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from artwork.errors import PictureError
from resources.files import write_whole

LARGEST_JPEG = 10_000_000
"""Bytes; what the shops take at most."""


def plain_cover(picture: Image.Image, size: int = 1000) -> Image.Image:
    """The picture as it is, cut to a square around its middle."""
    return ImageOps.fit(picture.convert("RGB"), (size, size), Image.Resampling.LANCZOS)


def save_cover(picture: Image.Image, path: Path, size: int | None = 3000) -> None:
    """Writes sRGB: PNG where the name ends so, else JPEG in the best quality that stays under 10 MB; never half.

    Args:
        size: side in pixels that it is brought to; None leaves it as it is.

    Raises:
        PictureError: where it cannot be written.
    """
    rgb = picture.convert("RGB")
    if size is not None and rgb.size != (size, size):
        rgb = plain_cover(rgb, size)
    profile = _srgb_profile()
    data = _png(rgb, profile) if path.suffix.lower() == ".png" else _jpeg(rgb, profile)
    try:
        write_whole(path, data)
    except OSError as error:
        raise PictureError.from_os_error(f"“{path.name}” cannot be written", error) from error


def _srgb_profile() -> bytes:
    """With a date of its own instead of today's (ICC.1:2010, 7.2.8), so that the same picture is the same file."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = struct.pack(">6H", 1999, 10, 18, 0, 0, 0)
    return bytes(profile)


def _png(picture: Image.Image, profile: bytes) -> bytes:
    memory = io.BytesIO()
    picture.save(memory, "PNG", icc_profile=profile, compress_level=4)
    return memory.getvalue()


def _jpeg(picture: Image.Image, profile: bytes) -> bytes:
    for quality in (95, 92, 88, 84, 78, 70, 60, 45, 30):
        memory = io.BytesIO()
        picture.save(memory, "JPEG", quality=quality, subsampling=0 if quality > 90 else 2, icc_profile=profile)
        if memory.tell() < LARGEST_JPEG:
            break
    return memory.getvalue()
