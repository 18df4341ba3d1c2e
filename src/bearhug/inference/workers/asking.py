"""Asking a worker and waiting for the whole answer, for callers that have a thread to spare."""

import queue
from typing import Any

from bearhug.inference.workers.records import End, Piece, Plan
from bearhug.inference.workers.supervisor import Workers


def ask(workers: Workers, plan: Plan, data: Any, *, blob: bytes = b"") -> list[Piece]:
    """Every piece of the answer; raises what the worker refuses."""
    heard: queue.SimpleQueue[Piece | End] = queue.SimpleQueue()
    workers.submit(plan, data, heard.put, blob=blob)
    pieces: list[Piece] = []
    while isinstance(one := heard.get(), Piece):
        pieces.append(one)
    if one.error is not None:
        raise one.error
    return pieces
