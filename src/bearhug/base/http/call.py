"""A request as endpoints see it: decoded path parameters, query, a bounded body."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from starlette.requests import ClientDisconnect, Request

from bearhug.base.errors import BadRequest, TooLarge
from bearhug.formats.values import has_half, is_laden

COALESCE = 1 << 20
LARGEST_ID = 2**31 - 1
"""What an INTEGER of PostgreSQL holds at most."""
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


class Call:
    """One request. Sync endpoints find the whole body in `content`; streams iterate `chunks()`."""

    def __init__(self, request: Request, params: dict[str, str], base_url: str) -> None:
        self.request = request
        self.params = params
        self.base_url = base_url
        self.content = b""
        self.route = ""
        self.memo: dict[str, Any] = {}
        self._query: list[tuple[str, str]] | None = None
        self._headers: dict[str, str] | None = None

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def path(self) -> str:
        return str(self.request.scope["path"])

    def header(self, name: str, default: str = "") -> str:
        """The first header of this name, which is given in lower case."""
        if self._headers is None:
            sent = reversed(self.request.scope["headers"])
            self._headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in sent}
        return self._headers.get(name, default)

    @property
    def client_ip(self) -> str:
        return self.request.client.host if self.request.client else ""

    # query -----------------------------------------------------------------------------------------------

    @property
    def query_string(self) -> str:
        return bytes(self.request.scope.get("query_string", b"")).decode("latin-1")

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The query as it was sent, in order, repeated keys and all."""
        if self._query is None:
            try:
                self._query = parse_qsl(self.query_string, keep_blank_values=True, max_num_fields=2000)
            except ValueError as error:
                raise BadRequest("Too many query parameters.") from error
        return self._query

    def all(self, name: str) -> list[str]:
        """Every value of a repeated key; `name[]` counts too, as some clients write it."""
        return [value for key, value in self.pairs if key in (name, f"{name}[]")]

    def one(self, name: str, default: str | None = None) -> str | None:
        for key, value in self.pairs:
            if key == name:
                return value
        return default

    def flag(self, name: str) -> bool:
        """`true`, `True` and `1` are yes: clients of three generations write it differently."""
        return (self.one(name) or "").lower() in ("true", "1")

    def number(self, name: str, default: int, *, most: int) -> int:
        text = self.one(name)
        if text is None or text == "":
            return default
        try:
            value = int(text)
        except ValueError as error:
            raise BadRequest(f'"{name}" must be a whole number.') from error
        if value < 0:
            raise BadRequest(f'"{name}" must not be negative.')
        return min(value, most)

    def place(self, name: str, default: int = 0) -> int:
        """The id of a row that a list goes on from, as `Link` and pages wrote it."""
        found = self.number(name, default, most=LARGEST_ID + 1)
        if found > LARGEST_ID:
            raise BadRequest("This cursor is not one of ours. Begin again without it.")
        return found

    # body ------------------------------------------------------------------------------------------------

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty body is an empty object."""
        if not self.content:
            return {}
        if is_laden(self.content):
            raise BadRequest("The body holds too many values. Send fewer at once.")
        try:
            value = json.loads(self.content.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise BadRequest("The body is not valid JSON.") from error
        if _HALF.search(self.content) and has_half(value):
            raise BadRequest("The body holds half a character (a lone surrogate), which cannot be kept.")
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise BadRequest("The body must be a JSON object.")
        return value

    def form(self) -> dict[str, list[str]]:
        """The body as application/x-www-form-urlencoded; every key has a list of values."""
        try:
            text = self.content.decode("utf-8")
            return parse_qs(text, keep_blank_values=True, max_num_fields=20_000)
        except ValueError as error:
            raise BadRequest("The body is not a valid form.") from error

    async def read(self, limit: int) -> None:
        """Fill `content`, refusing more than `limit` bytes."""
        declared = self.header("content-length")
        if declared.isdigit() and int(declared) > limit:
            raise TooLarge(f"The body may hold at most {_size(limit)}.")
        parts = bytearray()
        async for chunk in self.raw_chunks():
            parts += chunk
            if len(parts) > limit:
                raise TooLarge(f"The body may hold at most {_size(limit)}.")
        self.content = bytes(parts)

    async def raw_chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives; a client that goes away in the middle is a bad request."""
        try:
            async for chunk in self.request.stream():
                if chunk:
                    yield chunk
        except ClientDisconnect as error:
            raise BadRequest("The body was cut off before its end.") from error

    async def chunks(self, size: int = COALESCE) -> AsyncIterator[bytes]:
        """The body in pieces of about `size` bytes, so that a hop to a thread pays."""
        parts: list[bytes] = []
        held = 0
        async for chunk in self.raw_chunks():
            parts.append(chunk)
            held += len(chunk)
            if held >= size:
                yield b"".join(parts)
                parts, held = [], 0
        if parts:
            yield b"".join(parts)


def _size(limit: int) -> str:
    return f"{limit >> 20} MiB" if limit % (1 << 20) == 0 else f"{limit:,} bytes"
