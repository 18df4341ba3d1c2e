"""The server's end of the talk with the pre-receive hook: two pipes that `git receive-pack` hands down to it."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import anyio

from bearhug.hub.transport.records import Update
from bearhug.hub.transport.refs import MOST_UPDATES
from bearhug.hub.transport.service import Push, Refused
from bearhug.hub.transport.wording import refusal

BLOCK = 1 << 16
LONGEST = 16 << 20
"""Bytes of a question, enough for all references that a push may move."""
END = b"\nend\n"


class Question(Exception):
    """What the hook asks cannot be understood or is too much."""


@dataclass(frozen=True)
class Threads:
    """Those that look through pushes and wait for repositories, and those in which holders of a repository finish.

    They are apart, so that a push that holds its repository never queues behind those that wait for it.
    """

    judging: anyio.CapacityLimiter
    finishing: anyio.CapacityLimiter


class Talk:
    """One push's pipes. `theirs` and `variables` go to git; then `listen` answers."""

    def __init__(self, push: Push, threads: Threads) -> None:
        self._push = push
        self._threads = threads
        self._finished = False
        self._ask, theirs_ask = os.pipe()
        theirs_answer, self._answer = os.pipe()
        self._theirs = [theirs_ask, theirs_answer]
        self.accepted = False

    @property
    def theirs(self) -> list[int]:
        """Files that git must inherit: the hook's ends, and the lock."""
        return [*self._theirs, self._push.lock]

    @property
    def variables(self) -> dict[str, str]:
        ask, answer = self._theirs
        return {"BEARHUG_ASK": str(ask), "BEARHUG_ANSWER": str(answer)}

    def handed_over(self) -> None:
        """Git runs and has its copies: without ours, its end shows here as the end of the pipe."""
        while self._theirs:
            os.close(self._theirs.pop())

    async def listen(self) -> None:
        """Wait for the hook's question, judge, answer. Ends without an answer if git ends without a question."""
        asked = await self._question()
        if asked is None:
            return
        try:
            await anyio.to_thread.run_sync(self._push.begin, *_understood(asked), limiter=self._threads.judging)
        except Refused as refused:
            self._say(str(refused))
        except Question as wrong:
            self._say(refusal([str(wrong)]))
        else:
            self.accepted = True
            self._write("ok\n")

    async def _question(self) -> bytes | None:
        """All that the hook writes, of no more than its first part; None if git ended without running it.

        The pipe is read by hand: the loop's own pipe transport would close it a second time under uvloop, and by then
        the number may be a file of another thread.
        """
        os.set_blocking(self._ask, False)
        question, last = bytearray(), b""
        while not last.endswith(END):
            await anyio.wait_readable(self._ask)
            block = os.read(self._ask, BLOCK)
            if not block:
                return None
            last = (last + block)[-len(END) :]
            if len(question) <= LONGEST:
                question += block
        return bytes(question)

    def _say(self, text: str) -> None:
        self._write("".join(f"say {line}\n" for line in text.split("\n")))

    def _write(self, text: str) -> None:
        """A text is shorter than what a pipe holds, so this does not wait for the hook."""
        with suppress(BrokenPipeError):  # the hook was killed; git says so
            os.write(self._answer, text.encode())
        self._close_answer()

    async def finish(self) -> None:
        """Write the rows of what moved. Once git has ended, and only then, is it known."""
        if not self._finished:
            await anyio.to_thread.run_sync(self._push.finish, limiter=self._threads.finishing)
            self._finished = True

    def _close_answer(self) -> None:
        if self._answer >= 0:
            os.close(self._answer)
            self._answer = -1

    def close(self) -> None:
        self.handed_over()
        self._close_answer()
        if self._ask >= 0:
            os.close(self._ask)
            self._ask = -1


def _understood(question: bytes) -> tuple[list[Update], Path | None]:
    """Updates and quarantine folder, as the hook sends them."""
    quarantine, *lines = question.removesuffix(END).split(b"\n")
    if len(lines) > MOST_UPDATES or len(question) > LONGEST:
        raise Question(f"A push may move at most {MOST_UPDATES} references.")
    folder = os.fsdecode(quarantine)
    return [_update(line) for line in lines], Path(folder) if folder else None


def _update(line: bytes) -> Update:
    try:
        old, new, ref = line.decode("utf-8").split(" ", 2)
    except ValueError as error:
        raise Question("The name of a reference is not valid UTF-8.") from error
    return Update(ref, old, new)
