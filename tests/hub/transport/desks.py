"""The pusher's computer: a clone, commits past every filter, and what the terminal shows."""

import re

from tests.clients.gitbox import GitBox
from tests.hub.transport.served import Served
from tests.people import ADA

from bearhug.hub.repos.records import Repo


def cloned(served: Served, repo: Repo) -> GitBox:
    """ada's computer with a clone of the repository."""
    desk = served.desk(ADA)
    desk.clone(repo.path)
    return desk


def refused(desk: GitBox, *arguments: str) -> str:
    """What stands on the terminal when `git push` fails, the marks of the other side taken off."""
    answer = desk.try_("push", "--no-verify", *(arguments or ("origin", "main")))
    assert answer.code != 0
    return re.sub(r"^remote: ?(.*?) *$", r"\1", answer.err, flags=re.MULTILINE)


def put(desk: GitBox, path: str, body: str | bytes) -> None:
    """Commit a file as it is, whatever filters are set up."""
    desk.write(path, body)
    blob = desk("hash-object", "-w", "--no-filters", path).strip()
    desk("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    desk("commit", "-q", "-m", f"Put {path}")
