"""What repositories are looked for by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """All of it must be true. `words` stand in names or texts, `names` in names; `tags` and `kind` are exact."""

    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    kind: str = ""
