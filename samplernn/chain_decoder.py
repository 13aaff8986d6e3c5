"""Decoding Ogg files that were chained one to the other: radio recordings, albums put together with `cat`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import IO, cast

from samplernn.containers import Part
from samplernn.decoders import Block, Decoder, Open, UndecodableError, at_one_rate, guarded
from samplernn.ffmpeg_decoder import FfmpegDecoder
from samplernn.sndfile_decoder import SndfileDecoder


class ChainDecoder:
    """Reads an Ogg file of several links, each of them a file of its own, as one; what cannot be read is left out."""

    def __init__(self, open_file: Open, links: list[tuple[int, int]]) -> None:
        self._open_file = open_file
        self._links = links
        self._now = self._next()
        self.damaged = False
        self.header = self._now.header

    def _next(self) -> Decoder:
        while self._links:
            start, end = self._links.pop(0)

            def part(start: int = start, end: int = end) -> IO[bytes]:
                return cast(IO[bytes], Part(self._open_file(), start, end))

            for kind in (SndfileDecoder, FfmpegDecoder):
                with contextlib.suppress(UndecodableError), guarded():
                    return kind(part)
            self.damaged = True
        raise UndecodableError("none of its links can be read")

    def blocks(self) -> Iterator[Block]:
        """See `Decoder`; links of other rates are resampled to that of the first."""
        return at_one_rate(self._runs(), self.header.rate)

    def _runs(self) -> Iterator[tuple[Block, int]]:
        while True:
            try:
                with guarded():
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

    def close(self) -> None:
        self._now.close()
