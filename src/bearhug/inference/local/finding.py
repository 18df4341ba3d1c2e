"""Where the model of a local pipeline is: a folder, a repository of a hub, or the hub's choice for a task."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bearhug.base.errors import BadRequest, EntryNotFound
from bearhug.inference.tasks import adapter
from bearhug.inference.tasks.source import PICKLES

DESCRIBED = ("*.json", "*.txt", "*.model", "*.jinja", "*.tiktoken", "*.vocab", "*.bpe", "*.spm", "*.py")
PATIENCE = 30.0
NAME = re.compile(r"\w[\w.-]*/\w[\w.-]*\Z")
WEIGHTS = ("*.safetensors", "*.onnx")
ASIDE = ("*/*.safetensors", "onnx/*")
"""Copies of the weights for other programs."""


def folder_of(model: str | Path, *, revision: str | None, pickles: bool, endpoint: str | None) -> Path:
    """The folder itself, or that of a download from the hub (HF_ENDPOINT, or `endpoint`).

    Of an adapter it is that of a whole model, made of the adapter and its base and kept beside the downloads.
    """
    found = _plain(model, revision=revision, pickles=pickles, endpoint=endpoint)
    wanted = adapter.base_of(found)
    if not wanted:
        return found
    base = _plain(wanted, revision=None, pickles=pickles, endpoint=endpoint)
    target = _merged_folder(found, base)
    if not target.is_dir():
        adapter.merge(base, found, target, pickles=pickles)
    return target


def _merged_folder(found: Path, base: Path) -> Path:
    from huggingface_hub import constants

    weights = next(one for one in (found / adapter.WEIGHTS, found / adapter.PICKLE) if one.is_file())
    told = f"{found.resolve()}\n{weights.stat().st_mtime_ns}\n{base.resolve()}"
    return Path(constants.HF_HOME) / "bearhug" / "merged" / hashlib.sha256(told.encode()).hexdigest()[:24]


def _plain(model: str | Path, *, revision: str | None, pickles: bool, endpoint: str | None) -> Path:
    path = Path(model).expanduser()
    if path.is_dir():
        return path
    if isinstance(model, Path) or not NAME.match(str(model)):
        raise EntryNotFound(f"There is no folder {model}, and a model of a hub is written OWNER/NAME.")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    patterns = [*DESCRIBED, *WEIGHTS, *(PICKLES if pickles else ())]
    try:
        found = snapshot_download(
            str(model), revision=revision, allow_patterns=patterns, ignore_patterns=list(ASIDE), endpoint=endpoint
        )
    except HfHubHTTPError as error:
        raise EntryNotFound(f"The hub does not give {model}: {str(error).splitlines()[-1]}") from error
    except LocalEntryNotFoundError as error:
        raise EntryNotFound(f"{model} is not here, and the hub cannot be reached. Is HF_ENDPOINT right?") from error
    return Path(found)


def default_model(task: str, *, endpoint: str | None) -> str:
    """What the hub does a task with by default."""
    from huggingface_hub import constants, utils

    tools: Any = utils
    hub = (endpoint or constants.ENDPOINT).rstrip("/")
    if not hub.startswith(("http://", "https://")):
        raise BadRequest(f"{hub} is not the address of a hub: it begins with http:// or https://.")
    asked = Request(f"{hub}/api/tasks", headers=tools.build_hf_headers())  # noqa: S310 - see above
    try:
        with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
            told = json.load(answer)
    except HTTPError as error:
        raise BadRequest(f"The hub at {hub} does not tell its models for tasks ({error.code}). Name one.") from error
    except (OSError, ValueError) as error:
        raise BadRequest(f"No hub answers at {hub}, so name a model that is here. Is HF_ENDPOINT right?") from error
    found = told.get(task, {}).get("widgetModels")
    if not found:
        raise BadRequest(f"Name a model: the hub at {hub} has no default for {task}.")
    return str(found[0])
