"""The rules of deployments: who sees them, who steers them, and which one answers a call."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from bearhug.base import clock
from bearhug.base.db import Duplicate, Tx
from bearhug.base.errors import BadRequest, Conflict, Forbidden, HubError, NotFound, NotReady, Unauthenticated
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.access.rules import level_on, may_write_account
from bearhug.hub.cards.service import Cards
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos
from bearhug.inference.deployments import store
from bearhug.inference.deployments.planning import OF_VECTORS, Plans
from bearhug.inference.deployments.records import Deployment, Task, Wanted, Wish
from bearhug.inference.engine import plans
from bearhug.inference.engine.plans import Options
from bearhug.inference.workers.records import Plan
from bearhug.inference.workers.supervisor import Workers

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,89}\Z")
LONGEST_REVISION = 255
MOST_OF_MODEL = 20
MOST = 500
TAGS_OF_VECTORS = ("feature-extraction", "sentence-similarity")
STOPPED = "This deployment was stopped."


class Deployments:
    """Deployments of this hub. `wake` is called when something is to be loaded soon."""

    def __init__(self, repos: Repos, cards: Cards, plans: Plans, workers: Workers) -> None:
        self.repos = repos
        self.workers = workers
        self._cards = cards
        self._plans = plans
        self.wake: Callable[[], None] = lambda: None

    # seeing ------------------------------------------------------------------------------------------------

    def listing(self, actor: Actor, *, model: str = "") -> list[Deployment]:
        """Deployments that the actor may call, the newest first; of one model if its name is given."""
        with self.repos.db.reading() as tx:
            if model:
                found = store.of_repo(tx, self.repos.open(tx, actor, model_name(model)).id)
            else:
                found = store.every(tx, limit=MOST)
            return [one for one in found if self._sees(tx, actor, one)]

    def get(self, actor: Actor, number: int) -> Deployment:
        """One of them; NotFound where the actor may not see it."""
        with self.repos.db.reading() as tx:
            return self._get(tx, actor, number)

    def of_repo(self, repo: Repo) -> list[Deployment]:
        """The deployments of a model that was opened for its reader already."""
        with self.repos.db.reading() as tx:
            return store.of_repo(tx, repo.id)

    def named(self, actor: Actor, name: str) -> tuple[Repo | None, Deployment | None]:
        """The model and the deployment of a name, as callers write it; one of the two at least."""
        with self.repos.db.reading() as tx:
            return self._called(tx, actor, name)

    def readable(self, actor: Actor, names: Collection[str]) -> set[str]:
        """Those of some models, named owner/name, that the actor may read."""
        if actor.is_admin:
            return set(names)
        found = set()
        with self.repos.db.reading() as tx:
            for name in names:
                try:
                    self.repos.open(tx, actor, model_name(name), Level.READ)
                except HubError:
                    continue
                found.add(name)
        return found

    def may_steer(self, actor: Actor, found: Deployment) -> bool:
        """Whether the actor may start, stop and change a deployment, and read its log."""
        if actor.is_admin:
            return may_write_account(actor)
        if found.repo is None or needs_administrator(found.options) or not _is_of_model(found.name):
            return False
        return level_on(actor, found.repo.target) >= Level.WRITE

    def log(self, actor: Actor, number: int) -> str:
        """What the worker of a deployment wrote, in its last lives."""
        found = self._steered(actor, number)
        return self.workers.log_of(found.worker) if found.worker else ""

    def _get(self, tx: Tx, actor: Actor, number: int) -> Deployment:
        found = store.get(tx, number)
        if found is None or not self._sees(tx, actor, found):
            raise NotFound("There is no such deployment.")
        return found

    def _sees(self, tx: Tx, actor: Actor, found: Deployment) -> bool:
        if found.repo is None:
            return not actor.is_anonymous and not (actor.grant is not None and actor.grant.is_narrow)
        if level_on(actor, found.repo.target) < Level.READ or (found.repo.disabled and not actor.is_admin):
            return False
        return self.repos.is_inside(tx, actor, found.repo)

    # steering ----------------------------------------------------------------------------------------------

    def create(self, actor: Actor, wish: Wish) -> Deployment:
        """Deploy a model, or another server; it is wanted running at once."""
        plans.check(wish.options)
        moment = clock.now()
        with self.repos.db.writing() as tx:
            repo = self._model(tx, actor, wish)
            name = _name(wish.name, repo)
            if needs_administrator(wish.options) or not _is_of_model(name):
                _need_administrator(actor)
            task = wish.task or self._task(tx, repo)
            _check(task, wish, repo)
            if store.count_of(tx, repo.id if repo else None) >= MOST_OF_MODEL:
                raise Conflict(f"There are {MOST_OF_MODEL} deployments of this model already.")
            values: dict[str, Any] = {
                "scope": repo.id if repo is not None and _is_of_model(name) else 0,
                "name": name,
                "repo_id": repo.id if repo else None,
                "revision": wish.revision,
                "task": task.value,
                **store.columns_of(wish.options),
                "keep": wish.keep,
                "wanted": Wanted.RUNNING.value,
                "creator_id": actor.user_id or None,
                **dict.fromkeys(("created_at", "changed_at", "started_at"), moment),
            }
            try:
                with tx.begin_nested():
                    number = store.add(tx, values)
            except Duplicate as error:
                raise Conflict("There is a deployment of this name already. Give yours another name.") from error
            made = self._get(tx, actor, number)
        self.wake()
        return made

    def change(self, actor: Actor, number: int, wish: Wish) -> Deployment:
        """Run it in another way from now on. A key that is not given anew stays as it was."""
        found = self._steered(actor, number)
        options = wish.options
        if options.engine == "remote" and not options.api_key and options.url == found.options.url:
            options = replace(options, api_key=found.options.api_key)
        plans.check(options)
        if needs_administrator(options):
            _need_administrator(actor)
        _check(found.task, replace(wish, options=options), found.repo)
        columns = store.columns_of(options)
        self._set(number, revision=wish.revision, keep=wish.keep, **columns, changed_at=clock.now(), trouble="")
        if (options, wish.revision) != (found.options, found.revision):
            self.workers.release(found.worker)
        self.wake()
        return self.get(actor, number)

    def start(self, actor: Actor, number: int) -> Deployment:
        """Load it, and answer for it from now on."""
        self._steered(actor, number)
        moment = clock.now()
        self._set(number, wanted=Wanted.RUNNING.value, started_at=moment, changed_at=moment, trouble="")
        self.wake()
        return self.get(actor, number)

    def stop(self, actor: Actor, number: int) -> Deployment:
        """Unload it, and refuse calls from now on; those under way are told."""
        found = self._steered(actor, number)
        self._set(number, wanted=Wanted.STOPPED.value, changed_at=clock.now(), trouble="")
        self.unload(found)
        return self.get(actor, number)

    def remove(self, actor: Actor, number: int) -> None:
        """Forget it; a model can still be called by its own name, as if nobody had ever deployed it."""
        found = self._steered(actor, number)
        with self.repos.db.writing() as tx:
            store.remove(tx, number)
        self.unload(found)

    def unload(self, found: Deployment) -> None:
        """End its worker, unless another deployment runs in that one too."""
        with self.repos.db.reading() as tx:
            sharing = store.of_workers(tx, [found.worker]) if found.worker else []
        if not any(one.wanted is Wanted.RUNNING and one.id != found.id for one in sharing):
            self.workers.unload(found.worker, STOPPED)

    def _steered(self, actor: Actor, number: int) -> Deployment:
        found = self.get(actor, number)
        if not self.may_steer(actor, found):
            if actor.is_anonymous:
                raise Unauthenticated("Sign in to steer deployments.")
            raise Forbidden(who_may(found))
        return found

    def _set(self, number: int, **values: Any) -> None:
        with self.repos.db.writing() as tx:
            store.change(tx, number, **values)

    def _model(self, tx: Tx, actor: Actor, wish: Wish) -> Repo | None:
        if not wish.repo:
            if wish.options.engine != "remote":
                raise BadRequest("Say which model is to be deployed.")
            _need_administrator(actor)
            return None
        return self.repos.open(tx, actor, model_name(wish.repo), Level.WRITE)

    def _task(self, tx: Tx, repo: Repo | None) -> Task:
        facts = self._cards.stored(tx, [repo.id]).get(repo.id, {}) if repo else {}
        return Task.VECTORS if facts.get("pipeline_tag") in TAGS_OF_VECTORS else Task.TEXT

    # answering ---------------------------------------------------------------------------------------------

    def plan(self, actor: Actor, model: str, task: Task) -> Plan:
        """What answers a call: the deployment of that name, or the model as nobody deployed it."""
        name, _, rev = model.partition("@")
        repo, found = self.named(actor, name)
        if found is not None and (found.answers(task) or found.name):
            return self._plan_of(actor, found, task, rev)
        assert repo is not None
        return self._plans.at(actor, repo, rev or "main", task, Options(), repo.full_name)

    def plan_of(self, actor: Actor, found: Deployment) -> Plan:
        """The plan of a deployment; its worker's key is written down."""
        plan = self._plans.of(actor, found)
        if plan.key != found.worker:
            self._set(found.id, worker=plan.key)
        return plan

    def trouble(self, found: Deployment, reason: str) -> None:
        """Write down why a deployment could not be loaded; nothing when it could."""
        if reason != found.trouble:
            self._set(found.id, trouble=reason[:2000])

    def _plan_of(self, actor: Actor, found: Deployment, task: Task, rev: str) -> Plan:
        if not found.answers(task):
            raise BadRequest(f"{found.title} is deployed for {found.task.value}, not for {task.value}.")
        if found.wanted is Wanted.STOPPED:
            raise NotReady(f"{found.title} is stopped. {who_may(found)}")
        return self._plans.of(actor, found, rev) if rev else self.plan_of(actor, found)

    def _called(self, tx: Tx, actor: Actor, name: str) -> tuple[Repo | None, Deployment | None]:
        """The model of a name that callers wrote, and the deployment of that name."""
        title, colon, word = name.partition(":")
        if "/" not in title:
            found = store.named(tx, 0, name[:200])
            if found is None or not self._sees(tx, actor, found):
                raise NotFound(
                    f'There is no model "{name[:300]}" here: models are named owner/name, as on their pages.'
                )
            return found.repo, found
        repo = self.repos.open(tx, actor, model_name(title), Level.READ)
        found = store.named(tx, repo.id, f":{word}"[:200] if colon else "")
        if colon and found is None:
            raise NotFound(f'There is no deployment "{name[:300]}" here.')
        return repo, found


