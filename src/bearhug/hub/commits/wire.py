"""The NDJSON of a commit and the JSON of a preupload question, as clients write them."""

import base64
import binascii
import json
import re
from typing import Any

from bearhug.base.errors import BadRequest, TooLarge, Unprocessable
from bearhug.formats.paths import PathError, check_path
from bearhug.formats.values import has_half, is_laden
from bearhug.hub.commits.records import (
    AddFile,
    AddLfs,
    Committed,
    Delete,
    Header,
    Operation,
    Upload,
    UploadAnswer,
)

SHA256 = re.compile(r"[0-9a-f]{64}\Z")
SAMPLE = 4096
MOST_FILES = 10_000


def operation(line: bytes, *, largest: int) -> Operation:
    """One line of the body; BadRequest, Unprocessable or TooLarge says what is wrong with it."""
    if is_laden(line):
        raise BadRequest("A line of the commit holds too many values.")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRequest("A line of the commit is not valid JSON.") from error
    value = data.get("value") if isinstance(data, dict) else None
    if not isinstance(value, dict):
        raise BadRequest('A line of the commit must be {"key": …, "value": {…}}.')
    return _operation(str(data.get("key")), value, largest)


def _operation(key: str, value: dict[str, Any], largest: int) -> Operation:
    match key:
        case "header":
            return Header(_text(value, "summary"), _text(value, "description"), _parent(value))
        case "file":
            return AddFile(_path(value), _content(value, largest), _old_path(value))
        case "lfsFile":
            return AddLfs(_path(value), _sha256(value), _size(value), _old_path(value))
        case "deletedFile" | "deletedFolder" | "deletedEntry":
            return Delete(_path(value, folder=True))
        case _:
            raise BadRequest(f'"{key[:50]}" is not a commit operation of this hub.')


def _text(value: dict[str, Any], key: str) -> str:
    text = value.get(key) or ""
    if not isinstance(text, str) or "\0" in text or has_half(text):
        raise BadRequest(f'"{key}" must be a text without NUL and halves of characters.')
    return text


def _parent(value: dict[str, Any]) -> str | None:
    parent = value.get("parentCommit")
    if parent is not None and not re.fullmatch(r"[0-9a-f]{7,40}", str(parent)):
        raise BadRequest("parentCommit must be a commit id.")
    return parent


def _path(value: dict[str, Any], *, folder: bool = False, key: str = "path") -> str:
    path = value.get(key)
    if not isinstance(path, str):
        raise BadRequest(f'"{key}" must be a string.')
    return checked_path(path.rstrip("/") if folder else path)


def checked_path(path: str) -> str:
    """The path if a repository may hold it; Unprocessable with the rule otherwise."""
    try:
        return check_path(path)
    except PathError as error:
        raise Unprocessable(f'The path "{path[:200]}" cannot be used: {error}') from error


def _old_path(value: dict[str, Any]) -> str | None:
    return _path(value, key="oldPath") if value.get("oldPath") else None


def _content(value: dict[str, Any], largest: int) -> bytes:
    text = value.get("content", "")
    if not isinstance(text, str):
        raise BadRequest('"content" must be a string.')
    if value.get("encoding", "utf-8") != "base64":
        content = text.encode("utf-8", "surrogatepass")
    else:
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BadRequest(f'The content of "{value.get("path")}" is not valid base64.') from error
    if len(content) > largest:
        raise TooLarge(
            f'"{value.get("path")}" has {len(content)} bytes; a regular file may have at most {largest}. '
            "Upload it as a large file (git-lfs or Xet)."
        )
    return content


def _sha256(value: dict[str, Any]) -> str:
    oid = value.get("oid")
    if value.get("algo", "sha256") != "sha256" or not isinstance(oid, str) or not SHA256.match(oid):
        raise BadRequest("An lfsFile is named by its sha256 in 64 lower-case hexadecimal digits.")
    return oid


def _size(value: dict[str, Any]) -> int | None:
    size = value.get("size")
    if size is None:
        return None
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise BadRequest('"size" must be a number of bytes.')
    return size


def uploads(data: dict[str, Any]) -> list[Upload]:
    """The files of a preupload question."""
    files = data.get("files")
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise BadRequest(f'"files" must be a list of at most {MOST_FILES} files.')
    return [_upload(file) for file in files]


def _upload(file: Any) -> Upload:
    if not isinstance(file, dict) or not isinstance(file.get("path"), str):
        raise BadRequest("A file of a preupload question has a path, a size and a sample.")
    checked_path(file["path"])
    sample = file.get("sample") or ""
    try:
        first = base64.b64decode(sample[:SAMPLE], validate=True) if isinstance(sample, str) else b""
    except (binascii.Error, ValueError) as error:
        raise BadRequest("A sample must be base64.") from error
    return Upload(file["path"], _size(file) or 0, first)


def upload_json(answer: UploadAnswer) -> dict[str, Any]:
    out: dict[str, Any] = {"path": answer.path, "uploadMode": answer.mode, "shouldIgnore": answer.ignored}
    if answer.oid is not None:
        out["oid"] = answer.oid
    if answer.blocking:
        out["blockedBy"] = answer.blocking
    return out


def committed_json(done: Committed, repo_url: str) -> dict[str, Any]:
    return {
        "success": True,
        "commitOid": done.oid,
        "commitUrl": f"{repo_url}/commit/{done.oid}",
        "hookOutput": "" if done.changed else "Nothing changed, so no commit was made.",
    }
