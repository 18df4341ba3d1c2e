"""Between two steps of an engine everybody else gets on; one that has nothing to do rests."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from bearhug.inference.engine import loop
from bearhug.inference.engine.loop import Loop
from bearhug.inference.engine.sampling import Abilities, Finish, Load, Piece, Sampling

LENGTH = 5
WISHES = Sampling(max_tokens=LENGTH)


class Counter:
    """An engine that says the numbers of its steps, and keeps what its listeners had heard when each began."""

    abilities = Abilities(64, 0, frozenset())

    def __init__(self) -> None:
        self.left: dict[int, int] = {}
        self.steps = self.told = self.heard = 0
        self.behind: list[int] = []

    @property
    def is_busy(self) -> bool:
        return bool(self.left)

    def begin(self, key: int, _prompt: Sequence[int], sampling: Sampling) -> None:
        self.left[key] = sampling.max_tokens

    def cancel(self, key: int) -> None:
        self.left.pop(key, None)

    def step(self) -> list[Piece]:
        self.steps += 1
        self.behind.append(self.told - self.heard)
        return list(self._said())

    def _said(self) -> Iterator[Piece]:
        for key, left in list(self.left.items()):
            self.left[key] -= 1
            if left == 1:
                del self.left[key]
            self.told += 1
            yield Piece(key, 0, [self.steps], finish=Finish.LENGTH if left == 1 else None)

    def load(self) -> Load:
        return Load(len(self.left), 0, 0.0, 0)


def test_a_step_begins_when_all_have_dealt_with_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "PATIENCE", 60.0)
    engine = Counter()
    driven = Loop(engine, lambda: None)
    hearing = threading.Lock()

    def listen(_place: int) -> int:
        pieces = []
        for piece in driven.pieces([1], WISHES, threading.Event()):
            time.sleep(0.001)
            with hearing:
                engine.heard += 1
            pieces.append(piece)
        return len(pieces)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(listen, range(4))) == [LENGTH] * 4
    assert set(engine.behind) == {0}


def test_the_engine_rests_while_the_last_piece_is_dealt_with() -> None:
    engine = Counter()
    pieces = Loop(engine, lambda: None).pieces([1], WISHES, threading.Event())
    for piece in pieces:
        if piece.finish is not None:
            time.sleep(0.1)
            assert engine.steps == LENGTH


def test_whoever_does_not_go_on_holds_others_up_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "PATIENCE", 0.001)
    driven = Loop(Counter(), lambda: None)
    stuck = driven.pieces([1], Sampling(max_tokens=1000), threading.Event())
    next(stuck)
    assert len(list(driven.pieces([1], WISHES, threading.Event()))) == LENGTH
