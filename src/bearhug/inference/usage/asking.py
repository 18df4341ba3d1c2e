"""Who a call counts for."""

from bearhug.base.http.call import Call
from bearhug.hub.access.records import Actor
from bearhug.inference.usage.records import NOBODY, Asker


def asker(actor: Actor, call: Call) -> Asker:
    """The account, else the address."""
    return Asker(actor.user_id or NOBODY, call.client_ip)
