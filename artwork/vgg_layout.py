"""What the 19-layer network of Simonyan and Zisserman (2014) looks like, by the names in the published file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BLOCKS = (2, 2, 4, 4, 4)
"""Convolutions between one halving of the picture and the next."""
WIDTHS = (64, 128, 256, 512, 512)
"""Channels of the convolutions in each block."""


@dataclass(frozen=True)
class Convolution:
    """One 3 x 3 convolution: `name` is the paper's (conv1_1), `key` that of its tensors without .weight or .bias."""

    name: str
    key: str
    inputs: int
    outputs: int
    block: int

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of its tensors in the published file, by their names."""
        return {f"{self.key}.weight": (self.outputs, self.inputs, 3, 3), f"{self.key}.bias": (self.outputs,)}


def convolutions(widths: Sequence[int] = WIDTHS) -> Iterator[Convolution]:
    """All sixteen, in order. In the file each is followed by a ReLU, each block by a pooling, which count too."""
    place, inputs = 0, 3
    for block, (count, outputs) in enumerate(zip(BLOCKS, widths, strict=True)):
        for number in range(count):
            yield Convolution(f"conv{block + 1}_{number + 1}", f"features.{place}", inputs, outputs, block)
            place, inputs = place + 2, outputs
        place += 1


def shapes(widths: Sequence[int] = WIDTHS) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor of the convolution part."""
    return {name: shape for conv in convolutions(widths) for name, shape in conv.shapes().items()}


FIRST_OF_BLOCKS = tuple(conv.key for conv in convolutions() if conv.name.endswith("_1"))
"""Keys; the widths of a network can be read from these."""
