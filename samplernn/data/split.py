"""The split of a dataset into training, validation and test part, and how each is cut into chunks.

The split comes first: every track gives its first 88 % to training, the next 6 % to validation and the last 6 % to the
test, so that no chunk of one part ever holds a sample of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from samplernn.audio.signal_statistics import Span

Part: TypeAlias = Literal["train", "valid", "test"]
PARTS: tuple[Part, ...] = ("train", "valid", "test")
TRAIN, VALID = 0.88, 0.06
"""Share of each track that is for training, and for validation; the rest is the test part."""
CHUNK_SECONDS = 8.0
"""Length of the chunks that a dataset is counted in, as in the paper of 2018."""


def regions(tracks: Iterable[Span]) -> dict[Part, tuple[Span, ...]]:
    """The spans of each part, one per track, empty ones left out.

    Args:
        tracks: where each track lies in the dataset.
    """
    found: dict[Part, list[Span]] = {part: [] for part in PARTS}
    for track in tracks:
        to_valid = track.start + int(track.length * TRAIN)
        to_test = track.start + int(track.length * (TRAIN + VALID))
        edges = (track.start, to_valid, to_test, track.stop)
        for part, start, stop in zip(PARTS, edges, edges[1:], strict=False):
            if stop > start:
                found[part].append(Span(start, stop))
    return {part: tuple(spans) for part, spans in found.items()}


def chunks(spans: Iterable[Span], length: int) -> tuple[Span, ...]:
    """Cuts spans into chunks of `length` samples, one after another.

    The last chunk of a span is moved back to end with it, so that nothing is lost; a span shorter than a chunk is a
    chunk as it is.
    """
    found = []
    for span in spans:
        last = span.stop - length
        found += [Span(start, start + length) for start in range(span.start, last, length)]
        found.append(Span(max(span.start, last), span.stop))
    return tuple(found)


def overlapping_chunks(spans: Sequence[Span], length: int, count: int) -> tuple[Span, ...]:
    """`count` chunks of `length` samples whose starts lie evenly over all spans, none reaching out of its span.

    Carr and Zukowski cut 3 200 chunks of 8 s, about 90 % overlapping, out of the joined album; here the starts stay
    inside the spans. Spans shorter than a chunk are left out.
    """
    fitting = [span for span in spans if span.length >= length]
    starts = [span.length - length + 1 for span in fitting]
    total = sum(starts)
    found: list[Span] = []
    if not fitting:
        return ()
    index, before = 0, 0
    for place in (number * total // count for number in range(count)):
        while place >= before + starts[index]:
            before += starts[index]
            index += 1
        start = fitting[index].start + place - before
        found.append(Span(start, start + length))
    return tuple(found)
