"""Steps of the sample tier: by a CUDA kernel, or in plain PyTorch with the same results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import embedding_bag

from samplernn.config import GUIDE_HOP
from samplernn.cuda.compiler import Kernel, kernels
from samplernn.engines.cuda.packing import by_outputs, packed
from samplernn.engines.folded import Affine, Folded, FoldedPrediction
from samplernn.engines.torch_engine import most_likely
from samplernn.network.conditioning import Conditioning
from samplernn.network.prior import PriorInputs, residual_features

_SOURCES = (
    "tensor.cu",
    "learned_prior.cu",
    "sample_layout.cu",
    "cluster.cu",
    "sample_products.cu",
    "drawing.cu",
    "sample_clip.cu",
    "sample_tier.cu",
)
_THREADS = 512
_CLIPS = 16
"""Clips that a cluster of thread blocks generates in parallel where there are many."""
_MOST_CLIPS = 24
"""The same, where all clips then run at once and the registers hold the weights."""
_HELD = 65_536
"""Weights of one product that the registers of a block hold."""
_STORED = 96 * 1024
"""Bytes of weights that are kept in a block's shared memory."""
_FAR = 4
"""Clips of a cluster from which its blocks exchange the first layer through global memory."""
_NEAR = 40 * 1024
"""Bytes of the lookup table of the newest code up to which it is kept in shared memory."""


@dataclass(frozen=True, slots=True)
class Board:
    """The tensors that the steps read and write, all on the device. A CUDA graph holds on to them: none is replaced."""

    codes: Tensor
    """[clips, context_length + span], int32: what came before, then what is made."""
    conditioning: Tensor
    """[clips, ratio, units] by the tier above, through the second layer."""
    frame: Tensor
    """[clips, top]: the last samples, scaled to -2..2."""
    chances: Tensor
    """[clips, span], float32; so is the temperature."""
    temperature: Tensor
    top_k: Tensor
    """[clips], int32"""
    top_p: Tensor
    """[clips], float32"""
    residuals: Tensor
    """[clips, 2 * residuals], float32, oldest first."""
    odds: Tensor
    """[clips, span, levels], float32, or empty where no one asks for them."""
    guide: Conditioning | None = None
    """Of a network with guides: a frame for every `GUIDE_HOP` samples of the span."""


class SampleSteps(Protocol):
    """Makes the samples of one frame of the quickest tier."""

    def make(self, board: Board, at: int) -> None:
        """The first sample is the one at place `at` of the span; `board.frame` is new afterwards."""
        ...


def sample_steps(folded: Folded, dtype: torch.dtype, clips: int, ratio: int) -> SampleSteps:
    """The fastest implementation on the device of the model."""
    if folded.config.guide_predictor:  # the kernel knows of one filter alone
        return GuidedSteps(folded, dtype, ratio)
    return _kernel_steps(folded, dtype, clips, ratio) or PlainSteps(folded, dtype, ratio)


