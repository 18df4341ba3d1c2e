"""A hub that listens on loopback, and people with git in front of it."""

import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from tests.clients.gitbox import GitBox
from tests.gitwork import Workshop
from tests.hubbox import HubBox
from tests.people import ADA, NOBODY, Person

from bearhug.hub.access.records import TokenKind
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.service import NewRepo


class Served:
    """`served.repo()` makes a repository of ada's, `served.desk(BOB)` a computer where bob uses git."""

    def __init__(self, box: HubBox, url: str, homes: Path) -> None:
        self.box = box
        self.url = url
        self._homes = homes
        self._numbers = itertools.count(1)

    def repo(self, kind: str = "model", *, owner: str = "", private: bool = False, by: Person = ADA) -> Repo:
        """A new repository with a name of its own."""
        name = f"repo-{next(self._numbers)}"
        return self.box.app.repos.create(self.box.actor(by), NewRepo(kind, name, owner, private))

    def shop(self, repo: Repo) -> Workshop:
        """The same repository from behind, on disk."""
        return Workshop(self.box.app.git, repo.folder)

    def desk(self, person: Person, secret: str | None = None, *, kind: TokenKind = TokenKind.WRITE) -> GitBox:
        """Somebody's computer; without a secret they sign in with a token of that kind."""
        if secret is None:
            secret = "" if person is NOBODY else self.box.token(person, kind)
        return GitBox(self._homes / str(next(self._numbers)), self.url, person.name, secret)

    def fresh(self, repo: Repo) -> Repo:
        """The row as it is now."""
        with self.box.app.db.reading() as tx:
            found = self.box.app.repos.get(tx, repo.id)
        assert found is not None
        return found


@contextmanager
def serving(box: HubBox, homes: Path) -> Iterator[Served]:
    """Answer on a free port until the block ends."""
    box.app.edge.public_url = None
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(box.app.edge, lifespan="off", log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield Served(box, f"http://127.0.0.1:{listener.getsockname()[1]}", homes)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
