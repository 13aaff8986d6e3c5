"""A finish for tests: it is told the same whatever is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.document.store import ProjectFolder
from app.studio.finish.finish import AIR_BANDS, WIDTH_BANDS, Finish, save_finish
from app.studio.finish.spectra import FEATURES


def some_finish(
    *, air_db: float = -40.0, width_db: float = -6.0, has_air: bool = True, has_width: bool = True
) -> Finish:
    """Air and width of one level each."""
    air, width = np.zeros((FEATURES, AIR_BANDS), np.float32), np.zeros((FEATURES, WIDTH_BANDS), np.float32)
    air[-1], width[-1] = air_db, width_db
    return Finish(
        air=air,
        width=width,
        air_limits=np.array([[-90.0] * AIR_BANDS, [0.0] * AIR_BANDS], np.float32),
        width_limits=np.array([[-40.0] * WIDTH_BANDS, [10.0] * WIDTH_BANDS], np.float32),
        copied=np.full(AIR_BANDS, 0.5, np.float32),
        has_air=has_air,
        has_width=has_width,
    )


def give_finish(folder: Path, **told: float) -> None:
    """Puts one into a project folder, as if it had been learnt there."""
    save_finish(some_finish(**told), ProjectFolder(folder).finish, "test")  # type: ignore[arg-type]