class PlainSteps:
    """See `SampleSteps`. In plain PyTorch, for every device."""

    def __init__(self, folded: Folded, dtype: torch.dtype, ratio: int) -> None:
        self._folded, self._dtype, self._ratio = folded, dtype, ratio
        self._tables, self._hear = (part.to(dtype).float() for part in _read(folded))
        self._third, self._output = _in(folded.third, dtype), _in(folded.output, dtype)
        self._places = torch.arange(folded.config.lookback, device=folded.device) * folded.config.levels

    def make(self, board: Board, at: int) -> None:
        """See `SampleSteps.make`."""
        config, prediction = self._folded.config, self._folded.prediction
        context_length, look = config.context_length, config.lookback
        for step in range(self._ratio):
            place, now = at + step, context_length + at + step
            first = board.conditioning[:, step].float()
            if look:
                recent = board.codes[:, now - look : now] + self._places
                first = first + embedding_bag(recent, self._tables, mode="sum")
            foretold: tuple[Tensor, Tensor | float] | None = None
            if prediction is not None:
                first = torch.addmm(first, board.residuals, self._hear)
                foretold = self._foretold(board, prediction, place)
            hidden = torch.addmm(self._third.bias, first.relu_().to(self._dtype), self._third.weights).relu_()
            logits = torch.addmm(self._output.bias, hidden, self._output.weights).float()
            if prediction is not None and foretold is not None:
                predicted, scale = foretold
                inputs = PriorInputs(prediction.values, scale, predicted)
                logits = inputs.prior(logits[:, -2], logits[:, -1]).add_to(logits[:, :-2])
            chance = (logits / board.temperature[:, place, None]).softmax(1)
            if len(board.odds):
                board.odds[:, place] = chance
            running = most_likely(chance, board.top_k, board.top_p).cumsum(1)
            goal = board.chances[:, place, None] * running[:, -1:]
            drawn = (running <= goal).sum(1).clamp_max(config.levels - 1)
            board.codes[:, now] = drawn
            if prediction is not None and foretold is not None:
                new = residual_features(prediction.values[drawn], *foretold)
                board.residuals.copy_(torch.cat([board.residuals[:, 2:], new], dim=1))
        end = context_length + at + self._ratio
        board.frame.copy_((board.codes[:, end - config.top : end] * (2.0 / config.levels) - 1.0) * 2.0)

    def _foretold(self, board: Board, prediction: FoldedPrediction, place: int) -> tuple[Tensor, Tensor | float]:
        """The amplitude foretold for the sample at `place` of the span, [clips], and the scale of what it is off."""
        config, now = self._folded.config, self._folded.config.context_length + place
        values = prediction.values[board.codes[:, now - config.predictor : now].long()]
        return values @ prediction.lpc, prediction.scale


class GuidedSteps(PlainSteps):
    """For networks with guides: a filter of its own for every frame of the guide, the album's where there is none."""

    def _foretold(self, board: Board, prediction: FoldedPrediction, place: int) -> tuple[Tensor, Tensor | float]:
        album, usual = super()._foretold(board, prediction, place)
        if board.guide is None:
            return album, usual
        frame, now = place // GUIDE_HOP, self._folded.config.context_length + place
        filters, scales = board.guide.filters[:, frame], board.guide.scales[:, frame]
        values = prediction.values[board.codes[:, now - filters.shape[1] : now].long()]
        there = scales > 0
        return torch.where(there, (values * filters).sum(1), album), torch.where(there, scales, usual)


def _read(folded: Folded) -> tuple[Tensor, Tensor]:
    """The lookup tables [lookback * levels, units] and the weights of the residuals; empty where there are none."""
    empty = folded.third.weights.new_zeros(0, len(folded.third.bias))
    tables, prediction = folded.tables, folded.prediction
    return empty if tables is None else tables.flatten(0, 1), empty if prediction is None else prediction.hear


def _in(layer: Affine, dtype: torch.dtype) -> Affine:
    return Affine(layer.weights.to(dtype), layer.bias.to(dtype))


def _clusters(found: Mapping[str, Kernel], cluster: int, device: torch.device) -> int:
    """How many clusters run at a time."""
    shared = _shared_bytes(found, device)
    found["make_samples"].allow(shared=shared, large_clusters=cluster > 8)
    return found["make_samples"].clusters(cluster, _THREADS, shared)


def _shared_bytes(found: Mapping[str, Kernel], device: torch.device) -> int:
    size = torch.zeros(1, dtype=torch.int64, device=device)
    found["shared_bytes"]((1, 1, 1), 1, size)
    return int(size)


