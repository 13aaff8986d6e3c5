"""What a checkpoint is heard along to where nobody has chosen a guide."""

from __future__ import annotations

from pathlib import Path

from app.document.guide_choice import ALBUM_GUIDE, NO_GUIDE, GuideChoice
from app.studio.checkpoints import checkpoint_of


def usual_guide(folder: Path, run: str, epoch: int) -> GuideChoice:
    """The album, cut anew, for a network that takes guides, as its clips will be; any other network is heard alone, as
    all that it has learnt is heard so.

    Raises:
        UserError: the checkpoint is gone.
        SoundError: it cannot be read.
    """
    from samplernn.checkpoint import read_metadata

    takes_guides = read_metadata(checkpoint_of(folder, run, epoch)).model.guide_predictor > 0
    return ALBUM_GUIDE if takes_guides else NO_GUIDE
