"""Small things in the background: in which order, once each, and never after the end."""

from __future__ import annotations

import logging
import threading

import pytest

from app.task_queue import TaskQueue
from tests.threads import wait_until


class Gate:
    """Holds the first request until all requests are in."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.done: list[str] = []

    def pass_(self, request: str) -> None:
        self.open.wait(20)
        if request == "bad":
            raise ZeroDivisionError
        self.done.append(request)


def held_queue(*, newest_first: bool = True) -> tuple[Gate, TaskQueue[str]]:
    """A queue that is at work on "a" until the gate is opened."""
    gate = Gate()
    queue = TaskQueue("test", gate.pass_, newest_first=newest_first)
    queue.put("a")
    wait_until(lambda: not queue._waiting)
    return gate, queue


@pytest.mark.parametrize(("newest_first", "order"), [(True, "adcb"), (False, "abcd")])
def test_the_order_is_as_asked(newest_first: bool, order: str) -> None:
    gate, queue = held_queue(newest_first=newest_first)
    queue.put("b", "c")
    queue.put("d")
    gate.open.set()
    wait_until(lambda: len(gate.done) == 4)
    assert "".join(gate.done) == order
    queue.close()


def test_a_request_that_waits_is_not_taken_twice() -> None:
    gate, queue = held_queue()
    queue.put("b", "c", "b")
    gate.open.set()
    wait_until(lambda: len(gate.done) == 3)
    assert gate.done == ["a", "b", "c"]
    queue.close()


def test_it_rests_after_the_last_and_starts_again() -> None:
    gate, rests = Gate(), []
    gate.open.set()
    queue = TaskQueue("test", gate.pass_, at_rest=lambda: rests.append(len(gate.done)))
    queue.put("a", "b", "c")
    wait_until(lambda: bool(rests) and rests[-1] == 3)
    queue.put("d")
    wait_until(lambda: rests[-1] == 4)
    queue.close()
    queue.put("e")
    assert gate.done[-1] == "d"


def test_one_that_fails_does_not_keep_the_others_from_being_done(caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate()
    gate.open.set()
    queue = TaskQueue("test", gate.pass_, newest_first=False)
    with caplog.at_level(logging.CRITICAL):
        queue.put("a", "bad", "b")
        wait_until(lambda: gate.done == ["a", "b"])
    queue.close()


def test_closing_gives_up_what_waits_and_waits_for_what_is_done() -> None:
    gate, queue = held_queue()
    queue.put("b", "c")
    threading.Timer(0.05, gate.open.set).start()
    queue.close()
    assert gate.done == ["a"]
    assert queue.is_closed()