class _KernelSteps:
    def __init__(
        self, found: Mapping[str, Kernel], folded: Folded, dtype: torch.dtype, blocks: int, cluster: int, ratio: int
    ) -> None:
        prediction, device = folded.prediction, folded.device
        self._make, self._blocks, self._ratio = found["make_samples"], blocks, ratio
        self._shared = _shared_bytes(found, device)
        self._handed = torch.empty(
            blocks // cluster * _MOST_CLIPS * folded.config.sample_units, dtype=dtype, device=device
        )
        self._make.allow(shared=self._shared, large_clusters=cluster > 8)
        self._context_length = folded.config.context_length
        self._tables, self._hear = (part.to(dtype) for part in _read(folded))
        third, output = (
            packed(layer.weights) if dtype is torch.bfloat16 else by_outputs(layer.weights)
            for layer in (folded.third, folded.output)
        )
        self._third, self._third_bias = third, folded.third.bias
        self._output, self._output_bias = output, folded.output.bias
        self._lpc = None if prediction is None else prediction.lpc
        self._values = None if prediction is None else prediction.values
        self._scale = 1.0 if prediction is None else prediction.scale

    def make(self, board: Board, at: int) -> None:
        self._make(
            (self._blocks, 1, 1), _THREADS,
            (
                board.codes, board.codes.stride(0), self._context_length + at, board.conditioning, self._tables,
                self._third, self._third_bias, self._output, self._output_bias,
                board.chances, board.temperature, board.chances.stride(0), at, board.top_k, board.top_p,
                board.odds if len(board.odds) else None, board.frame, board.frame.stride(0),
                self._handed, self._lpc, self._values, self._hear, board.residuals, self._scale, len(board.codes),
            ),
            shared=self._shared, early=True,
        )  # fmt: skip


def _kernel_steps(folded: Folded, dtype: torch.dtype, clips: int, ratio: int) -> _KernelSteps | None:
    config, units = folded.config, folded.config.sample_units
    device = folded.device
    if device.type != "cuda" or units % 16 or dtype not in (torch.bfloat16, torch.float32):
        return None
    properties = torch.cuda.get_device_properties(device)
    if dtype is torch.bfloat16 and properties.major < 8:
        return None
    outputs = len(folded.output.bias)
    tensor, cluster = dtype is torch.bfloat16, 1
    while properties.major >= 9 and cluster < 16 and units * units > _HELD * cluster and units % (32 * cluster) == 0:
        cluster *= 2
    tiles, steps = units // 16 // cluster, units // 16
    held = tensor and units * units <= _HELD * cluster
    held = held and tiles & (tiles - 1) == 0 and tiles <= 16 and steps % (16 // tiles) == 0
    near = config.lookback > 0 and config.levels * units // cluster * (2 if tensor else 4) <= _NEAR
    most = _MOST_CLIPS if held else _CLIPS

    direct = cluster > 1 and tensor and units // cluster % 64 == 0

    def compiled(each: int) -> Mapping[str, Kernel]:
        far = cluster > 1 and each > _FAR
        return kernels(
            _SOURCES, ("make_samples", "shared_bytes"), device,
            REAL="bf16" if tensor else "float", UNITS=units, LEVELS=config.levels, OUTPUTS=outputs,
            LOOK=config.lookback, ORDER=config.predictor, RESIDUALS=config.surprises, RATIO=ratio, TOP=config.top,
            CLIPS=each, CLUSTER=cluster, HELD=int(held),
            NEAR=int(near), FAR=int(far), ASYNC=int(direct),
            STORED=int(tensor and -(-outputs // 16) * (steps // cluster) * 512 <= _STORED),
        )  # fmt: skip

    at_once = max(properties.multi_processor_count // cluster, 1)
    each = min(most, -(-clips // at_once))
    found = compiled(each)
    if found and cluster > 1:
        try:
            at_once = min(at_once, max(_clusters(found, cluster, device), 1))
        except RuntimeError:
            return None
        fewer = -(-clips // at_once)
        if fewer > most:
            fewer = min(_CLIPS, clips)
        if fewer != each:
            each, found = fewer, compiled(fewer)
    if not found:
        return None
    try:
        return _KernelSteps(found, folded, dtype, -(-clips // each) * cluster, cluster, ratio)
    except RuntimeError:
        return None
