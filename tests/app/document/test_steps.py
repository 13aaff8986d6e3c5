"""Undo of what is being chosen: every step back and forth is one that was made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.document.steps import Steps


@given(st.lists(st.integers(0, 3) | st.sampled_from(["undo", "redo"])))
def test_steps_go_back_and_forth(script: list[int | str]) -> None:
    steps, past, future = Steps(0), [0], list[int]()
    for each in script:
        if each == "undo":
            assert steps.undo() == (len(past) > 1)
            if len(past) > 1:
                future.append(past.pop())
        elif each == "redo":
            assert steps.redo() == bool(future)
            if future:
                past.append(future.pop())
        else:
            assert isinstance(each, int)
            assert steps.put(each) == (each != past[-1])
            if each != past[-1]:
                past.append(each)
                future.clear()
        assert steps.value == past[-1]
        assert (steps.can_undo, steps.can_redo) == (len(past) > 1, bool(future))


def test_a_gesture_is_one_step() -> None:
    steps = Steps(0)
    for value in (1, 2, 3):
        steps.put(value, "drag 1")
    steps.put(4, "drag 2")
    steps.put(5)
    steps.put(6)
    seen = []
    while steps.undo():
        seen.append(steps.value)
    assert seen == [5, 4, 3, 0]
    steps.redo()
    steps.put(9, "drag 1")  # another one by now
    steps.undo()
    assert steps.value == 3
