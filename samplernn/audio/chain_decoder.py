"""Decoding files that were joined one to the other: radio recordings in Ogg, albums put together with `cat`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, cast

from samplernn.audio.containers import Part
from samplernn.audio.decoders import Block, Decoder, Open, UndecodableError, at_one_rate, errors_as_undecodable
from samplernn.audio.ffmpeg_decoder import FfmpegDecoder
from samplernn.audio.sndfile_decoder import SndfileDecoder

_MOST_COUNTED = 100
"""Links of a file that are looked into to know its length."""


class ChainDecoder:
    """Reads a file of several links, each of them a file of its own, as one; what cannot be read is left out."""

    def __init__(self, open_file: Open, links: list[tuple[int, int]]) -> None:
        self._open_file = open_file
        self._links = list(links)
        self.damaged = False
        self._now = self._next()
        # what a link tells is not checked against what can be read of it
        self.header = replace(self._now.header, frames=self._frames(links), is_exact=False)

    def _next(self) -> Decoder:
        while self._links:
            if (opened := self._opened(*self._links.pop(0))) is not None:
                return opened
            self.damaged = True
        raise UndecodableError("none of its links can be read")

    def _opened(self, start: int, end: int) -> Decoder | None:
        """One link; None where it cannot be read."""

        def part() -> IO[bytes]:
            return cast(IO[bytes], Part(self._open_file(), start, end))

        for kind in (SndfileDecoder, FfmpegDecoder):
            with contextlib.suppress(UndecodableError), errors_as_undecodable():
                return kind(part)
        return None

    def _frames(self, links: list[tuple[int, int]]) -> int | None:
        """Those of all links that can be read, at the rate of the first; None where there are too many to ask."""
        if len(links) > _MOST_COUNTED:
            return None
        seconds = 0.0
        for link in links:
            if (opened := self._opened(*link)) is not None:
                seconds += (opened.header.frames or 0) / opened.header.rate
                opened.close()
        return round(seconds * self._now.header.rate)

    def blocks(self) -> Iterator[Block]:
        """See `Decoder`; links of other rates are resampled to that of the first."""
        return at_one_rate(self._runs(), self.header.rate)

    def _runs(self) -> Iterator[tuple[Block, int]]:
        while True:
            try:
                with errors_as_undecodable():
                    for block in self._now.blocks():
                        yield block, self._now.header.rate
            except UndecodableError:
                self.damaged = True
            self.damaged |= self._now.damaged
            if not self._links:
                return
            self._now.close()
            try:
                self._now = self._next()
            except UndecodableError:
                return

    def seek(self, frame: int) -> bool:
        """See `Decoder`."""
        return False

    def close(self) -> None:
        """See `Decoder`."""
        self._now.close()
