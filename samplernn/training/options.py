"""Options of a training besides its preset."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions:
    """How long to train, on what, and whether to resume.

    With neither `epochs` nor `seconds` a training takes the epochs of its preset.
    """

    epochs: int | None = None
    """In all, those before a resume included."""
    seconds: float | None = None
    """With everything included, evaluation and saving too; on top of those before a resume."""
    device: str = "auto"
    """"cpu", "cuda", "cuda:1", "mps", or "auto" for the best there is."""
    seed: int = 0
    """Of a new run; one that is resumed has its own."""
    resume: bool = False
    """Go on with the run in the folder."""
