"""Lists of titles are read from text and tables in any encoding, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from titles import TitleError, read_titles

LINES = ("Megtört Álom", "Paper Mâché", "Fury")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "titles.txt"
    path.write_bytes("\r\n".join(LINES).encode(encoding))
    assert read_titles(path) == LINES


@pytest.mark.parametrize(
    "table",
    [
        'number,title,year\n1,Fury,1999\n2,"Cranes, Planes",2001\n',
        "Year;Track Name\n1999;Fury\n2001;Cranes, Planes\n",
        "name\tyear\nFury\t1999\nCranes, Planes\t2001\n",
        'Fury,1999\n"Cranes, Planes",2001\n',
    ],
)
def test_tables_by_header_or_first_column(tmp_path: Path, table: str) -> None:
    path = tmp_path / "titles.csv"
    path.write_text(table)
    assert read_titles(path) == ("Fury", "Cranes, Planes")


def test_text_lines_may_hold_commas(tmp_path: Path) -> None:
    path = tmp_path / "titles.txt"
    path.write_text("here, there and everywhere\nhello, goodbye\n")
    assert read_titles(path) == ("here, there and everywhere", "hello, goodbye")


@pytest.mark.parametrize("raw", [b"", b"\n\n  \n", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, b"\0" * 500])
def test_what_holds_no_titles_is_refused_in_a_sentence(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "odd.txt"
    path.write_bytes(raw)
    with pytest.raises(TitleError, match=r"^[^\n]*odd\.txt[^\n]*\.$"):
        read_titles(path)


def test_missing_folder_and_too_large_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TitleError, match=r"^“none\.txt” is not there\. Check the name, or choose another one\.$"):
        read_titles(tmp_path / "none.txt")
    with pytest.raises(TitleError, match="cannot be read"):
        read_titles(tmp_path)
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(9 * 2**20)
    with pytest.raises(TitleError, match="too large"):
        read_titles(large)


@given(raw=st.binary(max_size=300), ending=st.sampled_from([".txt", ".csv"]))
def test_any_bytes_give_titles_or_a_plain_error(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, ending: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{ending}"
    path.write_bytes(raw)
    titles, refusal = (), ""
    try:
        titles = read_titles(path)
    except TitleError as error:
        refusal = str(error)
    assert bool(titles) != bool(refusal)


def test_the_three_lists(shared: Path) -> None:
    counts = {path.stem: len(read_titles(path)) for path in sorted((shared / "titles").glob("[!S]*.txt"))}
    assert counts == {"beatles": 190, "king-gizzard": 250, "metallica": 119}
