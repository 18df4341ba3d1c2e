"""Names of namespaces: which are well formed and which are taken by addresses of the hub itself."""

import re

from bearhug.base.errors import BadRequest

MOST = 96
FORM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\Z")

RESERVED = frozenset(
    """
    about account accounts administration agents api apps assets avatars blog bot buckets changelog chat
    collections contact datasets deleted deployments detokenize discussions docs enterprise events favicon.ico
    follows git health help hooks hub huggingface inference info internal invite jobs join kernels languages
    learn lfs login logout mcp me metrics models monitoring new new-bucket new-collection new-dataset new-kernel
    new-model new-space none notifications null oauth openapi.json organizations orgs papers password pipeline
    pipelines posts preferences previews pricing privacy profile raw register reset resolve robots.txt search
    security serving session settings setup signin signout signup sitemap.xml spaces static status storage
    support tags tasks tokenize tokens tools training trending undefined upload uploads user users v1 viewer
    watch webhooks welcome well-known workbench xet
    """.split()
)


def check(name: str) -> str:
    """The name itself when it may be given to a user or an organisation; `BadRequest` with the reason if not."""
    if not 2 <= len(name) <= MOST:
        raise BadRequest(f"A name has 2 to {MOST} characters.")
    if FORM.match(name) is None or "--" in name or ".." in name:
        raise BadRequest(
            "A name has letters, digits, '-', '_' and '.'; it starts with a letter or digit, does not end in '-' or "
            "'.', and holds no '--' or '..'."
        )
    if name.lower().endswith((".git", ".ipynb", ".atom", ".json")):
        raise BadRequest("A name must not end like a file.")
    if name.lower() in RESERVED:
        raise BadRequest("This name is reserved.")
    return name


def is_possible(name: str) -> bool:
    """Whether anybody may have such a name at all, which spares a query for what cannot be one."""
    return len(name) <= MOST and FORM.match(name) is not None


def key(name: str) -> str:
    """What makes two names the same."""
    return name.lower()
