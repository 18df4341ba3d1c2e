"""The form of a fine-grained token: ticks for oneself, for organizations, for single repositories, for everything."""

from bearhug.base.errors import BadRequest
from bearhug.base.http.fields import only
from bearhug.hub.access.records import Scope, TokenKind
from bearhug.hub.tokens.wire import MOST_SCOPES

GROUPS = ("everywhere", "own", "on_orgs", "on_repos", "orgs", "picked")
PREFIXES = {"datasets": "dataset", "spaces": "space", "models": "model"}
Form = dict[str, list[str]]


def wanted(sent: Form, name: str) -> tuple[frozenset[str], tuple[Scope, ...]]:
    """What a fine-grained token may everywhere, and on what it was given; nothing for the other kinds."""
    if only(sent, "kind") != TokenKind.FINE_GRAINED:
        return frozenset(), ()
    scopes: list[Scope] = []
    own = frozenset(sent.get("own", []))
    if own:
        scopes.append(Scope("user", name.lower(), own))
    scopes += [Scope("org", org.lower(), _ticked(sent, "on_orgs", org)) for org in sent.get("orgs", [])]
    for entity, repo in _repos(sent):
        scopes.append(Scope(entity, repo, _ticked(sent, "on_repos", repo)))
    everywhere = frozenset(sent.get("everywhere", []))
    if not scopes and not everywhere:
        raise BadRequest("Tick at least one thing that the token may do.")
    if len(scopes) > MOST_SCOPES:
        raise BadRequest(f"A token is for at most {MOST_SCOPES} places.")
    return everywhere, tuple(scopes)


def _ticked(sent: Form, group: str, place: str) -> frozenset[str]:
    permissions = frozenset(sent.get(group, []))
    if not permissions:
        raise BadRequest(f"Tick what the token may do in {place[:200]}.")
    return permissions


def _repos(sent: Form) -> list[tuple[str, str]]:
    """Those picked from the list and those typed in lines, as (entity, lower-case owner/name), each once."""
    lines = [*sent.get("picked", []), *only(sent, "repos").splitlines()][: MOST_SCOPES + 1]
    found: dict[tuple[str, str], None] = {}
    for line in filter(None, (line.strip() for line in lines)):
        first, _, rest = line.partition("/")
        entity, name = (PREFIXES[first], rest) if first in PREFIXES else ("model", line)
        if name.count("/") != 1 or not all(name.split("/")) or len(name) > 200:
            raise BadRequest(
                f'"{line[:200]}" is no repository. Write owner/name, datasets/owner/name or spaces/owner/name.'
            )
        found[entity, name.lower()] = None
    return list(found)
