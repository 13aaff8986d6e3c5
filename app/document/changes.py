"""Which parts of a document are another after a change, so that only what shows them is shown anew."""

from __future__ import annotations

from dataclasses import dataclass

from app.document.model import Project


@dataclass(frozen=True)
class Changes:
    """The parts in which two documents differ; false where they are equal.

    Attributes:
        parts: names of fields of `Project`, such as "songs" or "clips".
    """

    parts: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __or__(self, other: Changes) -> Changes:
        return Changes(self.parts | other.parts)

    def touch(self, *parts: str) -> bool:
        """Whether any of these fields of `Project` differs."""
        return not self.parts.isdisjoint(parts)


NOTHING = Changes()
EVERYTHING = Changes(frozenset(Project.__struct_fields__))


def changes_between(before: Project, after: Project) -> Changes:
    """Compares part by part; a part that both documents share, as most edits leave most of them, costs nothing."""
    return Changes(frozenset(name for name in Project.__struct_fields__ if _differs(before, after, name)))


def _differs(before: Project, after: Project, name: str) -> bool:
    old, new = getattr(before, name), getattr(after, name)
    return old is not new and bool(old != new)
