"""From an engine's name and options to what a worker loads."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bearhug.base.errors import BadRequest, Unprocessable
from bearhug.inference.environments.service import Environments
from bearhug.inference.models.records import Checkout
from bearhug.inference.workers import machine
from bearhug.inference.workers.records import GIB, Plan

ENGINES: Mapping[str, str] = {
    "auto": "chosen by hardware and model",
    "openvino": "OpenVINO, for processors",
    "transformers": "transformers, exact and slower",
    "vllm": "vLLM, for GPUs",
    "remote": "another server that speaks the OpenAI API",
}
"""Name -> what it is."""
PRECISIONS = ("int8", "fp32")
TEXT = "bearhug.inference.engine.servant:TextServant"
VLLM = "bearhug.inference.engine.vllm:VllmServant"
REMOTE = "bearhug.inference.engine.forwarding:RemoteServant"
WIDTH = 256
"""Calls that a worker of a language model has in hand at the same time."""
LIBRARIES = 500 << 20
"""Bytes that a worker holds before it has a model."""
FORWARDER = 64 << 20
"""Bytes of a worker that only passes things on."""
LARGEST_GRAPH = 256 << 30
BYTES_PER_WEIGHT = {"int8": 1.2, "fp32": 4.2}
MOST_FLAGS = 64
LONGEST_FLAG = 4096
LONGEST_URL = 2048
OURS = ("--model", "--served-model-name", "--host", "--port", "--api-key", "--trust-remote-code", "--uds")
"""Flags of vLLM that Bearhug sets itself."""


@dataclass(frozen=True)
class Options:
    """How a model is to run. `context` bounds a prompt and its answer in tokens, `cache_tokens` those of all requests.

    `flags` are vLLM's own; `url` (as far as /v1), `api_key` and `remote_model` belong to the engine "remote".
    """

    engine: str = "auto"
    precision: str = "int8"
    context: int | None = None
    cache_tokens: int | None = None
    flags: tuple[str, ...] = ()
    url: str = ""
    api_key: str = ""
    remote_model: str = ""


@dataclass(frozen=True)
class Local:
    """A model's files on this machine: where its graphs are kept, how many weights it has, whether its code may run."""

    folder: Path
    graphs: Path
    weights: int
    code: bool = False


def local(found: Checkout, *, code: bool = False) -> Local:
    """A checkout as engines want it; its graphs lie beside it."""
    counts = (found.facts.get("safetensors") or {}).get("parameters") or {}
    graphs = found.folder.with_name(f"{found.folder.name}.graphs")
    return Local(found.folder, graphs, sum(counts.values()) or found.size // 2, code)


def check(options: Options) -> None:
    """Raises BadRequest for what no engine can follow."""
    if options.engine not in ENGINES:
        raise BadRequest(f"There is no engine {options.engine}. There are {', '.join(ENGINES)}.")
    if options.precision not in PRECISIONS:
        raise BadRequest(f"The precision is one of {', '.join(PRECISIONS)}.")
    if options.flags and options.engine not in ("auto", "vllm"):
        raise BadRequest('Flags are passed on to vLLM alone: choose the engine "vllm" for them.')
    _check_flags(options.flags)
    if options.engine == "remote":
        _check_url(options.url)
        if len(options.api_key) > LONGEST_URL or not all("!" <= letter <= "~" for letter in options.api_key):
            raise BadRequest("An API key is a short line of letters, digits and signs.")
    elif options.url or options.api_key or options.remote_model:
        raise BadRequest('An address, its key and its model belong to the engine "remote".')


def plan(options: Options, environments: Environments, *, key: str, label: str, model: Local | None = None) -> Plan:
    """What a worker loads. Plans of the same `key` share a worker; `model` is needed by all engines but "remote"."""
    check(options)
    if options.engine == "remote":
        return _remote(options, key, label)
    if model is None:
        raise BadRequest("An engine on this machine needs a model.")
    program = environments.program("vllm")
    if options.engine == "vllm" and program is None:
        raise Unprocessable("vLLM is not installed here. `bearhug engine install vllm` makes an environment for it.")
    if program is not None and (options.engine == "vllm" or (options.engine == "auto" and machine.has_gpu())):
        return _vllm(options, model, (program, environments.variables), key, label)
    if options.flags:
        raise Unprocessable("Flags are passed on to vLLM, and there is none here, or no GPU for it.")
    precision = "fp32" if options.engine == "transformers" else options.precision
    told = {
        "folder": str(model.folder),
        "graphs": str(model.graphs),
        "engine": options.engine,
        "precision": precision,
        "context": options.context,
        "cache_tokens": options.cache_tokens,
        "code": model.code,
    }
    memory = LIBRARIES + int(model.weights * BYTES_PER_WEIGHT[precision])
    return Plan(key, label, TEXT, told, memory, WIDTH, largest_file=LARGEST_GRAPH)


def _vllm(options: Options, model: Local, how: tuple[tuple[str, ...], Mapping[str, str]], key: str, label: str) -> Plan:
    flags = (*(("--max-model-len", str(options.context)) if options.context else ()), *options.flags)
    told: dict[str, Any] = {
        "folder": str(model.folder),
        "name": label,
        "program": list(how[0]),
        "variables": dict(how[1]),
        "flags": list(flags),
        "code": model.code,
    }
    on_this_side = 0 if machine.has_gpu() else int(model.weights * BYTES_PER_WEIGHT["fp32"])
    memory = 4 * GIB + on_this_side
    return Plan(key, label, VLLM, told, memory, WIDTH, largest_file=LARGEST_GRAPH, forwards=True)


def _remote(options: Options, key: str, label: str) -> Plan:
    told = {"url": options.url.rstrip("/"), "api_key": options.api_key, "model": options.remote_model or label}
    return Plan(key, label, REMOTE, told, FORWARDER, WIDTH, forwards=True)


def _check_flags(flags: tuple[str, ...]) -> None:
    if len(flags) > MOST_FLAGS or any(len(one) > LONGEST_FLAG or "\0" in one for one in flags):
        raise BadRequest(f"There may be at most {MOST_FLAGS} flags, none longer than {LONGEST_FLAG} characters.")
    for one in flags:
        name = one.partition("=")[0].replace("_", "-")
        if len(name) > 2 and any(ours.startswith(name) for ours in OURS):  # shortened flags are understood too
            raise BadRequest(f"Bearhug sets {name} itself.")


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or len(url) > LONGEST_URL or any(letter <= " " for letter in url):
        raise BadRequest("The address of a server looks like http://host:8000/v1.")
    if parts.username is not None or parts.query or parts.fragment:
        raise BadRequest("The address of a server holds no name, key or query: give its key beside it.")
