"""Signed facts: what the hub gives out and later wants to recognise as its own, without keeping a row."""

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

KEY_BYTES = 32


class Signer:
    """HMAC-SHA256 with the hub's own key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def load(cls, path: Path) -> "Signer":
        """The key in a file that only the hub may read; made on first use, by whoever comes first."""
        if not path.exists():
            fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
            fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(fd, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                path.hardlink_to(fresh)
            fresh.unlink()
        return cls(path.read_bytes())

    def sign(self, purpose: str, *facts: object) -> str:
        """A signature over the facts in their order; another purpose never has the same one."""
        text = "\n".join([purpose, *(str(fact) for fact in facts)])
        digest = hmac.new(self._key, text.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def is_valid(self, signature: str, purpose: str, *facts: object) -> bool:
        return hmac.compare_digest(self.sign(purpose, *facts).encode(), signature.encode())
