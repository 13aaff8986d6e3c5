"""The time left is told from how much of all the work of an export is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.document.edits.release import set_formats, set_loudness
from app.document.model import Project
from app.studio.release.effort import Effort
from app.studio.release.export import export_release

Told = list[tuple[float, str]]


def told_of(project: Project, folder: Path, out: Path) -> Told:
    told: Told = []
    export_release(project, folder, out, report=lambda fraction, doing: told.append((fraction, doing)))
    return told


def share(told: Told, words: str) -> float:
    """How much of the bar belongs to what is called so: from its first word to the next thing."""
    first = next(place for place, (_, doing) in enumerate(told) if words in doing)
    after = next(fraction for fraction, doing in told[first:] if words not in doing)
    return after - told[first][0]


def test_parts_count_as_much_as_they_take() -> None:
    told: list[float] = []
    effort = Effort(lambda fraction, doing: told.append(fraction), {"small": 1.0, "large": 3.0})
    small, large = effort.part("small"), effort.part("large")
    small(0.5, "")
    effort.end("small")
    large(0.0, "")
    large(0.5, "")
    assert told == [0.125, 0.25, 0.625]
    effort.end("large", 1.0)
    small(1.0, "")
    assert told[-1] == 1.0


def test_a_format_that_takes_longer_has_more_of_the_bar(small_project: Callable[..., Project], tmp_path: Path) -> None:
    folder = tmp_path / "Small.deepcuts"
    project = set_loudness(small_project(folder, songs=1, seconds=15.0), None)
    told = told_of(set_formats(project, ["flac", "mp3"]), folder, tmp_path / "two")
    alone = told_of(set_formats(project, ["flac"]), folder, tmp_path / "one")
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert share(told, "as MP3") > 2.5 * share(told, "as FLAC")
    assert share(alone, "as FLAC") > 0.12
    for words in ("Measuring", "Writing the cover"):
        assert share(told, words) < share(alone, words)
