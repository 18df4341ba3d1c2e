"""The door that every endpoint asks: `identity.who(call)`."""

from bearhug.base.errors import Forbidden, HubError, Unauthenticated
from bearhug.base.http.call import Call
from bearhug.base.http.origin import is_same_origin
from bearhug.hub.access.records import Actor
from bearhug.hub.identity.records import Means
from bearhug.hub.identity.service import Actors
from bearhug.hub.identity.wire import credentials

SAFE = ("GET", "HEAD", "OPTIONS")
SENT_UNASKED = (Means.SESSION, Means.PASSWORD)
"""What browsers add by themselves to requests of any page: cookies, and a password that was once typed for git."""


class Identity:
    """Who is calling, found once a call."""

    def __init__(self, actors: Actors) -> None:
        self._actors = actors

    def who(self, call: Call) -> Actor:
        """The actor of a call; nobody's calls are answered with an anonymous actor."""
        known: Actor | None = call.memo.get("actor")
        if known is None:
            shown = credentials(call)
            if shown.means in SENT_UNASKED and call.method not in SAFE and not is_same_origin(call):
                raise Forbidden("This request came from a page of another site.")
            known = call.memo["actor"] = self._actors.find(shown)
        return known

    def user(self, call: Call) -> Actor:
        """The actor of a call that only makes sense for somebody who signed in."""
        actor = self.who(call)
        if actor.is_anonymous:
            raise Unauthenticated
        return actor

    def viewer(self, call: Call) -> Actor:
        """Whom a page greets: nobody where the credentials are wrong, for then the page is about that."""
        try:
            return self.who(call)
        except HubError:
            return Actor()
