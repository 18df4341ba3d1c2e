"""Browsers by the names that people know, from what they say of themselves."""

import re

PROGRAMS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "MicroMessenger": "WeChat",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "HeadlessChrome": "Chrome",
    "Chrome": "Chrome",
    "Version": "Safari",
}
"""What stands before the version; most browsers also name those that they descend from, so the first found counts."""
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
LONGEST = 120


def called(agent: str) -> str:
    """Name, version and system; an agent that nobody knows in its own words."""
    versions = dict(re.findall(r"([A-Za-z]{3,20})/(\d{1,6})", agent))
    program = next((f"{name} {versions[mark]}" for mark, name in PROGRAMS.items() if mark in versions), "")
    if not program or "Mozilla/" not in agent:
        return agent[:LONGEST]
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    return f"{program} · {system}" if system else program
