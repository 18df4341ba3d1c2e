"""Large files as the Hub's clients list and delete them."""

import re
from typing import Any

from bearhug.base.clock import iso
from bearhug.base.errors import BadRequest
from bearhug.base.http.call import Call
from bearhug.hub.lfs_files.records import LfsFile
from bearhug.hub.repos.records import KINDS, RepoName
from bearhug.hub.repos.wire import full_name

MOST = 1000
MOST_COPIES = 500
_OID = re.compile(r"[0-9a-f]{64}\Z")


def file_json(file: LfsFile) -> dict[str, Any]:
    out = {"fileOid": file.oid, "filename": file.path, "oid": file.oid, "pushedAt": iso(file.pushed_at)}
    return {**out, "size": file.size, **({"ref": file.ref} if file.ref else {})}


def oid(value: object) -> str:
    if not isinstance(value, str) or not _OID.match(value):
        raise BadRequest("Large files are named by their sha256.")
    return value


def cursor(call: Call) -> str:
    text = call.one("cursor")
    return oid(text) if text else ""


def deletions(call: Call) -> tuple[list[str], bool]:
    """What is to be deleted, and whether history is to forget it."""
    data = call.json().get("deletions")
    data = data if isinstance(data, dict) else {}
    given = data.get("sha")
    if not isinstance(given, list) or len(given) > MOST:
        raise BadRequest(f'"deletions.sha" must be a list of at most {MOST} files.')
    return [oid(item) for item in given], data.get("rewriteHistory") is True


def copies(call: Call) -> tuple[RepoName, list[str]]:
    """Where the files go and which they are."""
    data = call.json()
    target, files = data.get("target"), data.get("files")
    if not isinstance(target, dict) or target.get("type") not in KINDS:
        raise BadRequest('"target" must have a "type" and a "name".')
    if not isinstance(files, list) or len(files) > MOST_COPIES:
        raise BadRequest(f'"files" must be a list of at most {MOST_COPIES} files.')
    oids = [oid(file.get("sha256") if isinstance(file, dict) else None) for file in files]
    return full_name(target.get("name"), target["type"]), list(dict.fromkeys(oids))


def failed_json(missing: list[str]) -> dict[str, Any]:
    return {"failed": [{"sha256": one, "error": "The source repository does not hold this file."} for one in missing]}
