"""Cards of clips."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.widgets import theme
from app.widgets.clips.clip_cards import ClipCards, ClipFacts
from app.widgets.plots.stat_cards import StatRow


@pytest.fixture
def cards(qtbot: QtBot) -> ClipCards:
    made = ClipCards()
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show_clips([ClipFacts(f"c{epoch}", f"epoch {epoch}", 3.0, (epoch - 1) / 7) for epoch in range(1, 9)])
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_click_asks_for_the_clip_and_so_does_the_space_key(qtbot: QtBot, cards: ClipCards) -> None:
    with qtbot.waitSignal(cards.clicked) as asked:
        qtbot.mouseClick(cards.cards()[2], Qt.MouseButton.LeftButton)
    assert asked.args == ["c3"]
    cards.cards()[4].setFocus()
    with qtbot.waitSignal(cards.clicked) as asked:
        qtbot.keyClick(cards.cards()[4], Qt.Key.Key_Space)
    assert asked.args == ["c5"]


def test_there_are_as_many_columns_as_there_is_room_for(qtbot: QtBot, cards: ClipCards) -> None:
    def columns() -> int:
        return len({card.x() for card in cards.cards()})

    assert columns() == 4
    cards.resize(330, 800)
    qtbot.waitUntil(lambda: columns() == 2)
    cards.resize(160, 1200)
    qtbot.waitUntil(lambda: columns() == 1)


def test_new_clips_join_and_known_cards_stay(cards: ClipCards) -> None:
    before = cards.card("c3")
    cards.show_clips([ClipFacts("c3", "epoch 3", 3.0, 0.5), ClipFacts("c9", "epoch 9", 3.0, 1.0)])
    assert [card.facts.id for card in cards.cards()] == ["c3", "c9"]
    assert cards.card("c3") is before
    assert cards.card("c1") is None


def test_the_waveform_has_the_colour_of_its_age(qtbot: QtBot, cards: ClipCards) -> None:
    for id, age in (("c1", 0.0), ("c8", 1.0)):
        card = cards.card(id)
        assert card is not None
        card.show_waveform(np.full(50, -1.0, np.float32), np.full(50, 1.0, np.float32))
        image = card.grab().toImage()
        assert image.pixelColor(card.width() // 2, 55) == theme.age_colour(age)


def test_only_the_clip_that_plays_is_marked(cards: ClipCards) -> None:
    cards.show_played("c2", 0.5)
    assert [card.facts.id for card in cards.cards() if card.is_playing] == ["c2"]
    assert cards.cards()[1].accessibleName() == "Stop epoch 2, 0:03"
    cards.show_played("", 0.0)
    assert not any(card.is_playing for card in cards.cards())
    assert cards.cards()[1].accessibleName() == "Play epoch 2, 0:03"


def test_numbers_are_told_and_never_leave_their_card(qtbot: QtBot) -> None:
    stats = StatRow("Epoch", "Left")
    qtbot.addWidget(stats)
    stats.put("Epoch", "1 234", "of 10 000")
    assert stats.text("Epoch") == "1 234 of 10 000"
    for width in (180, 260, 600):
        stats.resize(width, 64)
        image = stats.grab().toImage()
        edge = [image.pixelColor(image.width() // 2 - 6, y) for y in range(30, 55)]
        assert len({colour.rgb() for colour in edge}) == 1
