"""What the 19-layer network sees in a picture (Gatys, Ecker and Bethge 2015, section 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from artwork.vgg_layout import convolutions

_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)
"""Of the pictures that the network learnt from: red, green, blue."""


class Features(nn.Module):
    """The convolutions with their weights held fast, average pooling between the blocks.

    Args:
        weights: tensors by the names of `artwork.vgg_layout.shapes(widths)`.
    """

    def __init__(self, weights: Mapping[str, Tensor], widths: Sequence[int]) -> None:
        super().__init__()
        self._layers = tuple(convolutions(widths))
        for number, layer in enumerate(self._layers):
            self.register_buffer(f"weight{number}", weights[f"{layer.key}.weight"].float())
            self.register_buffer(f"bias{number}", weights[f"{layer.key}.bias"].float())
        self.register_buffer("mean", torch.tensor(_MEAN).view(1, 3, 1, 1))
        self.register_buffer("deviation", torch.tensor(_DEVIATION).view(1, 3, 1, 1))

    def forward(
        self, picture: Tensor, names: Sequence[str], between: Callable[[], None] = lambda: None
    ) -> dict[str, Tensor]:
        """The responses (after the ReLU) of the layers called `names` ("conv4_2").

        Args:
            picture: 1 x 3 x height x width, 0..1; sides of multiples of 16 lose nothing at the edges.
            between: called before every layer, there and back; what it raises stops the work.

        Returns:
            For each name 1 x channels x height/2^b x width/2^b, b being the block less one.
        """
        x = (picture - self.get_buffer("mean")) / self.get_buffer("deviation")
        found: dict[str, Tensor] = {}
        block = 0
        for number, layer in enumerate(self._layers):
            between()
            if layer.block != block:
                x = functional.avg_pool2d(x, 2)
                block = layer.block
            x = functional.conv2d(x, self.get_buffer(f"weight{number}"), self.get_buffer(f"bias{number}"), padding=1)
            x = functional.relu_(x)
            if x.requires_grad:
                x.register_hook(lambda _: between())  # type: ignore[no-untyped-call]
            if layer.name in names:
                found[layer.name] = x
                if len(found) == len(names):
                    break
        return found


def gram(responses: Tensor) -> Tensor:
    """How often the channels respond together: channels x channels, a mean over all places.

    Gatys et al. equation 3, divided by the number of places so that pictures of different sizes can be compared.
    """
    flat = responses.flatten(2)[0]
    return flat @ flat.T / flat.shape[1]
