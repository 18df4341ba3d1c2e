"""At which addresses a server is reached that listens on every one of its machine."""

import socket
from urllib.parse import urlsplit

EVERY = ("0.0.0.0", "::")  # noqa: S104 - looked for, never listened on
OUT_THERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses of nobody, kept for documents. Asking for the way to them sends nothing."""


def address(host: str, port: int) -> str:
    """The address of what listens on a host's port; those of IPv6 stand in brackets."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def near(url: str) -> str:
    """The same, as this machine itself reaches it: nobody can call at the address that means every one."""
    host = urlsplit(url).hostname or ""
    return url.replace(host, "127.0.0.1" if host == EVERY[0] else "::1", 1) if host in EVERY else url


def far(url: str) -> list[str]:
    """Addresses at which other machines may reach it: by this one's name and by its numbers. None if it is shut."""
    parts = urlsplit(url)
    if parts.hostname not in EVERY or parts.port is None:
        return []
    wanted = OUT_THERE if parts.hostname == "::" else OUT_THERE[:1]
    hosts = [socket.gethostname(), *(_leaving(family, target) for family, target in wanted)]
    found = [host for host in dict.fromkeys(hosts) if host and host != "localhost" and not host.startswith("127.")]
    return [address(host, parts.port) for host in found]


def _leaving(family: socket.AddressFamily, target: str) -> str:
    """The address from which this machine would speak to a target; empty where there is no way."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((target, 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])
