"""References, branches, tags and squashing."""

from starlette.responses import Response

from bearhug.base.errors import BadRequest, Conflict, Forbidden, RepoNotFound, RevisionNotFound
from bearhug.base.http.answers import json_answer, ok
from bearhug.base.http.call import Call
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.refs.service import Refs
from bearhug.hub.refs.wire import new_branch, new_tag, refs_json, text
from bearhug.hub.repos.wire import name_of


class RefsApi:
    """The names come as one encoded segment or, from some clients, with their slashes bare."""

    def __init__(self, refs: Refs, who: Who) -> None:
        self._refs = refs
        self._who = who

    def rows(self) -> list[Row]:
        one = "/api/{types}/{ns}/{name}"
        return [
            Row(
                "GET",
                f"{one}/refs",
                self.refs,
                "Branches, converts and tags; with include_prs also pull requests",
                audience="reader",
                returns="{branches, converts, tags, pullRequests}, each [{name, ref, targetCommit}]",
                refuses=(RepoNotFound,),
            ),
            Row(
                "POST",
                f"{one}/branch/{{branch*}}",
                self.create_branch,
                "Create a branch",
                audience="writer",
                body="json",
                refuses=(RepoNotFound, RevisionNotFound, Forbidden, BadRequest, Conflict),
            ),
            Row(
                "DELETE",
                f"{one}/branch/{{branch*}}",
                self.delete_branch,
                "Delete a branch; never main",
                audience="writer",
                refuses=(RepoNotFound, RevisionNotFound, Forbidden),
            ),
            Row(
                "POST",
                f"{one}/tag/{{rev*}}",
                self.create_tag,
                "Tag a revision",
                audience="writer",
                body="json",
                refuses=(RepoNotFound, RevisionNotFound, Forbidden, BadRequest, Conflict),
            ),
            Row(
                "DELETE",
                f"{one}/tag/{{rev*}}",
                self.delete_tag,
                "Delete a tag",
                audience="writer",
                refuses=(RepoNotFound, RevisionNotFound, Forbidden),
            ),
            Row(
                "POST",
                f"{one}/super-squash/{{rev*}}",
                self.squash,
                "Replace the history of a branch or pull request by one commit of the same files",
                audience="writer",
                body="json",
                returns="{success, commitOid}",
                refuses=(RepoNotFound, RevisionNotFound, Forbidden, BadRequest),
            ),
        ]

    def refs(self, call: Call) -> Response:
        return json_answer(refs_json(self._refs.list(self._who(call), name_of(call), pulls=call.flag("include_prs"))))

    def create_branch(self, call: Call) -> Response:
        new = new_branch(call.params["branch"], call.json())
        self._refs.create_branch(self._who(call), name_of(call), new)
        return ok()

    def delete_branch(self, call: Call) -> Response:
        self._refs.delete_branch(self._who(call), name_of(call), call.params["branch"])
        return ok()

    def create_tag(self, call: Call) -> Response:
        self._refs.create_tag(self._who(call), name_of(call), new_tag(call.params["rev"], call.json()))
        return ok()

    def delete_tag(self, call: Call) -> Response:
        self._refs.delete_tag(self._who(call), name_of(call), call.params["rev"])
        return ok()

    def squash(self, call: Call) -> Response:
        message = text(call.json(), "message")
        oid = self._refs.squash(self._who(call), name_of(call), call.params["rev"], message)
        return json_answer({"success": True, "commitOid": oid})
