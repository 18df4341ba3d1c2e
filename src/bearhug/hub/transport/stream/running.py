"""A program beside the event loop, started without a copy of the hub's memory and spoken to over sockets.

The loop's own way to start a program forks, which takes the longer the more memory the hub has in use, and nobody else
is served meanwhile.
"""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress

import anyio

BLOCK = 1 << 18
FIRST_PAUSE = 0.0002
LONGEST_PAUSE = 0.05
"""Seconds between two looks at whether it has ended: as a rule it does so just after its last word."""


class Running:
    """The hub's ends of a program's input, output and words of error. All must be read or closed."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], inherits: Sequence[int]) -> None:
        pairs = [socket.socketpair() for _ in range(3)]
        self._in, self._out, self._err = (ours for ours, _ in pairs)
        try:
            self._process = subprocess.Popen(
                words,
                stdin=pairs[0][1].fileno(),
                stdout=pairs[1][1].fileno(),
                stderr=pairs[2][1].fileno(),
                env=dict(environment),
                pass_fds=tuple(inherits),
                start_new_session=True,
            )
        except OSError:
            self.close()
            raise
        finally:
            for _, theirs in pairs:
                theirs.close()
        for ours, _ in pairs:
            ours.settimeout(0)

    async def write(self, piece: bytes) -> None:
        """Wait until it has taken this. A program that reads no more says why in its output: the rest is dropped."""
        if self._in.fileno() >= 0:
            try:
                await asyncio.get_running_loop().sock_sendall(self._in, piece)
            except ConnectionError:
                self._in.close()

    def close_input(self) -> None:
        """No more comes."""
        self._in.close()

    async def read(self) -> bytes:
        """Some of its output; b"" at the end."""
        return await asyncio.get_running_loop().sock_recv(self._out, BLOCK)

    async def read_words(self) -> bytes:
        """Some of what it writes to standard error; b"" at the end."""
        return await asyncio.get_running_loop().sock_recv(self._err, BLOCK)

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    async def wait(self) -> int:
        """Its exit status."""
        pause = FIRST_PAUSE
        while (status := self._process.poll()) is None:
            await anyio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return status

    def signal(self, number: int) -> None:
        """Also to all that it has started."""
        with suppress(ProcessLookupError):  # it may have ended by itself meanwhile
            os.killpg(self._process.pid, number)

    async def end(self, within: float) -> None:
        """Ask it to end, and see to it that it does. Git removes what it had begun when it is asked."""
        if not self.has_ended:
            self.signal(signal.SIGTERM)
            with anyio.move_on_after(within):
                await self.wait()
        if not self.has_ended:
            self.signal(signal.SIGKILL)
            await self.wait()

    def close(self) -> None:
        for ours in (self._in, self._out, self._err):
            ours.close()
