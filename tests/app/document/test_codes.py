"""ISRC, UPC and dates: one form of each that is right, and a plain sentence for each that is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.codes import check_digit, date_of, isrc_of, upc_of
from app.document.edits.release import set_facts, set_isrc
from app.document.edits.songs import add_song, duplicate_song
from app.document.errors import UserError
from app.document.model import Project
from app.document.release_facts import ReleaseFacts


@pytest.mark.parametrize("code", ["036000291452", "614141000036", "4006381333931", "0-36000-29145-2"])
def test_codes_that_are_on_real_goods_are_right(code: str) -> None:
    assert upc_of(code) == code.replace("-", "")


@given(st.from_regex(r"[0-9]{11,12}", fullmatch=True), st.integers(1, 9), st.data())
def test_one_wrong_digit_is_always_seen(digits: str, more: int, data: st.DataObject) -> None:
    code = digits + check_digit(digits)
    assert upc_of(f" {code} ") == code
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = code[:place] + str((int(code[place]) + more) % 10) + code[place + 1 :]
    with pytest.raises(UserError, match="last digit would be"):
        upc_of(wrong)


@pytest.mark.parametrize("text", ["12", "0360002914521234", "03600029145x", "٠٣٦٠٠٠٢٩١٤٥٢"])
def test_what_is_no_code_at_all_is_said_to_be_none(text: str) -> None:
    with pytest.raises(UserError, match="12 digits, or 13"):
        upc_of(text)


def test_an_isrc_has_one_form() -> None:
    assert isrc_of("qm-abc-26-00001") == isrc_of("ISRC QMABC2600001") == "QMABC2600001"
    assert isrc_of("US-S1Z-99-00001") == "USS1Z9900001"
    assert isrc_of("  ") == ""
    for wrong in ("QM-ABC-26-0001", "1M-ABC-26-00001", "QMABC26000012", "QM ABC 26 0000l"):
        with pytest.raises(UserError, match="two letters, three letters or digits, and seven digits"):
            isrc_of(wrong)


def test_dates_are_days_that_there_are() -> None:
    assert [date_of(text) for text in ("2026", "2026-2", "2024-02-29", "")] == ["2026", "2026-02", "2024-02-29", ""]
    for wrong in ("2026-02-29", "26", "2026-13", "tomorrow", "2026-1-1-1"):
        with pytest.raises(UserError, match="not a date"):
            date_of(wrong)


def test_a_wrong_code_changes_nothing_and_a_copied_song_has_none() -> None:
    project = set_isrc(add_song(Project()), "s1", "QM-ABC-26-00001")
    assert project.songs[0].isrc == "QMABC2600001"
    assert duplicate_song(project, "s1").songs[1].isrc == ""
    with pytest.raises(UserError):
        set_isrc(project, "s1", "none")
    with pytest.raises(UserError):
        set_facts(project, ReleaseFacts(upc="036000291453"))
    facts = set_facts(project, ReleaseFacts(genre=" Black \n Metal ", upc="036000291452")).release.facts
    assert (facts.genre, facts.upc) == ("Black Metal", "036000291452")
