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


def test_codes_are_checked_before_anything_is_written(tmp_path: Path, learnt: Path) -> None:
    out = tmp_path / "out"
    for option, value, words in (
        ("--upc", "036000291453", "last digit would be 2"),
        ("--date", "2026-02-30", "not a date"),
        ("--isrc", "QM-ABC-26-00001", "There are 1 ISRCs for 0 songs"),
    ):
        assert words in refused(deepcuts(tmp_path, "export", learnt, "--out", out, option, value))
    assert not out.exists()
    told = refused(
        deepcuts(
            tmp_path, "again", tmp_path / "no.json", "--project", learnt, "--song", 1, "--section", 1, "--out", out
        )
    )
    assert "cannot be read" in told
