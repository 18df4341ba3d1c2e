"""Commits and comparisons as clients read them."""

from collections.abc import Iterable
from html import escape
from typing import Any

from bearhug.base.clock import iso
from bearhug.base.errors import BadRequest
from bearhug.formats.file_names import spelled
from bearhug.hub.git.importer import quote_path
from bearhug.hub.git.records import ZERO_OID
from bearhug.hub.history.records import Comparison, Credit, Entered, FileChange, Side, Spec

LONGEST_SPEC = 1000


def commit_json(entered: Entered, base_url: str, *, formatted: bool) -> dict[str, Any]:
    """One line of a history; `formatted` adds title and message as HTML."""
    commit = entered.commit
    out: dict[str, Any] = {
        "id": commit.oid,
        "title": commit.title,
        "message": commit.body,
        "authors": [_author_json(credit, base_url) for credit in entered.credits],
        "date": iso(commit.date),
        "parents": list(commit.parents),
    }
    if formatted:
        out["formatted"] = {"title": escape(commit.title), "message": escape(commit.body).replace("\n", "<br>")}
    return out


def _author_json(credit: Credit, base_url: str) -> dict[str, str]:
    if credit.user is None:
        return {"user": credit.name}
    return {"user": credit.user, "avatar": f"{base_url}/api/users/{credit.user}/avatar"}


def wanted_spec(text: str) -> Spec:
    """`a..b`, `a...b`, or one revision, which is compared with its first parent."""
    if not text or len(text) > LONGEST_SPEC:
        raise BadRequest("Name two revisions as base..head.")
    for dots in ("...", ".."):
        base, found, head = text.partition(dots)
        if found:
            return Spec(base, head, from_fork=dots == "...")
    return Spec(None, text)


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Every listed file in short, without its lines."""
    return {
        "base": found.base or None,
        "head": found.head,
        "files": [_file_json(file) for file in found.files],
        "truncated": found.cut,
    }


def _file_json(file: FileChange) -> dict[str, Any]:
    out: dict[str, Any] = {"path": spelled(file.path), "status": file.status, "binary": file.binary}
    if file.old is not None and file.old.path != file.path:
        out["oldPath"] = spelled(file.old.path)
    out["oldSize"] = file.old.size if file.old else None
    out["size"] = file.new.size if file.new else None
    out["lfs"] = file.is_large
    if not (file.binary or file.left_out):
        out |= {"additions": file.added, "deletions": file.deleted}
    return out


def raw_lines(files: Iterable[tuple[FileChange, bool]]) -> str:
    """A line a file: T(ext) or B(inary), size now, then what `git diff --raw` writes."""
    return "".join(_raw_line(file, "B" if binary else "T") for file, binary in files)


def _raw_line(file: FileChange, kind: str) -> str:
    old, new = file.old, file.new
    both = old is not None and new is not None and file.status in "RC"
    paths = [side.path for side in (old, new) if side is not None] if both else [file.path]
    named = "\t".join(_quoted(path) for path in paths)
    about = f"{_mode(old)} {_mode(new)} {_oid(old)}... {_oid(new)}... {file.status}"
    return f"{kind} {new.size if new else 0}\t:{about}\t{named}\n"


def _mode(side: Side | None) -> str:
    return f"{side.mode if side else 0:06o}"


def _oid(side: Side | None) -> str:
    return side.oid if side else ZERO_OID


def _quoted(path: str) -> str:
    """As it is, or quoted where it would break the line."""
    text = spelled(path)
    if any(letter in text for letter in '\t\n"\\'):
        return quote_path(text).decode().replace("\t", "\\t")
    return text
