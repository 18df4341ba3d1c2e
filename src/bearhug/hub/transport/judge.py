"""What a push may bring: sizes, git-lfs pointers, file names, the card."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bearhug.formats import alike_names, lfs_pointer
from bearhug.formats.gitattributes import NAME as ATTRIBUTES
from bearhug.formats.gitattributes import AttributesByFolder
from bearhug.formats.lfs_pointer import Pointer
from bearhug.formats.paths import DEEPEST, LONGEST_NAME, LONGEST_PATH, PathError, are_plain, check_path
from bearhug.hub.cards import validation
from bearhug.hub.lfs.service import Lfs
from bearhug.hub.repos.records import Repo
from bearhug.hub.transport import wording
from bearhug.hub.transport.delivery import Delivery, TooManyFiles
from bearhug.hub.transport.records import Folder, Limits, Update, Verdict

CARD = "README.md"
SMALL_FILE = 1 << 20


@dataclass(frozen=True)
class Judge:
    """Looks through the new objects of a push; says what is wrong in words for the pusher."""

    lfs: Lfs
    limits: Limits

    def judge(self, repo: Repo, delivery: Delivery, updates: Sequence[Update]) -> Verdict:
        """A paragraph for each kind of problem; none when the push may pass."""
        large, pointers = self._sort(delivery)
        found = [
            *self._over_quota(repo, delivery),
            *self._too_large(delivery, updates, large),
            *self._without_content(repo, delivery, updates, pointers),
        ]
        return Verdict(
            tuple(found or self._tips(repo, delivery, updates)), frozenset(pointer.oid for pointer in pointers.values())
        )

    def _tips(self, repo: Repo, delivery: Delivery, updates: Sequence[Update]) -> list[str]:
        try:
            return [problem for update in updates for problem in self._tip(repo, delivery, update)]
        except TooManyFiles:
            return ["It holds more files, or deeper folders, than a repository may have."]

    # all new objects ---------------------------------------------------------------------------------------

    def _over_quota(self, repo: Repo, delivery: Delivery) -> Iterator[str]:
        quota = self.limits.quota
        if quota is not None and repo.used_storage + (weight := delivery.weight()) > quota:
            used, most = wording.size(repo.used_storage), wording.size(quota)
            yield (
                f"It adds {wording.size(weight)} to a repository that holds {used} already and may hold {most} in all."
            )

    def _sort(self, delivery: Delivery) -> tuple[dict[str, int], dict[str, Pointer]]:
        """Blobs that are too large with their sizes, and blobs that are pointers."""
        large, small = delivery.arrivals.sort(over=self.limits.largest)
        found = ((oid, lfs_pointer.parse(delivery.read(oid))) for oid in small)
        return large, {oid: pointer for oid, pointer in found if pointer is not None}

    def _too_large(self, delivery: Delivery, updates: Sequence[Update], large: Mapping[str, int]) -> Iterator[str]:
        sizes = {oid: size for oid, size in large.items() if not delivery.was_there(oid)}
        if sizes:
            names = delivery.names(sizes, updates)
            lines = sorted(f"{names[oid]} ({wording.size(size)})" for oid, size in sizes.items())
            yield (
                f"Files over {wording.size(self.limits.largest)} belong into git-lfs. Too large in these commits:\n"
                f"{wording.listing(lines)}\n"
                "Rewrite the commits so that git-lfs holds them, then push again:\n"
                "  git lfs install\n"
                f"  git lfs migrate import --include={wording.include(names.values())}"
            )

    def _without_content(
        self, repo: Repo, delivery: Delivery, updates: Sequence[Update], pointers: Mapping[str, Pointer]
    ) -> Iterator[str]:
        reasons = {oid: reason for oid, reason in self._unknown(repo, pointers).items() if not delivery.was_there(oid)}
        if reasons:
            names = delivery.names(reasons, updates)
            lines = sorted(f"{names[oid]} ({reason})" for oid, reason in reasons.items())
            yield (
                "The content of these git-lfs files is not in this repository:\n"
                f"{wording.listing(lines)}\n"
                "Upload it, then push again:\n"
                "  git lfs push --all origin"
            )

    def _unknown(self, repo: Repo, pointers: Mapping[str, Pointer]) -> dict[str, str]:
        """Blob to reason, for pointers whose object this repository does not hold."""
        if not pointers:
            return {}
        with self.lfs.repos.db.reading() as tx:
            sizes = self.lfs.linked_sizes(tx, repo.id, {pointer.oid for pointer in pointers.values()})
        found = {}
        for blob, pointer in pointers.items():
            if pointer.oid not in sizes:
                found[blob] = f"sha256 {pointer.oid}"
            elif sizes[pointer.oid] != pointer.size:
                found[blob] = f"it has {sizes[pointer.oid]} bytes, the pointer says {pointer.size}"
        return found

    # the new tip of one reference --------------------------------------------------------------------------

    def _tip(self, repo: Repo, delivery: Delivery, update: Update) -> Iterator[str]:
        if update.deletes:
            return
        attributes = AttributesByFolder(lambda path: _text(delivery.tip_file(update, path, limit=SMALL_FILE)))
        bad_names: list[str] = []
        not_in_lfs: list[str] = []
        for folder in delivery.changes(update):
            bad_names += _bad_names(folder)
            in_lfs = attributes.lfs_files(folder.path, folder.changed)
            not_in_lfs += [folder.path + name for name in in_lfs if _is_content(delivery, folder.changed[name].hex())]
            if not folder.path and CARD in folder.changed:
                yield from self._card(repo, delivery, folder.changed[CARD].hex())
        if bad_names:
            yield f"These file names cannot be used in {update.ref}:\n{wording.listing(bad_names)}"
        if not_in_lfs:
            yield _not_in_lfs(not_in_lfs)

    def _card(self, repo: Repo, delivery: Delivery, blob: str) -> Iterator[str]:
        if delivery.size(blob) > self.limits.largest:
            return
        errors = validation.review(repo.kind, _text(delivery.read(blob))).errors
        if errors:
            yield f"The metadata at the top of {CARD} is not valid:\n{wording.listing(errors)}"


def _not_in_lfs(paths: Sequence[str]) -> str:
    return (
        f"{ATTRIBUTES} sends these files to git-lfs, but they were committed without it:\n"
        f"{wording.listing(paths)}\n"
        "Set git-lfs up, commit them again, then push:\n"
        "  git lfs install\n"
        "  git add --renormalize . && git commit --amend --no-edit"
    )


def _is_content(delivery: Delivery, blob: str) -> bool:
    """Whether a blob is a file's own content: neither a pointer nor empty (git-lfs leaves empty files alone)."""
    size = delivery.size(blob)
    if size == 0:
        return False
    return size > lfs_pointer.LARGEST or lfs_pointer.parse(delivery.read(blob)) is None


def _bad_names(folder: Folder) -> list[str]:
    """Names that came new into a folder; the names of folders around it were looked at where they came new."""
    if not folder.added:
        return []
    crowded = len(folder.path.encode("utf-8", "surrogateescape")) > LONGEST_PATH - LONGEST_NAME
    prefix = folder.path if crowded or folder.path.count("/") >= DEEPEST else ""
    found = []
    for name in folder.added if prefix or not are_plain(folder.added) else ():
        try:
            check_path(prefix + name)
        except PathError as error:
            found.append(f"{folder.path}{name}: {error}")
    added = set(folder.added)
    before = [name for name in folder.names if name not in added]
    pairs = alike_names.alike(folder.names, before)
    return found + [f"{folder.path}{one} and {other}: {alike_names.WHY}" for one, other in pairs]


def _text(content: bytes | None) -> str:
    return (content or b"").decode("utf-8", "replace")
