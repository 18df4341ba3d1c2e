"""Settings of one hub: the only reader of the environment."""

import os
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from bearhug.base.db import sqlite_url
from bearhug.base.errors import BadRequest

DEFAULT_PORT = 7860
HERE = ("127.0.0.1", "::1")
LOG_LEVELS = ("debug", "info", "warning", "error")
OF_ENGINES = ("CUDA_", "NVIDIA_", "NCCL_", "VLLM_", "LD_LIBRARY_PATH")
NOT_OF_ENGINES = ("VLLM_API_KEY",)
"""Bearhug chooses that itself."""


@dataclass(frozen=True)
class Config:
    """Where things are and how the hub presents itself; sizes in bytes."""

    data: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    public_url: str | None = None
    proxies: tuple[str, ...] = HERE  # addresses and networks whose X-Forwarded headers are believed
    patience: int = 120  # seconds that a caller may be silent in the middle of a request
    accel_prefix: str | None = None
    max_regular_file: int = 10 * 1024 * 1024
    repo_quota: int | None = None
    file_cache: int = 20 << 30  # room for whole files beside their chunks
    inference_memory: int | None = None  # what all loaded models together may take; half of the machine without it
    log_level: str = "info"
    password_memory: int = 65536  # KiB that one password hash takes

    @property
    def database(self) -> Path:
        """The file of the rows, unless they are in PostgreSQL."""
        return self.data / "bearhug.db"

    @property
    def repos(self) -> Path:
        return self.data / "repos"

    @property
    def blobs(self) -> Path:
        return self.data / "blobs"

    @property
    def xorbs(self) -> Path:
        return self.data / "xorbs"

    @property
    def shards(self) -> Path:
        return self.data / "shards"

    @property
    def tmp(self) -> Path:
        return self.data / "tmp"


def load(data: Path | None = None, *, host: str | None = None, port: int | None = None) -> Config:
    """Command-line values win over `BEARHUG_*` variables, those over the defaults."""
    env = os.environ
    folder = (data or Path(env.get("BEARHUG_DATA", "data"))).resolve()
    return Config(
        data=folder,
        database_url=env.get("BEARHUG_DATABASE_URL") or sqlite_url(folder / "bearhug.db"),
        host=host or env.get("BEARHUG_HOST", "127.0.0.1"),
        port=port if port is not None else _number("BEARHUG_PORT", DEFAULT_PORT),
        public_url=(env.get("BEARHUG_PUBLIC_URL") or "").rstrip("/") or None,
        proxies=_networks("BEARHUG_PROXIES", HERE),
        patience=max(1, _number("BEARHUG_PATIENCE", 120)),
        accel_prefix=env.get("BEARHUG_ACCEL_PREFIX"),
        max_regular_file=_number("BEARHUG_MAX_REGULAR_FILE", 10 * 1024 * 1024),
        repo_quota=_number("BEARHUG_REPO_QUOTA", 0) or None,
        file_cache=_number("BEARHUG_FILE_CACHE", 20 << 30),
        inference_memory=_number("BEARHUG_INFERENCE_MEMORY", 0) or None,
        log_level=_one_of("BEARHUG_LOG_LEVEL", LOG_LEVELS, "info"),
        password_memory=_number("BEARHUG_PASSWORD_MEMORY", 65536),
    )


def hub_address() -> str:
    """The hub that commands ask for models: HF_ENDPOINT, as clients know it, else the one of this machine."""
    return (os.environ.get("HF_ENDPOINT") or f"http://127.0.0.1:{_number('BEARHUG_PORT', DEFAULT_PORT)}").rstrip("/")


def engine_variables() -> dict[str, str]:
    """What engines in environments of their own are told of this machine: its GPUs, and settings of vLLM."""
    found = {name: value for name, value in os.environ.items() if name.startswith(OF_ENGINES)}
    return {name: value for name, value in found.items() if name not in NOT_OF_ENGINES}


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal():
        raise BadRequest(f"The variable {name} must be a whole number, not {text!r}.")
    return int(text)


def _networks(name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    words = tuple(word.strip() for word in os.environ.get(name, "").split(",") if word.strip())
    for word in words:
        try:
            ip_network(word, strict=False)
        except ValueError as error:
            raise BadRequest(f"The variable {name} must list addresses or networks, and {word!r} is none.") from error
    return words or default


def _one_of(name: str, words: tuple[str, ...], default: str) -> str:
    word = os.environ.get(name, "").strip().lower() or default
    if word not in words:
        raise BadRequest(f"The variable {name} must be one of {', '.join(words)}, not {word!r}.")
    return word
