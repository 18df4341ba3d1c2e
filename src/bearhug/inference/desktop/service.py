"""Puts entries of file managers where they belong, and takes them away again."""

import sys
from pathlib import Path

from bearhug.base.errors import BadRequest
from bearhug.inference.desktop import linux, macos, windows
from bearhug.inference.desktop.records import Entry, Errand

PLATFORMS = {"linux": linux.entries, "windows": windows.entries, "macos": macos.entries}
OWN = {"linux": "linux", "win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def install(errand: Errand, home: Path, platform: str = OWN) -> list[Path]:
    """Every file that was written."""
    made = []
    for one in _entries(errand, home, platform):
        place = home / one.place
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(one.text, "utf-8", newline="")
        if one.executable:
            place.chmod(0o755)
        made.append(place)
    return made


def remove(home: Path, platform: str = OWN) -> list[Path]:
    """Every file that was taken away; folders that are empty then go too, but for those of the system."""
    gone = []
    for one in _entries(Errand((), ""), home, platform):
        place = home / one.place
        if place.is_file():
            place.unlink()
            gone.append(place)
        for folder in place.parents:
            if folder.suffix == ".workflow" or folder.name in ("Contents", "bearhug"):
                _without(folder)
    return gone


def _without(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _entries(errand: Errand, home: Path, platform: str) -> list[Entry]:
    if platform not in PLATFORMS:
        raise BadRequest(f"There is no platform {platform}. There are: {', '.join(PLATFORMS)}.")
    return PLATFORMS[platform](errand, str(home))
