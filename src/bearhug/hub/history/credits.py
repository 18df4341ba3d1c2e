"""Who wrote a commit: its author, and those it names as co-authors."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bearhug.hub.git.records import Commit
from bearhug.hub.git.service import author_of

MOST_TOGETHER = 10
TRAILERS = 4096
"""Co-authors stand at the end of a message; no more characters than this are looked through."""
_OWN_DOMAIN = author_of("").email.partition("@")[2]
_TOGETHER = re.compile(
    r"^co-authored-by:[ \t]*([^<>\s][^<>\n]{0,199}?)[ \t]*<([^<>\s]{1,254})>[ \t]*$", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True)
class Writer:
    """A name and an address as the commit has them."""

    name: str
    address: str

    @property
    def account_key(self) -> str | None:
        """The account that the address stands for, where the hub itself gave it out."""
        name, _, domain = self.address.lower().partition("@")
        return name if domain == _OWN_DOMAIN else None

    def account(self, by_name: Mapping[str, str], by_address: Mapping[str, str]) -> str | None:
        key = self.account_key
        return by_name.get(key) if key is not None else by_address.get(self.address)


def writers(commit: Commit) -> tuple[Writer, ...]:
    """The author first; nobody twice."""
    together = _TOGETHER.findall(commit.message[-TRAILERS:])[:MOST_TOGETHER]
    people = [Writer(commit.author, commit.email), *(Writer(name, address) for name, address in together)]
    return tuple(person for at, person in enumerate(people) if person.address not in {p.address for p in people[:at]})


def account_keys(people: Iterable[Writer]) -> tuple[set[str], set[str]]:
    """Names of accounts to be looked up, and addresses for those who have none of the hub's own."""
    names, addresses = set(), set()
    for person in people:
        if person.account_key is not None:
            names.add(person.account_key)
        elif person.address:
            addresses.add(person.address)
    return names, addresses
