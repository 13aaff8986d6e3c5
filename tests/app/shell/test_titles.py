"""`deepcuts titles`: invented from files, or looked up by artist."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.shell.calling import deepcuts
from tests.titles.encyclopaedia import serving


def test_titles_are_looked_up_by_artist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with serving() as known:
        monkeypatch.setenv("DEEPCUTS_MUSICBRAINZ", known.url)
        looked_up = deepcuts(tmp_path, "titles", "--artist", "Cast Iron Gardens", "--count", 9)
        unknown = deepcuts(tmp_path, "titles", "--artist", "Zzyzx")
    assert looked_up.returncode == 0
    assert len(looked_up.stdout.splitlines()) == 9
    assert "several artists called “Cast Iron Gardens”; this is the group from Ghent" in looked_up.stderr
    assert unknown.returncode == 2
    assert "knows no artist called “Zzyzx”" in unknown.stderr
    assert "Traceback" not in unknown.stderr


def test_titles_are_invented(tmp_path: Path) -> None:
    catalogue = tmp_path / "titles.txt"
    words = ("Iron", "Winter", "River", "Ashes", "Hollow", "Morning", "Serpent", "Golden", "Thunder", "Widow")
    catalogue.write_text("\n".join(f"{one} {two}" for one in words for two in words if one < two), encoding="utf-8")
    first, again, other = (
        deepcuts(tmp_path, "titles", catalogue, "--count", 12, "--seed", seed).stdout.splitlines() for seed in (1, 1, 2)
    )
    assert first == again != other
    assert len(set(first)) == 12
    assert not set(first) & set(catalogue.read_text(encoding="utf-8").splitlines())
    listed = json.loads(deepcuts(tmp_path, "titles", catalogue, "--count", 12, "--seed", 1, "--json").stdout)
    assert listed == first
