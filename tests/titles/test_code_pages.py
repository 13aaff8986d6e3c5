"""Old text is read in the right letters, whatever code page it is in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from titles import read_titles
from titles.code_pages import code_page, decode_together

LISTS = {
    "cp1251": ["Медленная ржавчина", "Жестяные сердца", "Холодная комната", "Ещё раз"],
    "koi8-r": ["Медленная ржавчина", "Жестяные сердца", "Холодная комната"],
    "cp866": ["Медленная ржавчина", "Жестяные сердца", "Холодная комната"],
    "cp1253": ["Αργή σκουριά", "Κρύο δωμάτιο", "Σιδερένιος πνεύμονας"],
    "cp1255": ["חלודה איטית", "חדר קר", "ריאת ברזל"],
    "cp1256": ["صدأ بطيء", "غرفة باردة", "رئة حديدية"],
    "cp874": ["สนิมช้า", "ห้องเย็น", "ปอดเหล็ก"],
    "cp932": ["静かな海", "鉄の肺", "冷たい部屋", "遅い錆"],
    "euc_jp": ["静かな海", "鉄の肺", "冷たい部屋", "遅い錆"],
    "gb18030": ["缓慢的锈", "寒冷的房间", "铁肺", "我们的夜晚"],
    "big5": ["緩慢的鏽", "寒冷的房間", "鐵肺", "我們的夜晚"],
    "cp949": ["느린 녹", "차가운 방", "철의 폐", "우리의 밤"],
    "cp1250": ["Příběh", "Žlutý kůň", "Łódź", "Źdźbło", "Śnieg"],
    "cp1252": ["Déjà vu", "Élan vital", "Señor Blues", "Müde Straße", "Rock’n’Roll", "“Quoted” – twice"],
    "utf-8": ["Медленная ржавчина", "静かな海", "Élan"],
}


@pytest.mark.parametrize("page", LISTS)
def test_lists_are_read_in_the_right_letters(page: str, tmp_path: Path) -> None:
    path = tmp_path / "songs.txt"
    path.write_bytes("\r\n".join(LISTS[page]).encode(page))
    assert len(read_titles(path)) == len(LISTS[page])
    assert path.read_bytes().decode(code_page(path.read_bytes())).splitlines() == LISTS[page]


@pytest.mark.parametrize("page", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf_16_of_any_script(page: str, tmp_path: Path) -> None:
    path = tmp_path / "songs.txt"
    for titles in (LISTS["cp1251"], LISTS["cp932"], LISTS["cp949"]):
        path.write_bytes("\n".join(titles).encode(page))
        assert read_titles(path) == tuple(titles)


@pytest.mark.parametrize(
    "title",
    [
        "Motörhead",
        "Mötley Crüe",
        "Björk",
        "Sigur Rós",
        "Ágætis byrjun",
        "Canções",
        "Æ",
        "Füße",
        "NAÏVE",
        "Où",
        "Þórr",
        "ÉTÉ",
        "Häxan",
        "½ Life",
        "©2019",
        "Rock’n’Roll",
        "¿Qué?",
        "Tõnu",
        "Å",
        "À bout de souffle",
    ],
)
def test_western_text_stays_what_it_is_however_short(title: str) -> None:
    assert code_page(title.encode("cp1252")) == "cp1252"


def test_the_texts_of_an_album_are_judged_together() -> None:
    words = ["Я", "Ход", "Медленная ржавчина", "Жестяные сердца", "plain"]
    raw = [word.encode("cp1251").decode("utf-8", "surrogateescape") for word in words]
    assert decode_together(raw) == words
    assert decode_together(["plain", "Élan"]) == ["plain", "Élan"]


@given(st.binary(max_size=200))
def test_any_bytes_become_text(raw: bytes) -> None:
    (text,) = decode_together([raw.decode("utf-8", "surrogateescape")])
    assert text.encode("utf-8") is not None
