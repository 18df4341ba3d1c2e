"""Reads the fields of a request, each with the error that the OpenAI API gives."""

from collections.abc import Mapping
from typing import Any

from bearhug.base.errors import BadRequest


class Fields:
    """The JSON object of a request; `param` of errors names the field."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def get(self, name: str) -> Any:
        return self._data.get(name)

    def text(self, name: str, default: str = "") -> str:
        found = self._data.get(name)
        if found is None:
            return default
        if not isinstance(found, str):
            raise wrong(name, "must be a string")
        return found

    def flag(self, name: str, *, default: bool = False) -> bool:
        found = self._data.get(name)
        if found is None:
            return default
        if not isinstance(found, bool):
            raise wrong(name, "must be true or false")
        return found

    def number(self, name: str, default: float, low: float, high: float) -> float:
        found = self._data.get(name)
        if found is None:
            return default
        if isinstance(found, bool) or not isinstance(found, int | float) or not low <= found <= high:
            raise wrong(name, f"must be a number from {low:g} to {high:g}")
        return float(found)

    def whole(self, name: str, low: int, high: int) -> int | None:
        found = self._data.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
            raise wrong(name, f"must be a whole number from {low} to {high}")
        return found

    def mapping(self, name: str) -> Mapping[str, Any]:
        found = self._data.get(name)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise wrong(name, "must be an object")
        return found

    def texts(self, name: str, most: int) -> list[str]:
        """A string, or a list of them."""
        found = self._data.get(name)
        listed = [] if found is None else [found] if isinstance(found, str) else found
        if (
            not isinstance(listed, list)
            or len(listed) > most
            or not all(isinstance(one, str) and one for one in listed)
        ):
            raise wrong(name, f"must be a string, or a list of at most {most} of them")
        return listed

    def ids(self, name: str, most: int) -> list[int]:
        found = self._data.get(name) or []
        if not isinstance(found, list) or len(found) > most or not all(is_id(one) for one in found):
            raise wrong(name, "must be a list of token ids")
        return found


def is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31


def wrong(name: str, words: str) -> BadRequest:
    """The error of a field."""
    return BadRequest(f'"{name}" {words}.', param=name)
