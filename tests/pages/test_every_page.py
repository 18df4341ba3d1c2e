"""Every page is usable by everybody, valid, in one language at a time, fits a phone, and asks nobody elsewhere."""

import json
import os
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from tests.live_hub import LiveHub, free_port, start, stop
from tests.pages.addresses import PAGES, Address
from tests.pages.furnishing import THEIRS
from tests.people import ADA, BOB, EVE, ROOT

READERS = {"nobody": "", **{one.name: one.password for one in (ADA, BOB, EVE, ROOT)}}
Seen = dict[str, dict[str, Any]]


def _name(address: Address) -> str:
    return f"{address.reader}:{address.path}" + (f" {address.press}" if address.press else "")


@pytest.fixture(scope="module")
def seen(
    shown_hub: LiveHub, walk_folder: Path, chromium: str, node_env: dict[str, str], request: pytest.FixtureRequest
) -> Seen:
    """What the browser found on the pages that this run asks about, by name."""
    wanted = [
        item.callspec.params["address"]
        for item in request.session.items
        if hasattr(item, "callspec") and "address" in item.callspec.params
    ]
    pages = [
        {**asdict(one), "path": one.path.format(**shown_hub.links), "reader": _account(one.reader), "name": _name(one)}
        for one in dict.fromkeys(wanted)
    ]
    return _survey(shown_hub, pages, [walk_folder, chromium, node_env])


def _survey(hub: LiveHub, pages: list[dict[str, Any]], browser: list[Any]) -> Seen:
    walk_folder, chromium, node_env = browser
    pictures = os.environ.get("BEARHUG_PICTURES", "")
    readers = READERS if hub.tokens else {"": ""}
    told = {"url": hub.url, "readers": readers, "pages": pages, "theirs": THEIRS, "pictures": pictures}
    done = subprocess.run(
        ["node", "survey.mjs", chromium],
        cwd=walk_folder,
        env=node_env,
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["name"]: line for line in lines}


def _account(reader: str) -> str:
    return ROOT.name if reader == "root" else reader


@pytest.mark.client
@pytest.mark.timeout(1600)
@pytest.mark.parametrize("address", PAGES, ids=_name)
def test_a_page_is_for_everybody(seen: Seen, address: Address) -> None:
    _demand(seen[_name(address)], address)


@pytest.mark.client
def test_the_page_of_the_first_run_is_for_everybody(
    tmp_path: Path, walk_folder: Path, chromium: str, node_env: dict[str, str]
) -> None:
    empty = LiveHub(f"http://127.0.0.1:{free_port()}", tmp_path / "data")
    process = start(empty)
    try:
        code = empty.log.read_text().partition("/setup?code=")[2].split()[0]
        addresses = [Address("/setup"), Address(f"/setup?code={code}")]
        pages = [{**asdict(one), "reader": "", "name": one.path} for one in addresses]
        found = _survey(empty, pages, [walk_folder, chromium, node_env])
    finally:
        stop(process)
    for one in addresses:
        _demand(found[one.path], one)


def _demand(found: dict[str, Any], address: Address) -> None:
    assert "broken" not in found, found["broken"]
    wide, phone, plain = found["wide"], found["phone"], found["plain"]
    assert (wide["status"], phone["status"], plain["status"]) == (address.status,) * 3
    faults = {
        "accessibility": wide["hurdles"] + phone["hurdles"],
        "validity": wide["html"],
        "errors in the console": wide["faults"] + phone["faults"],
        "requests that leave the hub": wide["strangers"] + phone["strangers"] + plain["strangers"],
        "sideways scrolling": [name for name in ("wide", "phone") if found[name]["overflow"] > 0],
        "English on the Chinese page": found["raw"],
    }
    told = [f"{name}: {one}" for name, what in faults.items() for one in what]
    assert not told, "\n" + "\n".join(told)
    assert plain["headings"] >= 1
    assert plain["words"] > 20
    assert wide["bytes"] < address.weight
