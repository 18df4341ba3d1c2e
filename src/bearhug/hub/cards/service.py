"""Derives facts about repositories, keeps them, and answers from them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any

from bearhug.base.brief import takes_long
from bearhug.base.content import Content
from bearhug.base.db import Database, Tx
from bearhug.base.errors import EntryNotFound
from bearhug.formats.values import list_of, mapping_of, storable, text_of
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.access.rules import level_on
from bearhug.hub.cards import dataset_facts, model_facts, relations, space_facts, store
from bearhug.hub.cards.gathering import Gatherer
from bearhug.hub.cards.records import Ancestor, CardFacts, JsonObject, Source
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import MAIN, ZERO_OID
from bearhug.hub.git.service import Git
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.repos.records import Repo
from bearhug.hub.repos.service import Repos
from bearhug.hub.search.service import Search

DERIVE: dict[str, Callable[[Source, str], CardFacts]] = {
    "model": model_facts.derive,
    "dataset": dataset_facts.derive,
    "space": space_facts.derive,
}
MOST_SPACES = 100
MOST_ANCESTORS = 6
MOST_BASES = 10
MOST_NAMES = 20


class Cards:
    """Facts of repositories: stored for main, derived on the spot for other revisions."""

    def __init__(self, repos: Repos, git: Git, lfs: Lfs, search: Search) -> None:
        self.db: Database = repos.db
        self._repos = repos
        self._git = git
        self._lfs = lfs
        self._search = search

    def facts_at(self, tx: Tx, repo: Repo, commit: str, reading: Reading) -> dict[str, Any]:
        """Facts of a commit; those of main come from the index unless it is still behind."""
        stored = store.get(tx, repo.id)
        if stored is not None and stored[0] == commit:
            return stored[1]
        takes_long()
        return _as_json(self._derive(tx, repo, commit, reading)[1])

    def stored(self, tx: Tx, repo_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        return store.many(tx, repo_ids)

    def index(self, repo_id: int) -> None:
        """Derive and store the facts of a repository's main branch; what was deleted meanwhile is passed over."""
        with self.db.reading() as tx:
            repo = self._repos.get(tx, repo_id)
            if repo is None:
                return
            reading = self._git.read(repo.folder)
            commit = reading.ref(MAIN)
            if commit is None:
                return
            source, facts = self._derive(tx, repo, commit, reading)
        with self.db.writing() as tx:
            if self._repos.get(tx, repo_id) is None:
                return
            store.put(tx, repo_id, commit, _as_json(facts), problem=source.problem)
            tags = store.put_tags(tx, repo_id, _searchable(facts))
            pretty = source.metadata.get("pretty_name") or source.metadata.get("title") or ""
            texts = [str(pretty), source.body, facts.description or ""]
            names = [repo.full_name, str(pretty)[:200]]
            self._search.put(tx, repo_id, names=names, texts=texts, kind=repo.kind, tags=tags)

    def body(self, tx: Tx, repo: Repo) -> str:
        """What the card on main says behind its metadata; empty where there is none."""
        if repo.head == ZERO_OID:
            return ""
        return Gatherer(self._git.read(repo.folder), repo.head, lambda oid: self._content(tx, repo, oid)).body()

    def forget(self, repo_id: int) -> None:
        """Take a deleted repository out of the full-text index."""
        with self.db.writing() as tx:
            if self._repos.get(tx, repo_id) is None:
                self._search.remove(tx, repo_id)

    def children(self, tx: Tx, full_name: str) -> dict[str, int]:
        """How many public models are finetunes, adapters, merges or quantisations of this one."""
        return store.children(tx, full_name, relations.RELATIONS)

    def tag_counts_of(self, tx: Tx, repo_ids: Iterable[int]) -> dict[str, int]:
        """How many of some repositories carry each tag."""
        return store.tag_counts_of(tx, repo_ids)

    def lineage(self, tx: Tx, actor: Actor, repo: Repo, facts: Mapping[str, Any]) -> tuple[Ancestor, ...]:
        """What a model was made from, the root first; a model of several is the end of the line that is followed."""
        found: list[Ancestor] = []
        seen = {repo.full_name.lower()}
        while len(found) < MOST_ANCESTORS and (step := _bases(facts, seen)):
            relation, names = step
            here = {base.full_name.lower(): own for base, own in store.known(tx, actor, "model", names)}
            found += [Ancestor(name, relation, name.lower() in here) for name in reversed(names)]
            seen.update(name.lower() for name in names)
            facts = here.get(names[0].lower(), {}) if len(names) == 1 else {}
        return tuple(reversed(found))

    def here(self, tx: Tx, actor: Actor, kind: str, names: Iterable[str]) -> frozenset[str]:
        """Those of some names that are repositories here which the actor may see."""
        asked = list(names)[:MOST_NAMES]
        found = {repo.full_name.lower() for repo, _ in store.known(tx, actor, kind, asked)}
        return frozenset(name for name in asked if name.lower() in found)

    def trained_on(self, tx: Tx, full_name: str) -> int:
        """How many public models say that they were trained on a data set."""
        return store.count_tagged(tx, "model", f"dataset:{full_name}")

    def spaces_using(self, tx: Tx, actor: Actor, repo: Repo) -> list[str]:
        """Spaces whose card names this repository and that the actor may see."""
        found = store.tagged(tx, "space", f"uses:{repo.kind}:{repo.full_name}", limit=MOST_SPACES)
        return [space.full_name for space in found if level_on(actor, space.target) >= Level.READ]

    def tag_counts(self, tx: Tx, kind: str) -> dict[str, int]:
        return store.tag_counts(tx, kind)

    def _derive(self, tx: Tx, repo: Repo, commit: str, reading: Reading) -> tuple[Source, CardFacts]:
        source = Gatherer(reading, commit, lambda oid: self._content(tx, repo, oid)).source(repo.kind)
        return source, DERIVE[repo.kind](source, repo.full_name)

    def _content(self, tx: Tx, repo: Repo, oid: str) -> Content | None:
        try:
            return self._lfs.content(tx, repo.id, oid)
        except EntryNotFound:
            return None


def _as_json(facts: CardFacts) -> JsonObject:
    """What is known, in the form in which rows keep it; what is not known is left out."""
    found = ((field.name, getattr(facts, field.name)) for field in fields(facts))
    plain = ((name, list(value) if isinstance(value, tuple) else value) for name, value in found)
    return {name: storable(value) for name, value in plain if value not in (None, [])}


def _bases(facts: Mapping[str, Any], seen: Collection[str]) -> tuple[str, list[str]] | None:
    """Relation and names of the models that one was made from, without those that were met before."""
    base = mapping_of(facts.get("base_models"))
    said = (text_of(mapping_of(model).get("id")) for model in list_of(base.get("models"))[:MOST_BASES])
    names = [name for name in said if name and name.lower() not in seen]
    return (text_of(base.get("relation")) or "finetune", names) if names else None


def _searchable(facts: CardFacts) -> list[str]:
    """What filters find: every tag, language and licence, and which repositories a Space uses."""
    tags = [*facts.tags, facts.pipeline_tag or "", facts.library_name or ""]
    tags += [f"uses:model:{name}" for name in facts.models]
    tags += [f"uses:dataset:{name}" for name in facts.datasets]
    tags += ["linked"] if facts.models or facts.datasets else []
    tags += [f"library:{facts.library_name}"] if facts.library_name else []
    relation = text_of(mapping_of(facts.base_models).get("relation"))
    tags += [f"relation:{relation}"] if relation else []
    return [tag for tag in tags if tag]
