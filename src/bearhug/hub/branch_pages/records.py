"""What the pages of branches and tags show."""

from collections.abc import Sequence
from dataclasses import dataclass

from bearhug.hub.git.records import Ref
from bearhug.hub.history.records import Entered


@dataclass(frozen=True)
class RefRow:
    """A branch or tag with its commit; `ahead` and `behind` count commits against main, None where nobody counted."""

    ref: Ref
    entered: Entered
    ahead: int | None = None
    behind: int | None = None

    @property
    def is_main(self) -> bool:
        return self.ref.ref == "refs/heads/main"


@dataclass(frozen=True)
class RefPage:
    """One page of branches or tags; `branches` and `tags` count all that match."""

    rows: Sequence[RefRow]
    page: int
    pages: int
    branches: int
    tags: int
    names: Sequence[str]
