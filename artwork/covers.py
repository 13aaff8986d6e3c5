"""Covers made out of pictures: of itself, or of photographs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image, ImageOps

from artwork.blend import BLENDS
from artwork.collage import Collage
from artwork.cover_settings import DEFAULT_SETTINGS, CoverSettings
from artwork.errors import PictureError
from artwork.layering import laid_over, settled
from artwork.pieces import LAYERS, CollageStyle, ground_for, plan_pieces
from artwork.preview import Preview
from artwork.rendering import DEFAULT_RENDERING, Rendering
from resources.progress import Report, stop_if

METHODS = ("self", "photos")
_LARGEST_SIDE = 6000
_LEAST_CONTENT, _MOST_CONTENT = 200, 3000
_PREVIEW_SIDE = 1000
_PREVIEW_EVERY = 0.8
_APART = 1_000_003
"""Between the seeds of the photographs of one cover."""
_COARSE = 2
"""Layers of pieces that the photographs after the first are given: large bits of them stay to be seen."""


def make_cover(
    content: Image.Image,
    styles: Sequence[Image.Image] = (),
    settings: CoverSettings = DEFAULT_SETTINGS,
    seed: int = 0,
    rendering: Rendering = DEFAULT_RENDERING,
) -> Image.Image:
    """A cover in the style of small pieces, the composition of `content` kept.

    The pieces are cut out and pasted, which gives the same picture at any size for the same seed; or, with a
    network in `rendering`, their style is transferred as in the paper (`artwork.transfer`).

    Args:
        content: the old cover; cut to a square around its middle.
        styles: method "photos": the photographs, one picture is made in the style of each, and they are laid over
            each other by the blend of the settings. Method "self" takes `content` for the style and needs none.

    Raises:
        PictureError: for settings that cannot be met.
        CancelledError: soon after the rendering is cancelled.
    """
    _check(styles, settings, rendering.size)
    square = _square(content)
    strength = settings.strength

    def made_of(style: Image.Image, number: int, look: CollageStyle, rendering: Rendering) -> Image.Image:
        if rendering.network is None:
            return _collage(square, style, look, (seed, number), rendering)
        from artwork.transfer import transfer

        shown = replace(rendering, preview=_small(rendering.preview, rendering.size))
        return transfer(rendering.network, square, style, settings, seed + _APART * number, shown)

    if settings.method == "self":
        return made_of(square, 0, CollageStyle(settings.pieces, strength, tint=0.95 - 0.2 * strength), rendering)
    made: Image.Image | None = None
    for number, style in enumerate(styles):
        calm = CollageStyle(
            settings.pieces,
            strength,
            tint=0.95 - 0.3 * strength,
            lively=0.1,
            mending=0.2,
            contrast=0.06,
            following=0.8,
            layers=LAYERS if made is None else LAYERS[:_COARSE],
        )
        preview = rendering.preview if made is None else _over(made, settings, rendering.preview)
        part = replace(rendering, report=_part(rendering.report, number, len(styles)), preview=preview)
        layer = made_of(style.convert("RGB"), number, calm, part)
        made = layer if made is None else laid_over(made, layer, settings.mode, settings.weight)
    if made is None:
        raise _no_photographs()
    return settled(made, square) if len(styles) > 1 else made


def _check(styles: Sequence[Image.Image], settings: CoverSettings, size: int) -> None:
    method, mode = settings.method, settings.mode
    if method not in METHODS:
        raise PictureError(f"There is no way of making covers called “{method}”.", f"Use {' or '.join(METHODS)}.")
    if method == "photos" and not styles:
        raise _no_photographs()
    if not 16 <= size <= _LARGEST_SIDE:
        raise PictureError(f"A cover cannot be {size} pixels wide.", f"Use 16 to {_LARGEST_SIDE}.")
    if not 1.5 <= settings.pieces <= 16:
        raise PictureError("The pieces must be 1/1.5 to 1/16 of the cover.", "Choose a size between.")
    if not 0 <= settings.strength <= 1:
        raise PictureError("The strength must be between 0 and 1.")
    if mode not in BLENDS:
        raise PictureError(f"There is no blend called “{mode}”.", f"Use {', '.join(BLENDS)}.")
    if not 0 <= settings.weight <= 1:
        raise PictureError("The weight of a photograph must be between 0 and 1.")


def _no_photographs() -> PictureError:
    return PictureError("There are no photographs.", "Add some to the album.")


def _square(picture: Image.Image) -> Image.Image:
    """Cut around its middle; a tiny one is enlarged softly, for else its pieces would show its pixels."""
    rgb = picture.convert("RGB")
    side = min(max(min(rgb.size), _LEAST_CONTENT), _MOST_CONTENT)
    return ImageOps.fit(rgb, (side, side), Image.Resampling.LANCZOS)


def _collage(
    content: Image.Image, style: Image.Image, look: CollageStyle, seed: tuple[int, int], rendering: Rendering
) -> Image.Image:
    size, report, cancelled = rendering.size, rendering.report, rendering.cancelled
    stop_if(cancelled)
    planning = 1 / (1 + (size / 1000) ** 1.5)
    shown = 0.0
    small = _small(rendering.preview, size)

    def show(picture: Image.Image) -> None:
        nonlocal shown
        if small is not None and time.monotonic() - shown >= _PREVIEW_EVERY:
            small(picture)
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
        stop_if(cancelled)
        if number % 32 == 0:
            report(planning + (1 - planning) * number / len(plan), "Pasting the pieces")
            if number > len(plan) // 4:  # before that the trial picture shows more
                show(collage.picture)
        collage.paste(piece)
    report(1.0, "Pasting the pieces")
    return collage.picture


def _small(preview: Preview | None, size: int = _PREVIEW_SIDE) -> Preview | None:
    """Shows pictures at the size of the cover, but no larger than previews are."""
    if preview is None:
        return None
    side = min(size, _PREVIEW_SIDE)
    return lambda picture: preview(picture.resize((side, side), Image.Resampling.BILINEAR, reducing_gap=1.0))


def _part(report: Report, number: int, count: int) -> Report:
    return lambda done, _text: report((number + done) / count, f"Photograph {number + 1} of {count}")


def _over(made: Image.Image, settings: CoverSettings, preview: Preview | None) -> Preview | None:
    if preview is None:
        return None
    ground = made.resize((min(made.width, _PREVIEW_SIDE),) * 2, Image.Resampling.BILINEAR, reducing_gap=1.0)
    return lambda layer: preview(laid_over(ground, layer.resize(ground.size), settings.mode, settings.weight))
