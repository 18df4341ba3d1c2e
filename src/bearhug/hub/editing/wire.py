"""Forms of edits as browsers send them."""

import re
from collections.abc import Mapping

from bearhug.base.errors import BadRequest
from bearhug.base.http.fields import only
from bearhug.hub.editing.records import Edit, Message

LONGEST_SUMMARY = 500
LONGEST_DESCRIPTION = 10_000
LONGEST_PATH = 5000
_OID = re.compile(r"[0-9a-f]{40}\Z")

Form = Mapping[str, list[str]]


def edit_of(form: Form, old_path: str) -> Edit:
    """What is wanted of a file; line ends as the file had them."""
    path = only(form, "path").strip().strip("/")[:LONGEST_PATH]
    text = text_of(form)
    return Edit(
        old_path, path, text.encode() if text is not None else None, oid_of(form, "blob"), oid_of(form, "parent")
    )


def text_of(form: Form) -> str | None:
    """The text of the form; browsers write every line end as CR LF."""
    if "text" not in form:
        return None
    text = only(form, "text").replace("\r\n", "\n")
    return text.replace("\n", "\r\n") if only(form, "ends") == "crlf" else text


def message_of(form: Form, default: str) -> Message:
    """The words of the commit; `default` where nobody wrote any."""
    summary = " ".join(only(form, "summary").split())[:LONGEST_SUMMARY] or default
    description = only(form, "description").replace("\r\n", "\n").strip()[:LONGEST_DESCRIPTION]
    if "\0" in summary + description:
        raise BadRequest("A commit message is text.")
    new_branch = only(form, "branch").strip() if only(form, "where") == "new" else ""
    if only(form, "where") == "new" and not new_branch:
        raise BadRequest("The new branch needs a name.")
    return Message(summary, description, new_branch)


def oid_of(form: Form, name: str) -> str:
    """An object id, or nothing."""
    value = only(form, name)
    if value and not _OID.match(value):
        raise BadRequest(f'"{name}" must be an object id.')
    return value


def words(edit: Edit) -> str:
    """A summary for who writes none."""
    if not edit.old_path:
        return f"Create {edit.path}"[:LONGEST_SUMMARY]
    if edit.path != edit.old_path:
        return f"Rename {edit.old_path} to {edit.path}"[:LONGEST_SUMMARY]
    return f"Update {edit.path}"[:LONGEST_SUMMARY]
