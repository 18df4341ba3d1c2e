"""Programs beside the loop: their input, output and end."""

import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest
import uvloop

from bearhug.hub.transport.stream.running import Running

ECHO = "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"


def run(work: Callable[[], Awaitable[None]]) -> None:
    """On the loop of the server, and on Python's own."""
    anyio.run(work)
    anyio.run(work, backend_options={"loop_factory": uvloop.new_event_loop})


def python(code: str, *inherits: int) -> Running:
    return Running([sys.executable, "-S", "-c", code], dict(os.environ), inherits)


async def said(program: Running) -> bytes:
    found = b""
    while block := await program.read():
        found += block
    return found


def test_what_goes_in_comes_out_and_the_end_is_seen() -> None:
    sent = os.urandom(1 << 20)

    async def work() -> None:
        program = python(ECHO)
        heard = b""

        async def listen() -> None:
            nonlocal heard
            heard = await said(program)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(listen)
            await program.write(sent)
            program.close_input()
        assert heard == sent
        assert await program.wait() == 0
        program.close()

    run(work)


def test_a_program_that_reads_nothing_stops_nobody() -> None:
    async def work() -> None:
        program = python("import os; os.close(0); print('enough')")
        with anyio.fail_after(20):
            await program.write(b"x" * (4 << 20))
            await program.write(b"more")
            assert await said(program) == b"enough\n"
            assert await program.wait() == 0
        program.close()

    run(work)


def test_a_program_that_does_not_hear_is_ended_all_the_same() -> None:
    async def work() -> None:
        program = python(
            "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.write(1, b'1'); time.sleep(60)"
        )
        assert await program.read() == b"1"
        begun = time.monotonic()
        await program.end(0.05)
        assert program.has_ended
        assert time.monotonic() - begun < 20
        program.close()

    run(work)


def test_a_program_that_is_not_there_leaves_nothing_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(FileNotFoundError):
        Running([str(tmp_path / "nothing")], {}, [])
    assert len(list(Path("/proc/self/fd").iterdir())) == before
