"""A hub in a temporary folder, called in process: its services, its endpoints, its people."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import event
from starlette.testclient import TestClient
from tests.people import ADA, BOB, EVE, LAB, NOBODY, Person

from bearhug.app import App, build
from bearhug.base import prepared
from bearhug.base.db import sqlite_url
from bearhug.config import Config
from bearhug.hub.access.records import Actor, Role, TokenKind
from bearhug.hub.tokens.records import NewToken
from bearhug.migrations.upgrade import upgrade

PEOPLE = (ADA, BOB, EVE)


class HubBox:
    """`box.get(ADA, "/api/…")` asks as ada with her write token; `box.actor(ADA)` is she, for services."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        data = folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        url = settings.pop("database_url", sqlite_url(data / "bearhug.db"))
        settings.setdefault("password_memory", 64)  # a hash that costs next to nothing
        self.config = Config(data=data, database_url=url, public_url="http://hub.test", **settings)
        self.app: App = build(self.config)
        upgrade(self.app.db)
        self.http = TestClient(self.app.edge, base_url="http://hub.test", follow_redirects=False)
        self._secrets: dict[tuple[str, TokenKind], str] = {}
        self._ids: dict[str, int] = {}

    def enter(self) -> None:
        """Learn who is there, in a hub that was furnished before."""
        self._ids = {person.name: self.app.accounts.get(person.name).id for person in PEOPLE}

    def furnish(self) -> None:
        """Make ada, bob and eve, and the organisation that ada owns and bob writes in."""
        for person in PEOPLE:
            self._ids[person.name] = self.app.accounts.create(person.name, person.password).id
        self.app.orgs.create(self.actor(ADA), LAB)
        self.app.orgs.add_member(self.actor(ADA), LAB, BOB.name, Role.WRITE)

    def actor(self, person: Person) -> Actor:
        """The person as services see them, with all their rights."""
        if person is NOBODY:
            return Actor()
        user_id = self._ids[person.name]
        with self.app.db.reading() as tx:
            return Actor(user_id, person.name, orgs=self.app.orgs.roles_of(tx, user_id))

    def token(self, person: Person, kind: TokenKind = TokenKind.WRITE) -> str:
        """A token of the person, made when it is first wanted."""
        key = (person.name, kind)
        if key not in self._secrets:
            _, self._secrets[key] = self.app.tokens.create(self.actor(person), NewToken(f"{kind}-token", kind))
        return self._secrets[key]

    def ask(self, method: str, person: Person, path: str, **options: Any) -> httpx.Response:
        headers = dict(options.pop("headers", {}))
        if person is not NOBODY:
            headers["authorization"] = f"Bearer {self.token(person)}"
        return self.http.request(method, path, headers=headers, **options)

    def get(self, person: Person, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", person, path, **options)

    def head(self, person: Person, path: str, **options: Any) -> httpx.Response:
        return self.ask("HEAD", person, path, **options)

    def post(self, person: Person, path: str, **options: Any) -> httpx.Response:
        return self.ask("POST", person, path, **options)

    def put(self, person: Person, path: str, **options: Any) -> httpx.Response:
        return self.ask("PUT", person, path, **options)

    def delete(self, person: Person, path: str, **options: Any) -> httpx.Response:
        return self.ask("DELETE", person, path, **options)

    def settle(self) -> None:
        """Run every job that is due."""
        self.app.worker.drain()

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """Collects the SQL statements sent meanwhile, transaction control left out."""
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
                seen.append(statement)

        event.listen(self.app.db.engine, "before_cursor_execute", note)
        prepared.watchers.append(seen.append)
        yield seen
        prepared.watchers.remove(seen.append)
        event.remove(self.app.db.engine, "before_cursor_execute", note)

    def close(self) -> None:
        self.http.close()
        self.app.close()
