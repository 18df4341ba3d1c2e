"""Deployments as JSON, and the JSON that asks for one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bearhug.base.clock import from_epoch, iso
from bearhug.base.errors import BadRequest
from bearhug.base.http.fields import switch, text, texts
from bearhug.inference.deployments.records import Deployment, Live, Task, Wish
from bearhug.inference.engine.plans import LONGEST_URL, MOST_FLAGS, Options

LONGEST_NAME = 300
MOST_TOKENS = 1 << 24


def deployment_json(found: Deployment, live: Live, *, steering: bool) -> dict[str, Any]:
    """What readers may know; where it runs and how is for those who steer it. The key of another server is nobody's."""
    told: dict[str, Any] = {
        "id": found.id,
        "name": found.title,
        "model": found.repo.full_name if found.repo else None,
        "revision": found.revision,
        "task": found.task.value,
        "engine": found.options.engine,
        "precision": found.options.precision,
        "context": found.options.context,
        "cacheTokens": found.options.cache_tokens,
        "keep": found.keep,
        "wanted": found.wanted.value,
        "state": live.state.value,
        "createdBy": found.creator or None,
        "createdAt": iso(found.created_at),
        "changedAt": iso(found.changed_at),
        "maySteer": steering,
        "load": load_json(live),
    }
    if steering:
        told |= {
            "trouble": live.trouble or None,
            "flags": list(found.options.flags),
            "url": found.options.url or None,
            "remoteModel": found.options.remote_model or None,
            "hasKey": bool(found.options.api_key),
        }
    return told


def load_json(live: Live) -> dict[str, Any]:
    """How a deployment is loaded; nulls where nothing is."""
    one = live.standing
    return {
        "state": live.state.value,
        "engine": live.engine or None,
        "running": live.running,
        "waiting": live.waiting,
        "cache": live.cache,
        "cacheBytes": live.cache_bytes or None,
        "tokensPerSecond": round(one.speed.writes, 2) if one else 0.0,
        "promptTokensPerSecond": round(one.speed.reads, 2) if one else 0.0,
        "tokens": one.speed.written if one else 0,
        "promptTokens": one.speed.read if one else 0,
        "requests": one.done if one else 0,
        "failures": one.failed if one else 0,
        "memory": one.memory if one else None,
        "restarts": live.restarts,
        "loadedSince": iso(from_epoch(one.since)) if one else None,
        "estimatedTime": round(one.estimated, 1) if one and one.estimated else None,
    }


def wish(data: Mapping[str, Any]) -> Wish:
    """A new deployment, as JSON asks for it."""
    return Wish(
        repo=text(data, "model", "", most=LONGEST_NAME),
        name=text(data, "name", "", most=LONGEST_NAME),
        revision=text(data, "revision", "main", most=LONGEST_NAME) or "main",
        task=_task(text(data, "task", "", most=40)),
        options=_options(data, Options()),
        keep=switch(data, "keep"),
    )


def changed(data: Mapping[str, Any], found: Deployment) -> Wish:
    """What a deployment is to become; what is not named stays, but for what belongs to the engine that it leaves."""
    before = replace(found.options, api_key="")
    if text(data, "engine", before.engine, most=40) != before.engine:
        before = replace(before, flags=(), url="", remote_model="")
    return Wish(
        repo=found.repo.full_name if found.repo else "",
        revision=text(data, "revision", found.revision, most=LONGEST_NAME) or "main",
        task=found.task,
        options=_options(data, before),
        keep=switch(data, "keep", default=found.keep),
    )


def _task(name: str) -> Task | None:
    if not name:
        return None
    try:
        return Task(name)
    except ValueError as error:
        raise BadRequest(f'"task" is one of {", ".join(Task)}.') from error


def _options(data: Mapping[str, Any], before: Options) -> Options:
    return Options(
        engine=text(data, "engine", before.engine, most=40),
        precision=text(data, "precision", before.precision, most=40),
        context=_tokens(data, "context", before.context),
        cache_tokens=_tokens(data, "cacheTokens", before.cache_tokens),
        flags=tuple(texts(data, "flags", most=MOST_FLAGS)) if "flags" in data else before.flags,
        url=text(data, "url", before.url, most=LONGEST_URL),
        api_key=text(data, "key", before.api_key, most=1000),
        remote_model=text(data, "remoteModel", before.remote_model, most=LONGEST_NAME),
    )


def _tokens(data: Mapping[str, Any], name: str, before: int | None) -> int | None:
    value = data.get(name, before)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 16 <= value <= MOST_TOKENS:
        raise BadRequest(f'"{name}" is a whole number of tokens, at least 16.')
    return value
