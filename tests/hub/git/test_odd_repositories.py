"""Reading what git takes but nobody would write by hand."""

import pytest
from tests.gitwork import Workshop
from tests.hubbox import HubBox

from bearhug.base.errors import EntryNotFound, RevisionNotFound
from bearhug.hub.git.reading import Reading


@pytest.fixture
def shop(box: HubBox) -> Workshop:
    """A repository that no row knows."""
    box.app.git.create("0" * 24, {"README.md": b"hello"}, "ada")
    return Workshop(box.app.git, "0" * 24)


def opened(shop: Workshop) -> tuple[Reading, str]:
    return shop.git.read(shop.folder), shop.tip() or ""


def test_folders_nested_deeper_than_python_can_recurse_are_walked(shop: Workshop) -> None:
    path = "d/" * 1200 + "x"
    shop.grow([{path: "deep", "e": "e"}])
    reading, tip = opened(shop)
    entries = list(reading.walk(tip))
    assert len(entries) == 1203
    assert entries[1201].path == path
    assert [entry.path for entry in reading.walk(tip, after=path)] == ["e"]


@pytest.mark.parametrize("path", ["a\0", "a\0b", "a/x\0", "\0"])
def test_a_path_ends_where_it_ends_and_not_at_nul(shop: Workshop, path: str) -> None:
    shop.commit({"a/x": "1"})
    reading, tip = opened(shop)
    assert reading.entry(tip, path) is None
    with pytest.raises(EntryNotFound):
        reading.entries(tip, path)


def test_files_are_no_folders(shop: Workshop) -> None:
    reading, tip = opened(shop)
    with pytest.raises(EntryNotFound):
        reading.entries(tip, "README.md")
    with pytest.raises(EntryNotFound):
        list(reading.walk(tip, "README.md"))


@pytest.mark.parametrize("name", ["main\0", "main\0x", "x" * 5000, "\udcff", "a b", "../../HEAD", ""])
def test_what_cannot_be_a_reference_is_no_revision(shop: Workshop, name: str) -> None:
    with pytest.raises(RevisionNotFound):
        opened(shop)[0].revision(name)


@pytest.mark.parametrize(
    ("encoding", "message", "read"),
    [
        ("ISO-8859-1", b"h\xf6llo", "höllo"),
        ("GBK", "你好".encode("gbk"), "你好"),
        ("no-such-encoding", "héllo".encode(), "héllo"),
        ("zlib", b"hello", "hello"),
        ("UTF-7", b"+2AA-x", "?x"),
        ("utf-8", b"h\xf6llo", "h\ufffdllo"),
    ],
)
def test_messages_are_read_in_whatever_encoding(shop: Workshop, encoding: str, message: bytes, read: str) -> None:
    tree = shop.run("rev-parse", "main^{tree}").strip()
    lines = [f"tree {tree}", "author J <j@x> 1 +0000", "committer J <j@x> 1 +0000", f"encoding {encoding}", "", ""]
    oid = shop.run("hash-object", "-t", "commit", "-w", "--stdin", stdin="\n".join(lines).encode() + message).strip()
    commit = shop.git.read(shop.folder).commit(oid)
    assert commit.title.encode("utf-8").decode() == read


@pytest.mark.parametrize(("seconds", "year"), [("0", 1970), ("99999999999999", 9999), ("253402300799", 9999)])
def test_dates_beyond_the_calendar_are_held_within_it(shop: Workshop, seconds: str, year: int) -> None:
    tree = shop.run("rev-parse", "main^{tree}").strip()
    who = f"J <j@x> {seconds} +0000"
    raw = f"tree {tree}\nauthor {who}\ncommitter {who}\n\nWords\n".encode()
    oid = shop.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw).strip()
    assert shop.git.read(shop.folder).commit(oid).date.year == year
