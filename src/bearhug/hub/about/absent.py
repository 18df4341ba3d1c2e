"""What the public hub has and this one has not: whoever asks for it is told so, and what to do instead."""

import re

from bearhug.base.errors import HubError, NotFound, RepoNotFound

_OF_REPO = r"/api/(?:models|datasets|spaces)/[^/]+/[^/]+"
_ABSENT = (
    (rf"{_OF_REPO}/discussions", "no discussions and pull requests. Commit to a branch instead, without create_pr"),
    (r"/api/collections", "no collections"),
    (r"/api/settings/webhooks", "no webhooks"),
    (r"/api/(?:scheduled-)?jobs", "no jobs"),
    (r"/api/buckets", "no buckets. Keep the files in a dataset or model repository"),
    (r"/api/kernels", "no kernels. Keep them in a model repository"),
    (r"/api/(?:daily_)?papers", "no papers"),
    (
        r"/api/spaces/[^/]+/[^/]+/(?:runtime|secrets|variables|hardware|sleeptime|pause|restart|dev-mode|volumes|logs)",
        "the files of Spaces and does not run them",
    ),
    (r"/api/spaces/(?:hardware|zero-gpu|templates|semantic-search)", "the files of Spaces and does not run them"),
)
_PATTERNS = tuple((re.compile(rf"{pattern}(?:/|\Z)"), words) for pattern, words in _ABSENT)
_WITHOUT_OWNER = re.compile(
    r"/api/(?:models|datasets|spaces)/(?P<name>[^/]+)"
    r"/(?:branch|tag|settings|super-squash|preupload|commit|paths-info|like|duplicate|xet-write-token)(?:/|\Z)"
)


def absent(path: str) -> HubError | None:
    """The words for an address that no endpoint answers, if they can say more than that."""
    for pattern, words in _PATTERNS:
        if pattern.match(path):
            return NotFound(f"This hub has {words}.")
    found = _WITHOUT_OWNER.match(path)
    if found is None:
        return None
    name = found["name"][:100]
    return RepoNotFound(f'Repository "{name}" not found. Repositories are named with their owner here: OWNER/{name}.')
