"""The journal: every recipe the hub took, as shards on the disk, so that rows can be made again without a database."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bearhug.base.blobs.disk import make_folder
from bearhug.base.blobs.incoming import sweep
from bearhug.formats.xet_shard import FileRecipe, ShardLimits, read_shard
from bearhug.formats.xet_shard_writer import write_shard
from bearhug.hub.xorbs.spool import Spool

LIMITS = ShardLimits()
_NAME = re.compile(r"[0-9a-f]{64}\Z")


class Journal:
    """Shards in a local folder: `ab/<sha256>`, each written once. They name files only; xorbs tell of themselves."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / "incoming"
        make_folder(self._incoming)

    def receive(self, limit: int = LIMITS.length) -> Spool:
        """A place for a shard that is being sent."""
        return Spool(self._incoming, limit)

    def write(self, recipes: Sequence[FileRecipe]) -> str:
        """Keep recipes durably; the name of the shard."""
        digest = hashlib.sha256()
        with self.receive() as spool:
            for piece in write_shard(recipes, []):
                spool.write(piece)
                digest.update(piece)
            path = self._path(digest.hexdigest())
            if not path.exists():
                make_folder(path.parent)
                spool.keep(path)
        return path.name

    def read(self, name: str) -> list[FileRecipe]:
        """The recipes of a shard; `ShardFormatError` when it is damaged."""
        return read_shard(self._path(name).read_bytes(), LIMITS).files

    def walk(self) -> Iterator[str]:
        """The names of all shards."""
        for path in sorted(self.root.glob("??/*")):
            if _NAME.match(path.name):
                yield path.name

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove what writers left that died."""
        return sweep(self._incoming)

    def _path(self, name: str) -> Path:
        return self.root / name[:2] / name
