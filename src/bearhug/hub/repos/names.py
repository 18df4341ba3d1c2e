"""The rules for names of repositories and owners."""

import re

from bearhug.base.errors import BadRequest

_ALLOWED = re.compile(r"[A-Za-z0-9._-]{1,96}\Z")


def check_repo_name(name: str) -> str:
    """Return the name or raise BadRequest with the rule that it breaks."""
    broken = broken_rule(name)
    if broken:
        raise BadRequest(f'Invalid repository name "{name[:100]}": {broken}')
    return name


def broken_rule(name: str) -> str | None:
    """The rule a name breaks, in words; None for a good name."""
    if not _ALLOWED.match(name):
        return "use 1 to 96 letters, digits, '-', '_' and '.'."
    if "--" in name or ".." in name:
        return "'--' and '..' are not allowed."
    if name[0] in "-." or name[-1] in "-.":
        return "it must not start or end with '-' or '.'."
    if name.lower().endswith((".git", ".ipynb")):
        return "it must not end with '.git' or '.ipynb'."
    return None
