"""Whether a title is one that exists, or one edit away from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Nearness:
    """Knows a list of titles; case and spacing do not count.

    Two texts at most one edit apart (a letter more, less, changed, or two neighbours swapped) share a text that is
    either with at most one letter taken out (the deletion neighbourhood: Bocek, Hunt and Stiller 2007). So one look
    into a set per letter decides. It also catches a few that are two edits apart.
    """

    def __init__(self, titles: Iterable[str]) -> None:
        self._known = {near for title in titles for near in _neighbours(_plain(title))}

    def __contains__(self, title: str) -> bool:
        return not self._known.isdisjoint(_neighbours(_plain(title)))


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())


def _neighbours(text: str) -> Iterator[str]:
    yield text
    for at in range(len(text)):
        yield text[:at] + text[at + 1 :]
