"""The engine for NVIDIA GPUs: all the work of a frame is one CUDA graph, recorded once and replayed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from samplernn.config import GUIDE_HOP
from samplernn.cuda.graph import recorded
from samplernn.engines.cuda.few_frame_steps import frame_steps
from samplernn.engines.cuda.frame_steps import FrameSteps
from samplernn.engines.cuda.sample_steps import Board, SampleSteps, sample_steps
from samplernn.engines.folded import Folded
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.network.conditioning import Conditioning, GuideFrames
from samplernn.network.prior import residual_features

_SPAN = 512
"""Samples per graph, rounded up to whole frames of the slowest tier."""


class CudaEngine:
    """An `Engine` whose weights and activations are of `dtype`, bfloat16 or float32; all else is float32.

    On a GPU a frame is a CUDA graph with the sampling inside, in which the sample tier is one kernel; no memory is
    allocated once the first samples have been made. On a CPU the same work is done step by step.
    """

    def __init__(self, folded: Folded, state: RecurrentState, dtype: torch.dtype = torch.float32) -> None:
        config, device = folded.config, folded.device
        self._folded, self._config, self._device = folded, config, device
        self._span = -(-_SPAN // config.top) * config.top
        clips = state.clips
        with torch.inference_mode():
            self._tiers = _tiers(folded, dtype, clips)
            lowest = folded.tiers[-1]
            self._steps: SampleSteps = sample_steps(folded, dtype, clips, lowest.ratio)
            new = folded.third.bias.new_zeros
            self._board = Board(
                codes=new(clips, config.context_length + self._span, dtype=torch.int32),
                conditioning=self._tiers[-1].conditioning,
                frame=self._tiers[0].frame[:, : config.top],
                chances=new(clips, self._span),
                temperature=new(clips, self._span) + 1.0,
                top_k=new(clips, dtype=torch.int32),
                top_p=new(clips) + 1.0,
                residuals=new(clips, 2 * config.surprises),
                odds=new(0),
                guide=self._no_guide(clips),
            )
            self._with_odds: Board | None = None
            self._newest = new(clips, self._span, dtype=torch.int32)
            self._recorded: dict[tuple[int, bool], torch.cuda.CUDAGraph | None] = {}
            self._stream = torch.cuda.Stream(device) if device.type == "cuda" else None  # type: ignore[no-untyped-call]
            if self._stream is not None:
                self._made = torch.zeros(clips, self._span, dtype=torch.int32, pin_memory=True)
                self._asked = torch.ones(2, clips, self._span, pin_memory=True)
                self._done = torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]
                self._stream.wait_stream(torch.cuda.current_stream(device))
                with torch.cuda.stream(self._stream):
                    self._run(1, self._board)  # so that the libraries have all they need before anything is recorded
                self._stream.synchronize()
            self.load_state(state)

    def state(self) -> RecurrentState:
        """See `Engine.state`."""
        tiers = tuple((_here(hidden), _here(cell)) for hidden, cell in (tier.state() for tier in self._tiers))
        config, board = self._config, self._board
        residuals = None
        if config.guide_predictor:
            residuals = _here(board.residuals).reshape(-1, config.surprises, 2)
        return RecurrentState(tiers, _here(board.codes[:, : config.context_length].long()), residuals)

    @torch.inference_mode()
    def make(self, request: SamplingRequest, odds: NDArray[np.float32] | None = None) -> NDArray[np.int64]:
        """See `Engine.make`."""
        clips, count = request.chances.shape
        made = np.empty((clips, count), dtype=np.int64)
        board = self._board
        with torch.cuda.stream(self._stream):  # does nothing without one
            board.top_k.copy_(torch.from_numpy(np.array(request.top_k)))
            board.top_p.copy_(torch.from_numpy(np.array(request.top_p)))
        if odds is not None:
            board = self._with_odds = self._with_odds or replace(
                board, odds=board.chances.new_zeros(clips, self._span, self._config.levels)
            )
        begin = 0
        while begin < count:
            step = self._span if count - begin >= self._span else self._config.top
            part = slice(begin, begin + step)
            self._put_guide(request.guide, begin, step)
            made[:, part] = self._make(request.chances[:, part], request.temperature[:, part], board)
            if odds is not None:
                odds[:, part] = board.odds[:, :step].cpu().numpy()
            begin += step
        return made

    def _no_guide(self, clips: int) -> Conditioning | None:
        """Room for the guide of a span, where the network takes any."""
        order = self._config.guide_predictor
        if not order:
            return None
        return GuideFrames.none(clips, -(-self._span // GUIDE_HOP), order).tensors(self._device)

    def _put_guide(self, guide: GuideFrames | None, begin: int, count: int) -> None:
        """Puts what a request says of the samples from `begin` on, no more than a span, where the steps read it."""
        if self._board.guide is None:
            return
        first, last = begin // GUIDE_HOP, -(-(begin + count) // GUIDE_HOP)
        with torch.cuda.stream(self._stream):
            if guide is None:
                for there in self._board.guide:
                    there.zero_()
                return
            if guide.length < last:
                raise ValueError("a frame of the guide for every part of the request")
            for there, values in zip(self._board.guide, guide.part(first, last), strict=True):
                there[:, : last - first].copy_(torch.from_numpy(np.array(values)))

    def _make(self, chances: NDArray[np.float32], temperature: NDArray[np.float32], board: Board) -> NDArray[np.int32]:
        """The next span or frame, [clips, samples]."""
        count = chances.shape[1]
        frames = count // self._config.top
        if self._stream is None:
            board.chances[:, :count] = torch.from_numpy(np.array(chances))
            board.temperature[:, :count] = torch.from_numpy(np.array(temperature))
            self._run(frames, board)
            return self._newest.numpy()[:, :count]
        asked = self._asked.numpy()
        asked[0, :, :count], asked[1, :, :count] = chances, temperature
        with torch.cuda.device(self._device), torch.cuda.stream(self._stream):
            board.chances.copy_(self._asked[0], non_blocking=True)
            board.temperature.copy_(self._asked[1], non_blocking=True)
            if (graph := self._record(frames, board)) is None:
                self._run(frames, board)
            else:
                graph.replay()
            self._made.copy_(self._newest, non_blocking=True)
            self._done.record()
        self._done.synchronize()
        return self._made.numpy()[:, :count]

    def _record(self, frames: int, board: Board) -> torch.cuda.CUDAGraph | None:
        key = frames, len(board.odds) > 0
        if key not in self._recorded:
            self._recorded[key] = recorded(lambda: self._run(frames, board), self._stream)
        return self._recorded[key]

    def _run(self, frames: int, board: Board) -> None:
        """Generates so many frames of the slowest tier, from the beginning of the span."""
        context_length, top = self._config.context_length, self._config.top
        for frame in range(frames):
            self._tier(0, None, board, frame * top)
        count = frames * top
        self._newest[:, :count] = board.codes[:, context_length : context_length + count]
        board.codes[:, :context_length] = board.codes[:, count : count + context_length].clone()

    def _tier(self, which: int, above: Tensor | None, board: Board, at: int) -> None:
        """Runs one frame of a tier, and all frames and samples of the tiers below it."""
        tier = self._tiers[which]
        if not which and board.guide is not None:
            tier.frame[:, self._config.top :].copy_(board.guide.features[:, at // GUIDE_HOP])
        tier.step(above)
        if which == len(self._tiers) - 1:
            self._steps.make(board, at)
            return
        for k in range(tier.conditioning.shape[1]):
            self._tier(which + 1, tier.conditioning[:, k], board, at + k * self._folded.tiers[which + 1].size)

    @torch.inference_mode()
    def load_state(self, state: RecurrentState) -> None:
        """See `Engine.load_state`."""
        config, board = self._config, self._board
        past = self._there(state.past)
        board.codes[:, : config.context_length] = past
        board.frame.copy_((past[:, -config.top :] * (2.0 / config.levels) - 1.0) * 2.0)
        for tier, (hidden, cell) in zip(self._tiers, state.tiers, strict=True):
            tier.load_state(self._there(hidden), self._there(cell))
        prediction = self._folded.prediction
        if state.residuals is not None:
            board.residuals.copy_(self._there(state.residuals).flatten(1))
        elif prediction is not None:
            values = prediction.values[past[:, -config.surprises - config.predictor :].long()]
            predicted = values[:, :-1].unfold(1, config.predictor, 1) @ prediction.lpc
            residuals = residual_features(values[:, config.predictor :], predicted, prediction.scale)
            board.residuals.copy_(residuals.flatten(1))
        if self._stream is not None:
            torch.cuda.current_stream(self._device).synchronize()

    def _there(self, values: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.array(values)).to(self._device)


def _tiers(folded: Folded, dtype: torch.dtype, clips: int) -> list[FrameSteps]:
    tiers: list[FrameSteps] = []
    for tier in folded.tiers:
        top = folded.config.top
        frame = tiers[0].frame[:, top - tier.size : top] if tiers else None
        tiers.append(frame_steps(tier, folded.config.cell, dtype, clips, frame))
    return tiers


def _here(values: Tensor) -> NDArray[Any]:
    return values.cpu().numpy().copy()
