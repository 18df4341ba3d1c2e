"""Which references people may push."""

from collections.abc import Iterable

from bearhug.hub.git.records import MAIN
from bearhug.hub.refs.names import LONGEST, is_good_name
from bearhug.hub.transport.records import Update

OPEN_SPACES = ("refs/heads/", "refs/tags/")
OWNERS = {
    "refs/pr/": "pull requests are written by the hub",
    "refs/convert/": "converted files are written by the hub",
    "refs/bearhug/": "it belongs to the hub",
}
MOST_UPDATES = 10_000


def problems(updates: Iterable[Update]) -> list[str]:
    """What is wrong with the references of a push, a line each."""
    found = (_problem(update) for update in updates)
    return [problem for problem in found if problem]


def _problem(update: Update) -> str | None:
    ref = update.ref
    space = next((space for space in OPEN_SPACES if ref.startswith(space)), None)
    if space is None:
        owner = next((reason for space, reason in OWNERS.items() if ref.startswith(space)), "")
        reason = f": {owner}" if owner else ""
        return f"{ref} cannot be pushed{reason}. Push branches (refs/heads/…) and tags (refs/tags/…)."
    if ref == MAIN and update.deletes:
        return "main is the default branch of this repository and cannot be deleted."
    if update.creates and not is_good_name(ref.removeprefix(space), space):
        return f"{ref} cannot be pushed: its name could be taken for something else, or is longer than {LONGEST} bytes."
    return None
