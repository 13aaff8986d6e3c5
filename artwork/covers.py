"""Covers made out of pictures: of itself, of photographs, of type, or a picture as it is."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

from artwork.blend import BLENDS, Pixels, blend
from artwork.collage import Collage
from artwork.errors import PictureError
from artwork.lettering import type_cover
from artwork.pieces import LAYERS, Look, ground_for, plan_pieces

__all__ = ["LARGEST_JPEG", "METHODS", "make_cover", "plain_cover", "save_cover", "type_cover"]

Report = Callable[[float, str], None]
Cancelled = Callable[[], bool]
Preview = Callable[[Image.Image], None]

METHODS = ("self", "photos")
LARGEST_JPEG = 10_000_000
"""Bytes; what the shops take at most."""
_LARGEST_SIDE = 6000
_PREVIEW_SIDE = 1000
_PREVIEW_EVERY = 0.8
_COARSE = 2
"""Layers of pieces that the photographs after the first are given: large bits of them stay to be seen."""


def _silent(_fraction: float, _text: str) -> None:
    pass


def _never() -> bool:
    return False


def make_cover(
    content: Image.Image,
    styles: Sequence[Image.Image] = (),
    *,
    method: str = "self",
    size: int = 1000,
    pieces: float = 6.0,
    strength: float = 0.7,
    seed: int = 0,
    mode: str = "overlay",
    weight: float = 0.5,
    report: Report = _silent,
    cancelled: Cancelled = _never,
    preview: Preview | None = None,
) -> Image.Image:
    """A cover of small pieces, the composition of `content` kept. The same seed gives the same picture at any size.

    Args:
        content: the old cover; cut to a square around its middle.
        styles: method "photos": the photographs, one picture is made from the pieces of each, and they are laid
            over each other by the blend `mode`. Method "self" cuts the pieces from `content` and needs none.
        size: side in pixels.
        pieces: the style is scaled to one over this of the cover, 1.5 to 16.
        strength: 0 follows the content closely, 1 lets the pieces be themselves.
        weight: how strongly each further photograph is laid over, 0..1.
        preview: is shown the picture as it grows, about every second, never larger than 1000 pixels a side.

    Raises:
        PictureError: for settings that cannot be met.
        CancelledError: soon after `cancelled()`.
    """
    _check(method, styles, size, pieces, strength, mode)
    square = _square(content)
    if method == "self":
        look = Look(pieces, strength, tint=0.95 - 0.2 * strength)
        return _collage(square, square, look, size, (seed, 0), report, cancelled, preview)
    made: Image.Image | None = None
    for number, style in enumerate(styles):
        look = Look(
            pieces,
            strength,
            tint=0.95 - 0.3 * strength,
            lively=0.1,
            mending=0.2,
            contrast=0.14,
            layers=LAYERS if made is None else LAYERS[:_COARSE],
        )
        layer = _collage(
            square,
            style.convert("RGB"),
            look,
            size,
            (seed, number),
            _part(report, number, len(styles)),
            cancelled,
            preview if made is None else _over(made, mode, weight, preview),
        )
        made = layer if made is None else _laid_over(made, layer, mode, weight)
    if made is None:
        raise PictureError("There are no photographs.", "Add some to the album.")
    return _settled(made, square) if len(styles) > 1 else made


def _check(method: str, styles: Sequence[Image.Image], size: int, pieces: float, strength: float, mode: str) -> None:
    if method not in METHODS:
        raise PictureError(f"There is no way of making covers called “{method}”.", f"Use {' or '.join(METHODS)}.")
    if method == "photos" and not styles:
        raise PictureError("There are no photographs.", "Add some to the album.")
    if not 16 <= size <= _LARGEST_SIDE:
        raise PictureError(f"A cover cannot be {size} pixels wide.", f"Use 16 to {_LARGEST_SIDE}.")
    if not 1.5 <= pieces <= 16:
        raise PictureError("The pieces must be 1/1.5 to 1/16 of the cover.", "Choose a size between.")
    if not 0 <= strength <= 1:
        raise PictureError("The strength must be between 0 and 1.")
    if mode not in BLENDS:
        raise PictureError(f"There is no blend called “{mode}”.", f"Use {', '.join(BLENDS)}.")


def _square(picture: Image.Image) -> Image.Image:
    rgb = picture.convert("RGB")
    side = min(*rgb.size, 3000)
    return ImageOps.fit(rgb, (side, side), Image.Resampling.LANCZOS)


def _collage(
    content: Image.Image,
    style: Image.Image,
    look: Look,
    size: int,
    seed: tuple[int, int],
    report: Report,
    cancelled: Cancelled,
    preview: Preview | None,
) -> Image.Image:
    if cancelled():
        raise CancelledError
    planning = 1 / (1 + (size / 1000) ** 1.5)
    shown = 0.0

    def show(picture: Image.Image) -> None:
        nonlocal shown
        if preview is not None and time.monotonic() - shown >= _PREVIEW_EVERY:
            side = min(size, _PREVIEW_SIDE)
            preview(picture.resize((side, side), Image.Resampling.BILINEAR, reducing_gap=1.0))
            shown = time.monotonic()

    def drawn(picture: Image.Image, done: float) -> None:
        report(planning * done, "Choosing the pieces")
        show(picture)

    plan = plan_pieces(
        content,
        [style],
        look,
        random=np.random.default_rng(seed),
        cancelled=cancelled,
        drawn=drawn,
    )
    collage = Collage(ground_for(content, size), [style])
    for number, piece in enumerate(plan):
        if cancelled():
            raise CancelledError
        if number % 32 == 0:
            report(planning + (1 - planning) * number / len(plan), "Pasting the pieces")
            if number > len(plan) // 4:  # before that the trial picture shows more
                show(collage.picture)
        collage.paste(piece)
    report(1.0, "Pasting the pieces")
    return collage.picture


def _part(report: Report, number: int, count: int) -> Report:
    return lambda done, _text: report((number + done) / count, f"Photograph {number + 1} of {count}")


def _over(made: Image.Image, mode: str, weight: float, preview: Preview | None) -> Preview | None:
    if preview is None:
        return None
    small = made.resize((min(made.width, _PREVIEW_SIDE),) * 2, Image.Resampling.BILINEAR, reducing_gap=1.0)
    return lambda layer: preview(_laid_over(small, layer.resize(small.size), mode, weight))


def _laid_over(ground: Image.Image, layer: Image.Image, mode: str, weight: float) -> Image.Image:
    """In strips, so that a large cover does not need many times its size in memory."""
    strips = []
    for top in range(0, ground.height, 500):
        box = (0, top, ground.width, min(top + 500, ground.height))
        mixed = blend(_pixels(ground.crop(box)), _pixels(layer.crop(box)), mode, weight)
        strips.append((np.clip(mixed, 0, 1) * 255 + 0.5).astype(np.uint8))
    return Image.fromarray(np.concatenate(strips))


def _pixels(picture: Image.Image) -> Pixels:
    return np.asarray(picture, dtype=np.float32) / np.float32(255)


def _settled(picture: Image.Image, content: Image.Image) -> Image.Image:
    """The blends pile up darkness or light: each colour is bent back to the mean it has in the content."""
    wanted = _pixels(content.resize((256, 256), Image.Resampling.BOX)).reshape(-1, 3).mean(axis=0)
    found = _pixels(picture.resize((256, 256), Image.Resampling.BOX)).reshape(-1, 3)
    levels = np.linspace(0, 1, 256)
    curves = []
    for channel in range(3):
        gamma = 1.0
        for _ in range(6):
            mean = float((found[:, channel] ** gamma).mean())
            gamma *= np.log(np.clip(wanted[channel], 0.01, 0.99)) / np.log(np.clip(mean, 0.01, 0.99))
            gamma = float(np.clip(gamma, 0.4, 2.5))
        curves.append(levels**gamma)
    return picture.point([round(255 * float(level)) for level in np.concatenate(curves)])


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
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = _png(rgb, profile) if path.suffix.lower() == ".png" else _jpeg(rgb, profile)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise PictureError(
            f"“{path.name}” cannot be written: {error.strerror}.", "Free some space or choose another folder."
        ) from error
    finally:
        with suppress(OSError):
            fresh.unlink()


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
