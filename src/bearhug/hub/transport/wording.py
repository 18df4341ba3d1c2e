"""The words that appear on the terminal of somebody whose push is refused."""

from collections.abc import Collection, Iterable

MOST_LINES = 10
LONGEST_LINE = 300
LONGEST_TEXT = 16_000


def refusal(problems: Iterable[str]) -> str:
    """The whole message: one paragraph a problem."""
    text = "\n\n".join(["\nThis push was refused.", *problems])
    return "\n".join(_printable(line) for line in text.split("\n"))[:LONGEST_TEXT] + "\n"


def listing(items: Collection[str]) -> str:
    """The first few of these, indented, a line each."""
    lines = [f"  {item}" for item in list(items)[:MOST_LINES]]
    if len(items) > MOST_LINES:
        lines.append(f"  and {len(items) - MOST_LINES} more")
    return "\n".join(lines)


def size(count: int) -> str:
    """Bytes in the unit that suits: `512 bytes`, `1.5 MiB`, `10 MiB`."""
    unit, scale = "bytes", 1
    for larger in ("KiB", "MiB", "GiB"):
        if count >= scale * 1024:
            unit, scale = larger, scale * 1024
    return f"{count / scale:.1f}".removesuffix(".0") + f" {unit}"


def include(paths: Collection[str]) -> str:
    """The patterns of `git lfs migrate import --include`, quoted for a shell."""
    names = sorted({_pattern(path) for path in paths})[:MOST_LINES]
    return "'" + ",".join(names).replace("'", "'\\''") + "'"


def _pattern(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    _, dot, suffix = name.rpartition(".")
    return f"*.{suffix}" if dot and suffix.isalnum() else name


def _printable(line: str) -> str:
    """No control or invisible character reaches the terminal."""
    shown = "".join(ch if ch.isprintable() else f"\\x{ord(ch):02x}" for ch in line)
    return shown[:LONGEST_LINE]
