"""Tree entries and download headers as clients read them."""

from typing import Any

from bearhug.base.clock import iso
from bearhug.base.errors import BadRequest
from bearhug.base.http.call import Call
from bearhug.hub.files.records import FileEntry, LargeFile, Resolved

MOST_PATHS = 10_000


def entry_json(item: FileEntry, *, expand: bool = False) -> dict[str, Any]:
    """One entry of tree or paths-info."""
    out: dict[str, Any] = {
        "type": item.entry.kind,
        "oid": item.entry.oid,
        "size": item.size,
        "path": item.entry.path,
    }
    if item.large:
        out["lfs"] = lfs_json(item.large)
        if item.large.xet_hash:
            out["xetHash"] = item.large.xet_hash
    if expand:
        out |= _expanded(item)
    return out


def lfs_json(large: LargeFile) -> dict[str, Any]:
    return {"oid": large.oid, "size": large.size, "pointerSize": large.pointer_size}


def _expanded(item: FileEntry) -> dict[str, Any]:
    out: dict[str, Any] = {}
    commit = item.last_commit
    if commit is not None:
        out["lastCommit"] = {"id": commit.oid, "title": commit.title, "date": iso(commit.date)}
    if item.entry.kind == "file":
        # nothing scans files on this hub, and it does not pretend to
        out["securityFileStatus"] = {"status": "unscanned", "avScan": None, "pickleImportScan": None}
    return out


def revision_and_path(call: Call) -> tuple[str, str]:
    """`rev` and `path` of the address; an unescaped `refs/pr/1` counts as one revision."""
    rev, path = call.params["rev"], call.params.get("path", "")
    if rev == "refs":
        parts = path.split("/", 2)
        if len(parts) >= 2:
            return f"refs/{parts[0]}/{parts[1]}", parts[2] if len(parts) > 2 else ""
    return rev, path


def wanted_paths(call: Call) -> tuple[list[str], bool]:
    """`paths` and `expand` of a paths-info question, which clients send as a form or as JSON."""
    if call.header("content-type").startswith("application/json"):
        data = call.json()
        paths, expand = data.get("paths", []), data.get("expand", False)
    else:
        form = call.form()
        paths, expand = form.get("paths", []), form.get("expand", ["false"])[-1]
    if isinstance(paths, str):
        paths = [paths]
    if not isinstance(paths, list) or len(paths) > MOST_PATHS or not all(isinstance(p, str) for p in paths):
        raise BadRequest(f'"paths" must be a list of at most {MOST_PATHS} paths.')
    return paths, str(expand).lower() in ("true", "1")


def file_headers(found: Resolved) -> dict[str, str]:
    """What a client learns of a file from its headers."""
    headers = {"x-repo-commit": found.commit}
    if found.large:
        headers["x-linked-etag"] = f'"{found.large.oid}"'
        headers["x-linked-size"] = str(found.large.size)
    return headers


def chunk_headers(found: Resolved, base_url: str, store: str) -> dict[str, str]:
    """Where a client that speaks Xet asks for a token and for the chunks; `store` is the address of the chunk store."""
    if not found.large or not found.large.xet_hash:
        return {}
    token = f"{base_url}/{found.repo.api_path}/xet-read-token/{found.commit}"
    info = f"{base_url}{store}/v1/reconstructions/{found.large.xet_hash}"
    return {
        "x-xet-hash": found.large.xet_hash,
        "x-xet-refresh-route": token,
        "link": f'<{token}>; rel="xet-auth", <{info}>; rel="xet-reconstruction-info"',
    }
