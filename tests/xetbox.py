"""A client of Xet in process: packs files into xorbs and shards with the hub's own formats, sends and fetches them."""

import hashlib
import io
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
from click.testing import CliRunner
from tests.hubbox import HubBox
from tests.people import NOBODY, Person

from bearhug.cli import main
from bearhug.formats.xet_codec import pack_chunk
from bearhug.formats.xet_hashes import hash_to_text, range_hash
from bearhug.formats.xet_merkle import file_hash
from bearhug.formats.xet_packer import FilePacker
from bearhug.formats.xet_shard import TERM, FileRecipe
from bearhug.formats.xet_shard_writer import write_shard
from bearhug.formats.xet_xorb import XorbIndex, decode_range, scan_xorb
from bearhug.hub.repos.records import RepoName
from bearhug.hub.repos.service import NewRepo


def noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Packed:
    """Files as a client packs them: bodies of xorbs by their names, and recipes."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    files: list[FileRecipe] = field(default_factory=list)
    indexes: dict[bytes, XorbIndex] = field(default_factory=dict)

    @property
    def shard(self) -> bytes:
        return b"".join(write_shard(self.files, []))

    @property
    def name(self) -> str:
        """The Xet hash of the first file."""
        return hash_to_text(self.files[0].file_hash)


def pack(*contents: bytes) -> Packed:
    packed = Packed()

    def seal(body: Any, index: XorbIndex) -> None:
        packed.bodies[hash_to_text(index.xorb_hash)] = body.getvalue()
        packed.indexes[index.xorb_hash] = index

    packer = FilePacker(io.BytesIO, seal)
    for content in contents:
        packer.add_file([content])
    packed.files = packer.close()
    return packed


def xorb_of(chunks: Iterable[bytes]) -> bytes:
    return b"".join(pack_chunk(chunk) for chunk in chunks)


def recipe(index: XorbIndex, ranges: Sequence[tuple[int, int]], sha256: bytes | None) -> FileRecipe:
    """A true recipe of chunk ranges of one xorb."""
    rows = [(index.xorb_hash, 0, index.range_length(start, end), start, end) for start, end in ranges]
    hashes = b"".join(index.range_hashes(start, end) for start, end in ranges)
    lengths = np.concatenate([index.lengths[start:end] for start, end in ranges])
    proofs = b"".join(range_hash(index.range_hashes(start, end)) for start, end in ranges)
    return FileRecipe(file_hash(hashes, lengths), np.array(rows, TERM), proofs, sha256)


class XetClient:
    """One person's client."""

    def __init__(self, box: HubBox) -> None:
        self.box = box

    def create(self, person: Person, name: str, **more: Any) -> int:
        kind = more.pop("kind", "model")
        return self.box.app.repos.create(self.box.actor(person), NewRepo(kind, name, **more)).id

    def repo_id(self, person: Person, name: str) -> int:
        with self.box.app.db.reading() as tx:
            return self.box.app.repos.open(tx, self.box.actor(person), RepoName("model", *name.split("/"))).id

    def owner_id(self, name: str) -> int:
        return self.box.app.accounts.get(name).id

    def command(self, *arguments: str) -> str:
        """What `bearhug …` prints."""
        env = {"BEARHUG_DATABASE_URL": self.box.config.database_url}
        done = CliRunner().invoke(main, [*arguments, "--data", str(self.box.config.data)], env=env)
        assert done.exit_code == 0, done.output
        return str(done.output)

    # tokens ------------------------------------------------------------------------------------------------

    def ask_token(
        self, person: Person, repo: str, scope: str = "write", *, rev: str = "main", kinds: str = "models"
    ) -> httpx.Response:
        return self.box.get(person, f"/api/{kinds}/{repo}/xet-{scope}-token/{rev}")

    def door(self, person: Person, repo: str, scope: str = "write") -> "Door":
        answer = self.ask_token(person, repo, scope)
        assert answer.status_code == 200, answer.text
        given = answer.json()
        return Door(self.box, given["casUrl"].removeprefix("http://hub.test"), given["accessToken"])

    # all together ------------------------------------------------------------------------------------------

    def send(self, person: Person, repo: str, *contents: bytes, session: str = "s") -> Packed:
        """Send files as chunks; they are not committed."""
        packed, door = pack(*contents), self.door(person, repo)
        for name, body in packed.bodies.items():
            assert door.post(f"/v1/xorbs/default/{name}", content=body).status_code == 200
        answer = door.post("/v1/shards", content=packed.shard)
        assert answer.status_code == 200, answer.text
        return packed

    def commit(self, person: Person, repo: str, files: dict[str, bytes], *, kinds: str = "models") -> httpx.Response:
        """Commit large files that were sent."""
        lines: list[dict[str, Any]] = [{"key": "header", "value": {"summary": "Add files"}}]
        for path, content in files.items():
            value = {"path": path, "algo": "sha256", "oid": sha(content), "size": len(content)}
            lines.append({"key": "lfsFile", "value": value})
        body = "".join(json.dumps(line) + "\n" for line in lines)
        headers = {"content-type": "application/x-ndjson"}
        return self.box.post(person, f"/api/{kinds}/{repo}/commit/main", content=body, headers=headers)

    def add(self, person: Person, repo: str, files: dict[str, bytes]) -> Packed:
        """Send and commit."""
        packed = self.send(person, repo, *files.values())
        answer = self.commit(person, repo, files)
        assert answer.status_code == 200, answer.text
        return packed

    def fetch(self, person: Person, repo: str, file: str, span: str | None = None) -> bytes:
        """Put a file together as clients do, by reconstructions of the second kind."""
        door = self.door(person, repo, "read")
        headers = {"range": f"bytes={span}"} if span else {}
        answer = door.get(f"/v2/reconstructions/{file}", headers=headers)
        assert answer.status_code == 200, answer.text
        return put_together(self.box, answer.json())

    def grind(self) -> None:
        """Run every slow job that is due."""
        self.box.app.mill.drain()


class Door:
    """The chunk store as one token opens it."""

    def __init__(self, box: HubBox, path: str, token: str) -> None:
        self._box = box
        self.path = path
        self.token = token

    def ask(self, method: str, path: str, *, session: str = "session-1", **options: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", "x-xet-session-id": session}
        headers |= dict(options.pop("headers", {}))
        return self._box.ask(method, NOBODY, self.path + path, headers=headers, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("POST", path, **options)


def put_together(box: HubBox, told: dict[str, Any]) -> bytes:
    """The bytes that a reconstruction tells of, each range fetched by its address."""
    chunks: dict[tuple[str, int], bytes] = {}
    for xorb, entries in told["xorbs"].items():
        for entry in entries:
            for part in entry["ranges"]:
                span = f"bytes={part['bytes']['start']}-{part['bytes']['end']}"
                got = box.get(NOBODY, entry["url"].removeprefix("http://hub.test"), headers={"range": span})
                assert got.status_code == 206, got.text
                numbers = range(part["chunks"]["start"], part["chunks"]["end"])
                for number, chunk in zip(numbers, decoded(got.content), strict=True):
                    chunks[xorb, number] = chunk
    out = b""
    for term in told["terms"]:
        numbers = range(term["range"]["start"], term["range"]["end"])
        block = b"".join(chunks[term["hash"], number] for number in numbers)
        assert len(block) == term["unpacked_length"]
        out += block
    return out[told["offset_into_first_range"] :]


def decoded(part: bytes) -> list[bytes]:
    index = scan_xorb(part)
    return list(decode_range(part, index, 0, index.count))
