"""Opening whatever people have as a picture, safely."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageCms, ImageOps, ImageStat, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from artwork.errors import PictureError
from artwork.jpeg_scans import MOST_SCANS, scans_of
from resources.bounds import LARGEST_PICTURE, LARGEST_SHRUNK_PICTURE
from resources.files import NotRegularError, open_regular
from resources.refusals import not_found

LARGEST_FILE = 256 * 2**20
"""Bytes; nothing larger is read."""
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "PPM", "MPO", "AVIF", "JPEG2000", "TGA")
_Taken = TypeVar("_Taken")
_NO_FORMAT = "Use a JPEG, PNG, WebP, TIFF, GIF or BMP file."


def open_picture(path: Path, max_side: int | None = None) -> Image.Image:
    """Opens a picture upright, in RGB, first frame only, transparency laid over its own mean colour.

    Args:
        path: the file.
        max_side: pictures larger than this many pixels on either side are shrunk to it while they are read.

    Raises:
        PictureError: where it is missing, not a picture, damaged, or absurdly large.
    """
    name = Path(path).name
    return _opened(path, lambda image: _load(image, name, max_side))


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels as a file says them, upright or not, without reading the picture itself.

    Raises:
        PictureError: where it is missing, or not a picture.
    """
    return _opened(path, lambda image: image.size)


def _opened(path: Path, take: Callable[[Image.Image], _Taken]) -> _Taken:
    """What is taken of a picture while it is open; raises PictureError, as `open_picture`."""
    name = Path(path).name
    try:
        with open_regular(path) as file, warnings.catch_warnings():
            if os.fstat(file.fileno()).st_size > LARGEST_FILE:
                raise PictureError(f"“{name}” is too large a file for a picture.", "Save a smaller copy of it.")
            warnings.simplefilter("ignore")
            with Image.open(file, formats=_known_formats()) as image:
                return take(image)
    except NotRegularError:
        raise PictureError(f"“{name}” cannot be read: it is not a file.", "Choose another picture.") from None
    except FileNotFoundError:
        raise PictureError(*not_found(name)) from None
    except UnidentifiedImageError:
        raise PictureError(f"“{name}” is not a picture that can be read.", _NO_FORMAT) from None
    except Image.DecompressionBombError:
        raise _too_many_pixels(name) from None
    except PictureError:
        raise
    except OSError as error:
        if error.errno is not None:
            raise PictureError.from_os_error(f"“{name}” cannot be read", error) from error
        raise _damaged(name) from error
    except MemoryError:
        raise _too_many_pixels(name) from None
    except Exception as error:  # a damaged file makes the decoders raise nearly anything
        raise _damaged(name) from error


def _known_formats() -> tuple[str, ...]:
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)


def _damaged(name: str) -> PictureError:
    return PictureError(f"“{name}” is damaged or cut short.", "Try another copy of it.")


def _too_many_pixels(name: str) -> PictureError:
    return PictureError(f"“{name}” claims to be far too large a picture.", "Save it at 8000 pixels or less.")


def _load(image: Image.Image, name: str, max_side: int | None) -> Image.Image:
    whole = image.width * image.height
    if max_side is not None and max(image.size) > max_side:
        image.draft("RGB", (max_side, max_side))  # only JPEG can; it decodes at a half, a quarter or an eighth
    at_once = image.format not in ("JPEG", "MPO") or bool(image.info.get("progressive"))
    if image.width * image.height > LARGEST_PICTURE or whole > (LARGEST_PICTURE if at_once else LARGEST_SHRUNK_PICTURE):
        raise _too_many_pixels(name)
    if isinstance(image, JpegImageFile) and image.fp and scans_of(image.fp) > MOST_SCANS:
        raise PictureError(f"“{name}” is drawn over itself far too often to be read.", "Save a fresh copy of it.")
    image.load()
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if max_side is not None and max(upright.size) > max_side and upright.mode in ("L", "RGB", "RGBA", "CMYK"):
        upright.thumbnail((max_side, max_side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    rgb = _to_rgb(upright, profile)
    if max_side is not None and max(rgb.size) > max_side:
        rgb.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    rgb.info.clear()
    return rgb


def _to_rgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep_grey(image)
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        return _flatten(image)
    return _to_srgb(image, profile) if profile and image.mode in ("RGB", "CMYK") else image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        moved = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        moved = None  # a broken profile is no reason to refuse the picture
    return moved if moved is not None else image.convert("RGB")


def _from_deep_grey(image: Image.Image) -> Image.Image:
    """From 16 or 32 bits, in place: a scan of 50 megapixels is large enough as it is."""
    grey = np.array(image, dtype=np.float32)
    np.nan_to_num(grey, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    np.clip(grey, -1e30, 1e30, out=grey)
    low, high = float(grey.min()), float(grey.max())
    if image.mode.startswith("I") and low >= 0 and high <= 65535:
        low, high = 0.0, 65535.0 if high > 255 or image.mode.startswith("I;16") else 255.0
    elif low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    grey -= low
    grey *= 255 / max(high - low, 1e-12)
    grey += 0.5
    return Image.fromarray(grey.astype(np.uint8)).convert("RGB")


def _flatten(image: Image.Image) -> Image.Image:
    """Over the mean colour of what can be seen; over black where nothing can."""
    alpha = image.getchannel("A")
    if not alpha.getbbox():
        return Image.new("RGB", image.size)
    mean = ImageStat.Stat(image.convert("RGB"), alpha).mean
    ground = Image.new("RGB", image.size, tuple(round(value) for value in mean))
    ground.paste(image, mask=alpha)
    return ground