def model_name(text: str) -> RepoName:
    """`owner/name` as the name of a model."""
    owner, slash, short = text.partition("/")
    if not slash or not owner or not short:
        raise BadRequest(f'Models are named owner/name, not "{text[:300]}".')
    return RepoName("model", owner, short)


def needs_administrator(options: Options) -> bool:
    """Other servers and programs of their own reach out of the hub."""
    return options.engine in ("remote", "vllm") or bool(options.flags)


def who_may(found: Deployment) -> str:
    """Who can start and stop a deployment, in a sentence."""
    if found.repo is None or needs_administrator(found.options) or not _is_of_model(found.name):
        return "An administrator of this hub can start and stop it."
    return f"Whoever may write to {found.repo.full_name} can start and stop it."


def _need_administrator(actor: Actor) -> None:
    if actor.is_anonymous:
        raise Unauthenticated("Sign in to steer deployments.")
    if not (actor.is_admin and may_write_account(actor)):
        raise Forbidden("Other servers, vLLM and names of the whole hub are for administrators.")


def _is_of_model(name: str) -> bool:
    return not name or name.startswith(":")


def _name(wanted: str, repo: Repo | None) -> str:
    """The name as rows keep it."""
    if repo is not None:
        own = repo.full_name.lower()
        if wanted.lower() in ("", own):
            return ""
        if wanted.lower().startswith(f"{own}:"):
            wanted = wanted[len(own) :]
    if not WORD.match(wanted.removeprefix(":") if repo is not None else wanted):
        raise BadRequest("A name has letters, digits, dots, dashes and underscores; in front of it a colon or nothing.")
    return wanted


def _check(task: Task, wish: Wish, repo: Repo | None) -> None:
    if not 0 < len(wish.revision) <= LONGEST_REVISION:
        raise BadRequest(f"A revision has at most {LONGEST_REVISION} characters.")
    if task is Task.VECTORS and wish.options.engine not in OF_VECTORS:
        raise BadRequest(f"Vectors are made by one of {', '.join(OF_VECTORS)}.")
    if repo is None and wish.options.engine != "remote":
        raise BadRequest("Say which model is to be deployed.")
