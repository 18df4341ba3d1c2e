"""The door that every endpoint asks first: who is calling?"""

from collections.abc import Callable

from bearhug.base.http.call import Call
from bearhug.hub.access.records import Actor

Who = Callable[[Call], Actor]
"""Finds the actor of a call; raises `Unauthenticated` when the credentials are wrong."""
