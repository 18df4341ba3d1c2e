"""How bytes that people uploaded are labelled, so that no browser runs them as part of the hub."""

SAFE_TYPES = {
    "avif": "image/avif",
    "bmp": "image/bmp",
    "csv": "text/csv; charset=utf-8",
    "flac": "audio/flac",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
}
TEXT = frozenset(
    "bib c cc cfg cff conf cpp css cu cuh diff go h hpp htm html ini ipynb java jinja js jsonl jsx kt lock lua m md "
    "mjs patch php pl properties py pyi r rb rs rst scala sh sql swift tex toml ts tsv tsx txt vue xhtml xml yaml "
    "yml".split()
)
TEXT_NAMES = frozenset("dockerfile license makefile readme notice .gitattributes .gitignore".split())

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; sandbox"


def media_type(path: str) -> str:
    """The type of a file by its name: what can run script is plain text, what is unknown is bytes."""
    name = path.rsplit("/", 1)[-1].lower()
    suffix = name.rsplit(".", 1)[-1] if "." in name else ""
    if suffix in SAFE_TYPES:
        return SAFE_TYPES[suffix]
    if suffix in TEXT or name in TEXT_NAMES:
        return "text/plain; charset=utf-8"
    return "application/octet-stream"


def guard_headers() -> dict[str, str]:
    """Sent with every uploaded byte: no sniffing, and a sandbox without script or origin."""
    return {
        "content-security-policy": SANDBOX,
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "cross-origin",
    }
