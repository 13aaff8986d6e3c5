"""SampleRNN as it is usually written, to measure ours beside it.

Two tiers with the layers of Mehri et al. (2017) and weight norm that is worked out anew at every call; sound is made
one `multinomial` draw after another. Sizes are those of the model that it is compared with.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, log_softmax, relu
from torch.nn.utils.parametrizations import weight_norm

from samplernn.config import ModelConfig


class TextbookSampleRNN(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width, frame = config.width, config.top
        self.frame, self.levels, self.width = frame, config.levels, width
        self.rnn = nn.LSTM(frame, width, config.layers, batch_first=True)
        self.upsample = weight_norm(nn.ConvTranspose1d(width, width, frame, stride=frame))
        self.embedding = nn.Embedding(config.levels, config.levels)
        self.first = weight_norm(nn.Conv1d(config.levels, width, frame, bias=False))
        self.second = weight_norm(nn.Conv1d(width, width, 1))
        self.third = weight_norm(nn.Conv1d(width, config.levels, 1))
        self.optimiser = torch.optim.Adam(self.parameters(), lr=1e-3)

    def learn(self, codes: Tensor) -> Tensor:
        """One optimiser step on int64 [batch, frame + time]; returns the loss."""
        frames = self._scaled(codes[:, : -self.frame]).unflatten(1, (-1, self.frame))
        heard, _ = self.rnn(frames)
        above = self.upsample(heard.transpose(1, 2))
        loss = cross_entropy(self._logits(codes[:, :-1], above), codes[:, self.frame :])
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters(), 1.0)
        self.optimiser.step()
        return loss

    @torch.no_grad()
    def make(self, clips: int, samples: int) -> Tensor:
        """New codes [clips, samples]."""
        codes = torch.full((clips, self.frame + samples), self.levels // 2)
        state = None
        for now in range(self.frame, self.frame + samples):
            place = (now - self.frame) % self.frame
            if place == 0:
                heard, state = self.rnn(self._scaled(codes[:, now - self.frame : now])[:, None], state)
                above = self.upsample(heard.transpose(1, 2))
            logits = self._logits(codes[:, now - self.frame : now], above[:, :, place : place + 1])
            odds = log_softmax(logits[:, :, 0], dim=1).exp()
            codes[:, now] = odds.multinomial(1)[:, 0]
        return codes[:, self.frame :]

    def _scaled(self, codes: Tensor) -> Tensor:
        return (codes.float() * (2.0 / self.levels) - 1.0) * 2.0

    def _logits(self, recent: Tensor, above: Tensor) -> Tensor:
        """[batch, levels, time] for codes [batch, frame - 1 + time] and conditioning [batch, width, time]."""
        first = self.first(self.embedding(recent).transpose(1, 2)) + above
        logits: Tensor = self.third(relu(self.second(relu(first))))
        return logits
