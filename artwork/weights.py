"""The weights of the 19-layer network: fetched on the user's word, checked, and kept without what is not needed.

The published file is a pickle, so it is read only once its SHA-256 is right, and then by a reader that makes nothing
but tensors. What is kept is its convolution part as safetensors.
"""

from __future__ import annotations

import hashlib
import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from artwork.download import download
from artwork.errors import PictureError
from artwork.vgg_layout import FIRST_OF_BLOCKS, WIDTHS, shapes
from resources.files import clear_parts, make_folders, replacing
from resources.progress import Cancelled, Report, stop_if
from resources.refusals import fault_in

if TYPE_CHECKING:
    from artwork.vgg import Features

_CHUNK = 1 << 20
_FETCH_AGAIN = "Fetch the network again."


class _WrongFileError(PictureError):
    """The file is another than the published one, as against one that cannot be read or kept."""


@dataclass(frozen=True)
class Published:
    """A file that someone publishes."""

    url: str
    size: int
    """Bytes."""
    sha256: str
    widths: Sequence[int] = WIDTHS

    @property
    def name(self) -> str:
        """The name of the file, from its address."""
        return self.url.rsplit("/", 1)[-1]


VGG19 = Published(
    "https://download.pytorch.org/models/vgg19-dcbb9e9d.pth",
    574_673_361,
    "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44",
)
"""By torchvision's people; trained on ImageNet. Its name holds the first eight digits of its SHA-256."""


def kept_file(folder: Path) -> Path:
    """Where the convolution part is kept in the folder for the data of the program."""
    return folder / "vgg19-convolutions.safetensors"


def fetch_weights(folder: Path, report: Report, cancelled: Cancelled, published: Published = VGG19) -> Path:
    """Downloads the published file, checks it, and keeps its convolution part; gives where.

    A download that was broken off goes on where it stopped. What has come is thrown away only where it is another file.

    Raises:
        PictureError: where it cannot be fetched or kept, or is not the file that it should be.
        CancelledError: soon after `cancelled()`; what has come so far is kept.
    """
    part = folder / f"{published.name}.part"
    _make_room(folder, published, part)
    download(published.url, part, published.size, _share(report, 0.0, 0.94, "Downloading"), cancelled)
    try:
        kept = take_weights(part, folder, _share(report, 0.94, 1.0, ""), cancelled, published)
    except _WrongFileError:
        part.unlink(missing_ok=True)  # it would only be refused again
        raise
    part.unlink(missing_ok=True)
    return kept


def take_weights(path: Path, folder: Path, report: Report, cancelled: Cancelled, published: Published = VGG19) -> Path:
    """Checks a copy of the published file that is on the disk, and keeps its convolution part; gives where.

    Raises:
        PictureError: where it is another file or a damaged one, or its part cannot be kept.
        CancelledError: soon after `cancelled()`.
    """
    try:
        size = path.stat().st_size
        if size != published.size:
            raise _not_the_file(path, published, f"it has {_megabytes(size)}, not {_megabytes(published.size)}")
        if _sha256(path, size, _share(report, 0.0, 0.6, "Checking"), cancelled) != published.sha256:
            raise _not_the_file(path, published, "its contents are different")
    except OSError as error:
        raise PictureError.from_os_error(f"“{path.name}” cannot be read", error) from error
    report(0.6, "Keeping what is needed")
    return _keep(path, kept_file(folder), published)


def load_features(path: Path, device: str) -> Features:
    """The network from the kept file, on a device of torch's.

    Raises:
        PictureError: where the file is missing or damaged.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from artwork.vgg import Features

    try:
        weights = load_file(path)
    except FileNotFoundError:
        raise PictureError("The network is not there any more.", _FETCH_AGAIN) from None
    except (SafetensorError, OSError, ValueError) as error:
        raise PictureError("The network on the disk is damaged.", _FETCH_AGAIN) from error
    found = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    widths = [math.prod(found.get(f"{key}.bias", ())) for key in FIRST_OF_BLOCKS]
    if found != shapes(widths) or not all(bool(torch.isfinite(tensor).all()) for tensor in weights.values()):
        raise PictureError("The network on the disk is damaged.", _FETCH_AGAIN)
    return Features(weights, widths).to(device)


def _keep(path: Path, kept: Path, published: Published) -> Path:
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    try:
        everything = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a file that is not torch's makes the reader raise nearly anything
        raise _not_the_file(path, published, "it does not hold a network") from error
    if not isinstance(everything, dict):
        raise _not_the_file(path, published, "it does not hold a network")
    weights = {}
    for name, shape in shapes(published.widths).items():
        tensor = everything.get(name)
        if not isinstance(tensor, torch.Tensor) or tuple(tensor.shape) != shape:
            raise _not_the_file(path, published, f"“{name}” in it is not as it should be")
        weights[name] = tensor.detach().float().contiguous().clone()
    try:
        make_folders(kept.parent)
        clear_parts(kept.parent)
        with replacing(kept) as fresh:
            save_file(weights, fresh)
    except (SafetensorError, OSError) as error:
        fault = fault_in(error)
        if fault is None:
            raise
        raise PictureError.from_os_error("The network cannot be kept", fault) from error
    return kept


def _sha256(path: Path, size: int, report: Report, cancelled: Cancelled) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            stop_if(cancelled)
            digest.update(chunk)
            report(min(1.0, file.tell() / max(size, 1)), "the file")
    return digest.hexdigest()


def _make_room(folder: Path, published: Published, part: Path) -> None:
    try:
        make_folders(folder)
        free = shutil.disk_usage(folder).free + (part.stat().st_size if part.exists() else 0)
    except OSError as error:
        raise PictureError.from_os_error(f"“{folder}” cannot be written", error) from error
    needed = round(1.2 * published.size)
    if free < needed:
        raise PictureError(f"There is no room: {_megabytes(needed)} are needed in “{folder}”.", "Free some space.")


def _not_the_file(path: Path, published: Published, why: str) -> _WrongFileError:
    name = path.name.removesuffix(".part")
    return _WrongFileError(
        f"“{name}” is not the published network, or is damaged: {why}.", f"It must be {published.name} as published."
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _share(report: Report, start: float, end: float, words: str) -> Report:
    return lambda done, text: report(start + (end - start) * done, f"{words} {text}".strip())
