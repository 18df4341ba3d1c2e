"""Makes code ask this hub."""

import re

_COMMAND = re.compile(r"\s*!?(?:pip|npx|curl|winget|git|brew|uv|python|docker)\b")
_PYTHON = re.compile(r"^(?:import [\w.]+(?: as \w+)?|from [\w.]+ import .*)$", re.MULTILINE)


def aimed(text: str, url: str, package: str | None = None) -> str:
    """The hub's address stands before anything that is imported or run; `package` is one of JavaScript."""
    if package:
        return f'import {{ env }} from "{package}";\nenv.remoteHost = "{url}/";\n\n{text}'
    if _PYTHON.search(text) and not _COMMAND.match(text):
        return f'import os\n\nos.environ["HF_ENDPOINT"] = "{url}"\n\n{text}'
    if text.startswith("winget"):
        return f'$env:HF_ENDPOINT = "{url}"\n\n{text}'
    return f"export HF_ENDPOINT={url}\n\n{text}"
