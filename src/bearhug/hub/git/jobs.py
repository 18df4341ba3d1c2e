"""After pushes: keep the repository's folder in good order."""

from typing import Any

from bearhug.base.worker import Cancelled, Run
from bearhug.hub.git import upkeep
from bearhug.hub.git.service import Git

UPKEEP = "git.upkeep"
"""The job's kind; it listens to `repo.pushed`."""


class Upkeep:
    """The upkeep of one repository; does next to nothing while it is in good order."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def tend(self, payload: dict[str, Any], run: Run) -> None:
        """A job's handler: `payload["folder"]` is the repository's folder name."""
        folder = str(payload["folder"])
        path = self._git.path(folder)
        if not path.is_dir():
            return
        upkeep.sweep(path)
        if upkeep.needs_packing(path):
            with self._git.packing(folder):
                done = upkeep.pack(path, run.stop.is_set)
            if not done:
                raise Cancelled
        if upkeep.needs_packed_refs(path):
            self._pack_refs(folder)

    def _pack_refs(self, folder: str) -> None:
        hold = self._git.hold(folder)
        try:
            hold.take()
            with self._git.writing(folder):
                upkeep.pack_refs(self._git.path(folder), hold)
        finally:
            hold.close()
