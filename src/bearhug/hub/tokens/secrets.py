"""The secret text of a token: random, recognisable, kept as a hash only."""

import re
import secrets
import string
from hashlib import sha256

_LETTERS = string.ascii_letters + string.digits
_FORM = re.compile(r"hf_[A-Za-z0-9_]{20,80}\Z")


def new(prefix: str = "hf_") -> str:
    """`hf_` and 37 random characters, 220 bits."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(37))


def digest(secret: str) -> str:
    """What is stored; a plain hash suffices for a long random secret."""
    return sha256(secret.encode()).hexdigest()


def is_well_formed(text: str) -> bool:
    """Whether it may be a token at all, which spares a query for what cannot be one."""
    return _FORM.match(text) is not None
