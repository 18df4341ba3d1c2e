"""The async edge of workers: pieces of answers as they come, and calls taken back when nobody listens any more."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Any

import anyio

from bearhug.base.errors import NotReady
from bearhug.inference.workers.records import End, Piece, Plan, State
from bearhug.inference.workers.supervisor import Ticket, Workers

PATIENCE = 120.0
"""Seconds that a caller waits for a model to load, unless it says otherwise."""

Heard = tuple[int, Piece | End]


async def answers(
    workers: Workers, plan: Plan, orders: Sequence[Any], *, patience: float = PATIENCE
) -> AsyncGenerator[tuple[int, Piece], None]:
    """Every piece of the answers to several orders, each with the place of its order.

    Closing the iterator early takes all calls back, and so does the first error, which is raised.
    """
    loop, heard = asyncio.get_running_loop(), asyncio.Queue[Heard]()

    def listen(place: int, one: Piece | End) -> None:
        loop.call_soon_threadsafe(heard.put_nowait, (place, one))

    tickets: dict[int, Ticket] = {}
    try:
        for place, order in enumerate(orders):
            submit = partial(workers.submit, plan, order, partial(listen, place))
            tickets[place] = await anyio.to_thread.run_sync(submit)
        found = await _first(heard, tickets[0], patience)
        while True:
            place, one = found
            if isinstance(one, Piece):
                yield place, one
            else:
                del tickets[place]
                if one.error is not None:
                    raise one.error
                if not tickets:
                    return
            found = await heard.get()
    finally:
        with anyio.CancelScope(shield=True):
            for ticket in tickets.values():
                await anyio.to_thread.run_sync(ticket.leave)


async def _first(heard: "asyncio.Queue[Heard]", ticket: Ticket, patience: float) -> Heard:
    """The first piece; a caller whose patience ends while the model loads is told how long it still needs."""
    try:
        async with asyncio.timeout(patience):
            return await heard.get()
    except TimeoutError:
        standing = await anyio.to_thread.run_sync(ticket.standing)
    if standing is None or standing.state is not State.LOADING:
        return await heard.get()
    raise NotReady(
        f"Model {ticket.plan.label} is currently loading",
        headers={"retry-after": f"{standing.estimated:.0f}"},
        estimated_time=round(standing.estimated, 1),
    )
