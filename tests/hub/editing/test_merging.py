"""Changes of different lines are put together; those of the same lines are left to people."""

from tests.hub.editing.test_pages import content, fields
from tests.hubbox import HubBox
from tests.people import ADA
from tests.reading import look, sign_in
from tests.repowork import commit, make

from bearhug.hub.editing.merging import merged

BASE = "".join(f"line {n}\n" for n in range(9))
MINE = BASE.replace("line 1\n", "mine\n")
THEIRS = BASE.replace("line 7\n", "theirs </textarea>\n")


def test_different_lines_are_put_together() -> None:
    both = merged(BASE.encode(), MINE.encode(), THEIRS.encode())
    assert both == MINE.replace("line 7\n", "theirs </textarea>\n").encode()


def test_the_same_lines_are_not() -> None:
    assert merged(b"a\n", b"b\n", b"c\n") is None
    assert merged(b"\0a", b"\0b", b"\0c") is None


def test_who_was_overtaken_takes_both_changes_over(box: HubBox) -> None:
    make(box)
    commit(box, "ada/m", {"a.txt": BASE})
    sign_in(box, ADA)
    form = fields(look(box, "/ada/m/edit/main/a.txt"))
    commit(box, "ada/m", {"a.txt": THEIRS})
    sent = {**form, "text": MINE, "deed": "commit", "where": "here", "summary": "Say mine"}
    overtaken = box.http.post("/ada/m/edit/main/a.txt", data=sent)
    assert overtaken.status_code == 409
    assert "different lines" in overtaken.text
    together = fields(overtaken)
    assert together["summary"] == "Say mine"
    seen = box.http.post("/ada/m/edit/main/a.txt", data={**together, "deed": "look"})
    assert seen.status_code == 200
    assert (
        box.http.post("/ada/m/edit/main/a.txt", data={**fields(seen), "deed": "commit", "where": "here"}).status_code
        == 303
    )
    assert content(box, "a.txt").decode() == MINE.replace("line 7\n", "theirs </textarea>\n")
