"""The composition root: what the hub is made of, as a table of contents."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bearhug.base.db import Database
from bearhug.base.events import Bus
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.base.http.edge import Edge
from bearhug.base.http.router import Router
from bearhug.base.http.rows import Row
from bearhug.base.worker import Handle, Worker
from bearhug.config import Config
from bearhug.hub.accounts.api import AccountsApi
from bearhug.hub.accounts.passwords import Passwords
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.identity.api import Identity
from bearhug.hub.identity.service import Actors
from bearhug.hub.orgs.api import OrgsApi
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.profiles.api import ProfilesApi
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.sessions.api import SessionsApi
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.settings.service import Settings
from bearhug.hub.tokens.api import TokensApi
from bearhug.hub.tokens.service import Tokens

ROUTE_CHOICES: dict[str, dict[str, str]] = {}


@dataclass(frozen=True)
class App:
    """A hub, put together but not yet listening."""

    config: Config
    db: Database
    bus: Bus
    worker: Worker
    edge: Edge
    settings: Settings
    passwords: Passwords
    accounts: Accounts
    sessions: Sessions
    orgs: Orgs
    tokens: Tokens
    identity: Identity
    profiles: Profiles

    def close(self) -> None:
        """Let the job in hand end and write down what is still in memory."""
        self.worker.close()
        self.tokens.flush()
        self.db.close()


def build(config: Config) -> App:
    """Put the rooms together, lower floors first."""
    for folder in (config.data, config.repos, config.blobs, config.tmp):
        folder.mkdir(parents=True, exist_ok=True)
    db = Database(config.database_url)
    bus = Bus()

    # people
    settings = Settings(db)
    passwords = Passwords()
    accounts = Accounts(db, passwords, settings)
    sessions = Sessions(db, passwords, settings)
    orgs = Orgs(db, accounts)
    tokens = Tokens(db)
    identity = Identity(Actors(db, settings, sessions, orgs, tokens))
    who = identity.who
    profiles = Profiles(db, accounts, orgs, tokens)

    # what listens to jobs
    handlers: dict[str, Handle] = {}
    worker = Worker(db, handlers)
    bus.wake = worker.wake

    # endpoints
    rows: list[Row] = [
        Row("GET", "/health", _health, "Answers when the hub is ready"),
        *AccountsApi(accounts, who).rows(),
        *SessionsApi(sessions, who).rows(),
        *OrgsApi(orgs, who).rows(),
        *TokensApi(tokens, who).rows(),
        *ProfilesApi(profiles, who).rows(),
    ]
    edge = Edge(Router(rows, ROUTE_CHOICES), config.public_url)
    app = App(config, db, bus, worker, edge, settings, passwords, accounts, sessions, orgs, tokens, identity, profiles)
    edge.lifespan = lambda: _life(app)
    return app


@asynccontextmanager
async def _life(app: App) -> AsyncIterator[None]:
    app.worker.start()
    try:
        yield
    finally:
        app.close()


def _health(_call: Call) -> Response:
    answer: dict[str, Any] = {"status": "ok"}
    return json_answer(answer)
