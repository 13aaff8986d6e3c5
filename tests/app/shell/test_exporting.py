"""An export from the shell is written into the project, unless the project is open elsewhere."""

from __future__ import annotations

from pathlib import Path

from app.document.edits.merging import take_in_made
from app.document.edits.release import name_release, set_formats
from app.document.lock import ProjectLock
from app.document.store import create_project, load_project
from app.shell.exporting import remember


def test_an_export_in_the_shell_is_remembered(tmp_path: Path) -> None:
    folder = tmp_path / "P.deepcuts"
    document = set_formats(name_release(create_project(folder), "Slow Rust", ""), ("mp3",))
    for number in (1, 2, 1):
        remember(document, folder, tmp_path / "out" / f"Slow Rust ({number})")
    saved = load_project(folder)
    assert [one.path(folder).name for one in saved.exported] == ["Slow Rust (1)", "Slow Rust (2)"]
    assert {(one.title, one.formats) for one in saved.exported} == {("Slow Rust", ("mp3",))}
    assert saved.release == create_project(tmp_path / "Q.deepcuts").release, "only asked for once"
    assert take_in_made(document, saved)(document).exported == saved.exported


def test_a_project_that_is_open_elsewhere_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "P.deepcuts"
    document = create_project(folder)
    with ProjectLock(folder):
        remember(document, folder, tmp_path / "out" / "Slow Rust")
    assert load_project(folder) == document
