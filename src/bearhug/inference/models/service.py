"""Models as local folders: asked for by their readers, filled once, kept while there is room."""

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bearhug.base.blobs.disk import rename_synced
from bearhug.base.content import Content
from bearhug.base.db import Tx
from bearhug.base.errors import EntryNotFound, GatedRepo, RepoNotFound, TooLarge, Unprocessable
from bearhug.formats.paths import PathError, check_path
from bearhug.hub.access.records import Actor
from bearhug.hub.cards.service import Cards
from bearhug.hub.files.service import Files, Opened
from bearhug.hub.repos.records import RepoName
from bearhug.inference.models.records import Checkout, Seen, Selection
from bearhug.inference.models.selection import pickles_of
from bearhug.inference.tasks import adapter

MOST_FILES = 2000
KEPT = 64
BLOCK = 8 << 20
NAMED = re.compile(r"[A-Za-z0-9][\w.-]*/\w[\w.-]*\Z", re.ASCII)


class Models:
    """Local folders below `root`. Large files are linked where the disk allows it, and copied where not."""

    def __init__(self, files: Files, cards: Cards, root: Path) -> None:
        self._files = files
        self._cards = cards
        self._root = root
        self._locks: dict[str, threading.Lock] = {}
        self._sizes: dict[str, int] = {}
        self._lock = threading.Lock()

    def seen(self, actor: Actor, name: RepoName, rev: str) -> Seen:
        """What is known of a revision that the actor may read, without its files."""
        with self._files.repos.db.reading() as tx:
            opened = self._files.open(tx, actor, name, rev)
            facts = self._cards.facts_at(tx, opened.repo, opened.revision.oid, opened.reading)
        return Seen(opened.repo, opened.revision.oid, facts)

    def checkout(self, actor: Actor, name: RepoName, rev: str, selection: Selection) -> Checkout:
        """The files of a revision that the actor may read; an adapter's beside those of its base."""
        found = self._plain(actor, name, rev, selection)
        said = adapter.base_of(found.folder)
        if not said:
            return found
        wanted = base_name(said, found.facts.get("card_data"))
        try:
            base = self._plain(actor, RepoName("model", *wanted.split("/")), "main", selection)
        except (RepoNotFound, GatedRepo) as error:
            raise Unprocessable(
                f"This model is an adapter of {wanted}, which is not in this hub, or not for you to read. "
                "Publish it here under that name, or merge the two and publish the result."
            ) from error
        return self._on_base(found, base)

    def _on_base(self, found: Checkout, base: Checkout) -> Checkout:
        folder = self._root / f"{found.folder.name}-on-{base.repo.id}-{base.commit}"
        with self._alone(folder.name):
            if not folder.is_dir():
                with tempfile.TemporaryDirectory(dir=self._root, prefix="new-") as made:
                    place = Path(made) / "model"
                    for name, source in ((adapter.ADAPTER, found.folder), (adapter.BASE, base.folder)):
                        shutil.copytree(source, place / name, copy_function=_link)
                    rename_synced(place, folder)
                self._forget_old()
            os.utime(folder)
        facts = {**found.facts, "safetensors": base.facts.get("safetensors")}
        return replace(found, folder=folder, size=found.size + base.size, facts=facts, base=base.commit)

    def _plain(self, actor: Actor, name: RepoName, rev: str, selection: Selection) -> Checkout:
        with self._files.repos.db.reading() as tx:
            opened = self._files.open(tx, actor, name, rev)
            facts = self._cards.facts_at(tx, opened.repo, opened.revision.oid, opened.reading)
        folder = self._root / f"{opened.repo.id}-{opened.revision.oid}-{selection.name}"
        with self._alone(folder.name):
            if not folder.is_dir():
                self._fill(opened, folder, selection)
                self._forget_old()
            os.utime(folder)
            if folder.name not in self._sizes:  # a revision's files never change
                self._sizes[folder.name] = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            size = self._sizes[folder.name]
        return Checkout(opened.repo, opened.revision.oid, folder, size, facts)

    def pickles(self, actor: Actor, name: RepoName, rev: str) -> list[str]:
        """Weights of a revision that are pickles."""
        with self._files.repos.db.reading() as tx:
            return pickles_of(self._files.all_files(self._files.open(tx, actor, name, rev)))

    def file(self, actor: Actor, name: RepoName, path: str, *, most: int) -> bytes:
        """One small file of main. Raises EntryNotFound, and TooLarge beyond `most` bytes."""
        try:
            wanted = check_path(path)
        except PathError as error:
            raise EntryNotFound from error
        with self._files.repos.db.reading() as tx:
            opened = self._files.open(tx, actor, name, "main")
            content = self._files.content(tx, opened, wanted)
        if content.size > most:
            raise TooLarge(f"The file has more than {most >> 20} MiB.")
        if content.path is not None:
            return Path(content.path).read_bytes()
        if content.blocks is not None:
            return b"".join(bytes(block) for block in content.blocks(0, content.size))
        return content.read_at(0, content.size)

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            yield

    def _fill(self, opened: Opened, folder: Path, selection: Selection) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        wanted = selection.choose(self._files.all_files(opened))
        if len(wanted) > MOST_FILES:
            raise Unprocessable(f"This model has more than {MOST_FILES:,} files.")
        with tempfile.TemporaryDirectory(dir=self._root, prefix="new-") as made:
            place = Path(made) / "model"
            place.mkdir()
            with self._files.repos.db.reading() as tx:
                for one in wanted:
                    self._put(tx, opened, place, one.entry.path)
            rename_synced(place, folder)

    def _put(self, tx: Tx, opened: Opened, place: Path, path: str) -> None:
        try:
            target = place / check_path(path)
        except PathError as error:
            raise Unprocessable(f"A file of this model has a name that cannot be used: {error}") from error
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(self._files.content(tx, opened, path), target)

    def _forget_old(self) -> None:
        folders = sorted(self._root.glob("*-*-*"), key=lambda one: -one.stat().st_mtime)
        for folder in folders[KEPT:]:
            shutil.rmtree(folder, ignore_errors=True)
            self._sizes.pop(folder.name, None)


def _write(content: Content, target: Path) -> None:
    if content.path is not None:
        _link(content.path, target)
        return
    with target.open("wb") as file:
        if content.blocks is not None:
            for block in content.blocks(0, content.size):
                file.write(block)
            return
        for at in range(0, content.size, BLOCK):
            file.write(content.read_at(at, min(BLOCK, content.size - at)))


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)


def base_name(said: str, card: Any) -> str:
    """OWNER/NAME of the model that an adapter belongs on: as its configuration says, where that is no path of another
    machine, else as its card does. Raises Unprocessable.
    """
    named = card.get("base_model") if isinstance(card, dict) else None
    listed = named if isinstance(named, list) else [named]
    found = next((one for one in (said, *listed) if isinstance(one, str) and NAMED.match(one)), None)
    if found is None:
        raise Unprocessable(
            f'adapter_config.json of this model says that it is an adapter of "{said[:100]}", which is no name of a '
            'model. Put OWNER/NAME into its "base_model_name_or_path", or into "base_model" of the card.'
        )
    return found
