"""Where a commit puts its files: nothing is lost because a name is a file to one and a folder to the other."""

from collections.abc import Collection, Iterator

from bearhug.base.errors import Unprocessable
from bearhug.hub.git.reading import Reading
from bearhug.hub.git.records import Entry


class Places:
    """The places of a commit on `tip`; `gone` are the paths that the same commit takes away, with all below them."""

    def __init__(self, reading: Reading, tip: str, gone: Collection[str] = ()) -> None:
        self._reading = reading
        self._tip = tip
        self._gone = frozenset(gone)
        self._folders: set[str] = set()

    def mode(self, path: str) -> str:
        """The mode that a file at `path` gets; an executable file stays one. Unprocessable where it cannot be."""
        entry = self._reading.entry(self._tip, path)
        blocking = self._blocking(path, entry)
        if blocking == path:
            raise Unprocessable(f'"{path}" is a folder. Delete it before you put a file in its place.')
        if blocking:
            raise Unprocessable(
                f'"{blocking}" is a file, so "{path}" cannot be in it. Delete or rename that file first.'
            )
        return "100755" if entry is not None and entry.kind == "file" and entry.mode & 0o111 else "100644"

    def blocking(self, path: str) -> str:
        """What would have to go before a file can be at `path`: a file above it, or a folder there; "" for nothing."""
        return self._blocking(path, self._reading.entry(self._tip, path))

    def _blocking(self, path: str, entry: Entry | None) -> str:
        above = next((folder for folder in self._new_folders(path) if self._is_file(folder)), "")
        if above:
            return above
        self._folders.update(_above(path))
        return path if entry is not None and entry.kind == "directory" and self._has_rest(path) else ""

    def refuse_both(self, files: Collection[str]) -> None:
        """Unprocessable where one of the files lies below another."""
        for path in sorted(self._folders & set(files))[:1]:
            raise Unprocessable(f'"{path}" cannot be a file and a folder in one commit.')

    def _new_folders(self, path: str) -> Iterator[str]:
        return (folder for folder in _above(path) if folder not in self._folders)

    def _is_file(self, path: str) -> bool:
        entry = self._reading.entry(self._tip, path)
        return entry is not None and entry.kind != "directory" and not self._is_gone(path)

    def _has_rest(self, folder: str) -> bool:
        """Whether anything stays in a folder; what lies below is looked at only until something is found."""
        if self._is_gone(folder):
            return False
        return any(self._stays(entry) for entry in self._reading.walk(self._tip, folder))

    def _stays(self, entry: Entry) -> bool:
        return entry.kind != "directory" and not self._is_gone(entry.path)

    def _is_gone(self, path: str) -> bool:
        return bool(self._gone) and (path in self._gone or any(folder in self._gone for folder in _above(path)))


def _above(path: str) -> list[str]:
    """The folders that a path lies in, the outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]
