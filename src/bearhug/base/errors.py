"""Every error a client can see: one class, one status, one code."""

from typing import ClassVar


class HubError(Exception):
    """An answer that is not success; the HTTP edge turns it into status, headers and body."""

    status: ClassVar[int] = 500
    code: ClassVar[str | None] = None
    default: ClassVar[str] = "Something went wrong on this hub. The log has the details."

    def __init__(self, message: str = "", *, headers: dict[str, str] | None = None, **fields: object) -> None:
        self.message = message or self.default
        self.headers = headers or {}
        self.fields = fields
        super().__init__(self.message)

    @property
    def http_status(self) -> int:
        return self.status


class BadRequest(HubError):
    status = 400
    default = "The request is not well formed."


class Unauthenticated(HubError):
    status = 401
    default = "Invalid username or password."


class Forbidden(HubError):
    status = 403
    default = "You are not allowed to do this."


class NotFound(HubError):
    status = 404
    default = "Not found."


class MethodNotAllowed(HubError):
    status = 405
    default = "This address does not take that method."


class Conflict(HubError):
    status = 409
    default = "It already exists."


class StaleParent(HubError):
    status = 412
    default = "The branch was updated since you opened this page. Please refresh and try again."


class TooLarge(HubError):
    status = 413
    default = "The request body is too large."


class RangeNotSatisfiable(HubError):
    status = 416
    default = "The requested range lies outside of the file."


class Unprocessable(HubError):
    status = 422
    default = "The request cannot be carried out."


class TooManyRequests(HubError):
    status = 429
    default = "Too many requests. Wait a little and try again."


class NotReady(HubError):
    status = 503
    default = "This is not ready yet. Try again in a moment."


class StorageFull(HubError):
    status = 507
    default = "The hub has no room left on its disk. Nothing of this request was kept."


class _NamedNotFound(HubError):
    """404 to people who signed in, 401 to anonymous ones: the same words for what is hidden and what is not there."""

    status = 404

    def __init__(self, message: str = "", *, anonymous: bool = False, headers: dict[str, str] | None = None) -> None:
        super().__init__(message, headers=headers)
        self.anonymous = anonymous

    @property
    def http_status(self) -> int:
        return 401 if self.anonymous else 404


class RepoNotFound(_NamedNotFound):
    code = "RepoNotFound"
    default = "Repository not found"


class RevisionNotFound(HubError):
    status = 404
    code = "RevisionNotFound"
    default = "Invalid rev id"


class EntryNotFound(HubError):
    status = 404
    code = "EntryNotFound"
    default = "Entry not found"


class GatedRepo(HubError):
    status = 403
    code = "GatedRepo"
    default = "Access to this repository is restricted and you are not in the authorized list."

    def __init__(self, message: str = "", *, anonymous: bool = False) -> None:
        super().__init__(message)
        self.anonymous = anonymous

    @property
    def http_status(self) -> int:
        return 401 if self.anonymous else 403


class RepoDisabled(HubError):
    status = 403
    default = "Access to this resource is disabled."


class Moved(HubError):
    """The repository has another name now; the edge sends the same request to the new address."""

    status = 307
    default = "This repository was renamed."

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"Repository {old} is now {new}.")
        self.old = old
        self.new = new
