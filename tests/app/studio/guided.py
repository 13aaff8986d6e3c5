"""Checkpoints of networks that take guides and have learnt nothing."""

from __future__ import annotations

from pathlib import Path

from samplernn.checkpoint import CheckpointMetadata, save_checkpoint
from samplernn.checkpoint_paths import checkpoint_path
from samplernn.config import ModelConfig

GUIDED = ModelConfig(
    frame_sizes=(16,), width=16, sample_width=16, lookback=0, predictor=64, surprises=4, weight_norm=False,
    guide_predictor=48,
)  # fmt: skip


def add_guided_checkpoint(run: Path, epoch: int, rate: int) -> None:
    """Puts one into the folder of a run."""
    import torch

    from samplernn.network.model import SampleRNN

    metadata = CheckpointMetadata(
        run=run.name, preset="guided-sketch", model=GUIDED, rate=rate, epoch=epoch, step=50, train_bits=5.0,
        held_out_bits=5.1, seconds=1.0,
    )  # fmt: skip
    torch.manual_seed(epoch)
    path = checkpoint_path(run, epoch)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_checkpoint(path, SampleRNN(GUIDED).state_dict(), metadata)
