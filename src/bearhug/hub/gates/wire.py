"""Requests for access as clients write and read them."""

from typing import Any

from bearhug.base.clock import iso
from bearhug.base.errors import BadRequest
from bearhug.base.http.call import Call
from bearhug.base.http.fields import text
from bearhug.hub.accounts.records import public_id
from bearhug.hub.gates.records import Asked, Decision, Gate, Request, Status
from bearhug.hub.gates.service import LONGEST_REASON

_STATUSES = {status.value: status for status in Status}


def is_form(call: Call) -> bool:
    """Whether a page sent it: then the answer is a page again."""
    return call.header("content-type").startswith("application/x-www-form-urlencoded")


def given_answers(call: Call) -> dict[str, object]:
    """Answers by their labels, as a page or a program sends them."""
    if is_form(call):
        return {label: values[-1] for label, values in call.form().items()}
    return dict(call.json())


def wanted_decision(data: dict[str, Any]) -> Decision:
    """`{user | requestId, status, rejectionReason?}`."""
    user, request_id = text(data, "user", "", most=100), text(data, "requestId", "", most=24)
    if bool(user) == bool(request_id):
        raise BadRequest('Name the request by "user" or by "requestId".')
    return Decision(
        status=status_of(text(data, "status")),
        user=user,
        request_id=_request_id(request_id) if request_id else None,
        reason=text(data, "rejectionReason", "", most=LONGEST_REASON),
    )


def status_of(word: str) -> Status:
    found = _STATUSES.get(word)
    if found is None:
        raise BadRequest(f"A request is one of {', '.join(_STATUSES)}.")
    return found


def request_json(request: Request) -> dict[str, Any]:
    """One line of an owner's list."""
    user = {"user": request.user, "fullname": request.fullname or request.user, "type": "user"}
    out: dict[str, Any] = {
        "requestId": public_id(request.id),
        "user": {**user, **({"email": request.email} if request.email else {})},
        "status": request.status.value,
        "timestamp": iso(request.asked_at),
    }
    if request.by_hand:
        out["grantedByAdmin"] = True
    if request.answers:
        out["fields"] = dict(request.answers)
    if request.reason:
        out["rejectionReason"] = request.reason
    return out


def gate_json(gate: Gate) -> dict[str, Any]:
    """Where the asker stands now."""
    out: dict[str, Any] = {"repo": gate.repo.full_name, "gated": gate.repo.gated, "status": gate.standing.value}
    if gate.request is not None and gate.request.reason:
        out["rejectionReason"] = gate.request.reason
    return out


def asked_json(asked: Asked) -> dict[str, Any]:
    """One line of the asker's own list."""
    return {
        "repo": {"name": asked.repo.full_name, "type": asked.repo.kind},
        "status": asked.status.value,
        "timestamp": iso(asked.asked_at),
        **({"rejectionReason": asked.reason} if asked.reason else {}),
    }


def _request_id(word: str) -> int:
    try:
        number = int(word, 16)
    except ValueError as error:
        raise BadRequest('"requestId" is 24 hexadecimal digits.') from error
    return min(number, 2**62)
