"""`deepcuts export`: what there is nothing to export of, and what is no format."""

from __future__ import annotations

from pathlib import Path

from tests.app.shell.calling import deepcuts, refused


def test_a_project_without_songs_has_nothing_to_export(tmp_path: Path, learnt: Path) -> None:
    assert "no song" in refused(deepcuts(tmp_path, "export", learnt, "--out", tmp_path / "out"))
    assert "not a format" in refused(
        deepcuts(tmp_path, "export", learnt, "--out", tmp_path / "out", "--format", "vinyl")
    )
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_a_finish_is_chosen_by_its_name(tmp_path: Path, learnt: Path) -> None:
    told = refused(deepcuts(tmp_path, "export", learnt, "--out", tmp_path / "out", "--finish", "gloss"))
    assert "not a finish" in told
    assert "album, air, made" in told
