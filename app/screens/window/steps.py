"""The six steps in their order."""

from __future__ import annotations

from app.screens.album.screen import AlbumScreen
from app.screens.arrange.screen import ArrangeScreen
from app.screens.artwork.screen import ArtworkScreen
from app.screens.export.screen import ExportScreen
from app.screens.screen import Screen
from app.screens.titles.screen import TitlesScreen
from app.screens.train.screen import TrainScreen

STEPS: tuple[tuple[str, str, type[Screen]], ...] = (
    ("album", "Album", AlbumScreen),
    ("train", "Train", TrainScreen),
    ("arrange", "Arrange", ArrangeScreen),
    ("artwork", "Artwork", ArtworkScreen),
    ("titles", "Titles", TitlesScreen),
    ("export", "Export", ExportScreen),
)
"""What `Screen.go` calls each, what the rail calls it, and its screen."""
