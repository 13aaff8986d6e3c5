"""The network of the paper on this computer: whether it is here, and getting it. It only comes on the person's word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from artwork.weights import VGG19, Published, fetch_weights, kept_file, load_features, take_weights
from resources.progress import Cancelled, Report

if TYPE_CHECKING:
    from artwork.vgg import Features


def data_folder() -> Path:
    """Where this system wants programs to keep their data."""
    return platformdirs.user_data_path("deepcuts", appauthor=False)


def is_network_here() -> bool:
    """Whether the network of the paper has been fetched onto this computer."""
    return kept_file(data_folder()).is_file()


def fetch_network(report: Report, cancelled: Cancelled, published: Published = VGG19) -> None:
    """Downloads the network; see `artwork.weights.fetch_weights`."""
    fetch_weights(data_folder(), report, cancelled, published)


def take_network(path: Path, report: Report, cancelled: Cancelled, published: Published = VGG19) -> None:
    """Takes the network from a file on the disk; see `artwork.weights.take_weights`."""
    take_weights(path, data_folder(), report, cancelled, published)


def load_network() -> Features:
    """The network on the best device of this computer.

    Raises:
        PictureError: where it is not here, or damaged.
    """
    from samplernn.device import pick_device

    return load_features(kept_file(data_folder()), str(pick_device("auto")))


__all__ = ["VGG19", "Published", "data_folder", "fetch_network", "is_network_here", "load_network", "take_network"]
