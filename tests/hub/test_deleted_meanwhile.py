"""A repository that is deleted between the check of access and what follows: it is not there, for everybody alike."""

from collections.abc import Callable

import httpx
import pytest
from tests.hubbox import HubBox
from tests.people import ADA

from bearhug.base.errors import RepoNotFound
from bearhug.hub.repos.records import RepoName

COMMIT = b'{"key":"header","value":{"summary":"s"}}\n{"key":"file","value":{"path":"new.txt","content":"x"}}\n'
NDJSON = {"content-type": "application/x-ndjson"}
ASKED: dict[str, Callable[[HubBox], httpx.Response]] = {
    "commit": lambda box: box.post(ADA, "/api/models/ada/gone/commit/main", content=COMMIT, headers=NDJSON),
    "branch": lambda box: box.post(ADA, "/api/models/ada/gone/branch/dev", json={}),
    "tag": lambda box: box.post(ADA, "/api/models/ada/gone/tag/main", json={"tag": "v1"}),
    "squash": lambda box: box.post(ADA, "/api/models/ada/gone/super-squash/main", json={"message": "one"}),
    "info": lambda box: box.get(ADA, "/api/models/ada/gone"),
    "tree": lambda box: box.get(ADA, "/api/models/ada/gone/tree/main"),
    "refs": lambda box: box.get(ADA, "/api/models/ada/gone/refs"),
    "commits": lambda box: box.get(ADA, "/api/models/ada/gone/commits/main"),
    "resolve": lambda box: box.get(ADA, "/ada/gone/resolve/main/.gitattributes"),
    "preupload": lambda box: box.post(ADA, "/api/models/ada/gone/preupload/main", json={"files": []}),
    "fetch": lambda box: box.get(ADA, "/ada/gone.git/info/refs?service=git-upload-pack"),
    "push": lambda box: box.get(ADA, "/ada/gone.git/info/refs?service=git-receive-pack"),
}


@pytest.mark.parametrize("what", ASKED)
def test_a_repository_without_its_folder_is_not_found(box: HubBox, what: str) -> None:
    assert box.post(ADA, "/api/repos/create", json={"name": "gone"}).status_code == 200
    box.app.git.discard(next(box.app.repos.walk()).folder)
    answer = ASKED[what](box)
    assert (answer.status_code, answer.headers.get("x-error-code")) == (404, "RepoNotFound"), answer.text


def test_a_commit_to_a_repository_that_is_deleted_meanwhile_is_refused(box: HubBox) -> None:
    from bearhug.hub.commits.records import AddFile, Header

    box.post(ADA, "/api/repos/create", json={"name": "gone"})
    with box.app.commits.begin(box.actor(ADA), RepoName("model", "ada", "gone"), "main") as draft:
        draft.add(Header("s", "", None))
        draft.add(AddFile("new.txt", b"x"))
        box.delete(ADA, "/api/repos/delete", json={"name": "gone"})
        with pytest.raises(RepoNotFound):
            draft.finish()
    assert list(box.app.repos.walk()) == []
