"""The six steps in their order."""

from __future__ import annotations

from app.screens.album import AlbumScreen
from app.screens.arrange import ArrangeScreen
from app.screens.artwork import ArtworkScreen
from app.screens.export import ExportScreen
from app.screens.screen import Screen
from app.screens.titles import TitlesScreen
from app.screens.train import TrainScreen

STEPS: tuple[tuple[str, str, type[Screen]], ...] = (
    ("album", "Album", AlbumScreen),
    ("train", "Train", TrainScreen),
    ("arrange", "Arrange", ArrangeScreen),
    ("artwork", "Artwork", ArtworkScreen),
    ("titles", "Titles", TitlesScreen),
    ("export", "Export", ExportScreen),
)
"""What `Screen.go` calls each, what the rail calls it, and its screen."""
