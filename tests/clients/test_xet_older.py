"""Every generation of hf_xet that can still be installed, with the huggingface_hub of its time, on one repository."""

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from tests import assets
from tests.clients.shell import Shell
from tests.live_hub import LiveHub, client_env
from tests.oracle import NewRepo
from tests.people import ADA

pytestmark = [pytest.mark.client, pytest.mark.slow]

PROGRAM = """
import hashlib, json, pathlib, random, sys
from importlib.metadata import version
import huggingface_hub as hh

repo = sys.argv[1]
api = hh.HfApi()
body = random.Random(1).randbytes(3_000_000)
mine = body[:1_000_000] + sys.argv[2].encode() + body[1_000_000:]
folder = pathlib.Path("up")
folder.mkdir()
(folder / "mine.bin").write_bytes(mine)
(folder / "one.bin").write_bytes(b"1")
(folder / "config.json").write_text("{}")
api.upload_folder(repo_id=repo, folder_path=folder, path_in_repo=sys.argv[2])
known = api.get_paths_info(repo, sys.argv[2] + "/mine.bin")[0]
api.upload_file(repo_id=repo, path_or_fileobj=str(folder / "mine.bin"), path_in_repo=sys.argv[2] + "/again.bin")
down = pathlib.Path(api.snapshot_download(repo))
seen = {
    "versions": [hh.__version__, version("hf_xet")],
    "same": (down / sys.argv[2] / "mine.bin").read_bytes() == mine,
    "again": pathlib.Path(api.hf_hub_download(repo, sys.argv[2] + "/again.bin")).read_bytes() == mine,
    "sha256": known.lfs.sha256 == hashlib.sha256(mine).hexdigest(),
    "others": hashlib.sha256((down / "first.bin").read_bytes()).hexdigest(),
}
print(json.dumps(seen))
"""

GENERATIONS = [("0.30.2", "0.1.4"), ("0.30.2", "1.0.0"), ("0.34.6", "1.1.10"), ("0.36.2", "1.3.2"), ("1.19.0", "1.5.2")]
NEXT_TO_NEWEST = ("1.33.0", "1.7.1")


def python_with(hub_version: str, xet_version: str) -> Path:
    """A Python that has these versions, made once and kept beside the other assets."""
    folder = assets.cache_dir() / f"huggingface-hub-{hub_version}-xet-{xet_version}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", f"huggingface_hub=={hub_version}", f"hf_xet=={xet_version}"]
        subprocess.run(pip, check=True, capture_output=True, timeout=300)
        (folder / "ready").touch()
    return python


@pytest.mark.covers("older clients", client="xet")
def test_six_generations_share_one_repository(hub: LiveHub, ada: HfApi, new_repo: NewRepo, tmp_path: Path) -> None:
    repo = new_repo({"first.bin": b"\7" * 500_000})
    for number, (hub_version, xet_version) in enumerate([*GENERATIONS, NEXT_TO_NEWEST]):
        home = tmp_path / f"{number}"
        home.mkdir()
        shell = Shell(home, client_env(hub.url, home / "hf", token=hub.token(ADA), xet=True))
        (home / "day.py").write_text(PROGRAM)
        said = shell(python_with(hub_version, xet_version), "day.py", repo, f"of-{number}")
        seen = json.loads(said.strip().splitlines()[-1])
        assert seen["versions"] == [hub_version, xet_version]
        assert (seen["same"], seen["again"], seen["sha256"]) == (True, True, True)
        assert seen["others"] == hashlib.sha256(b"\7" * 500_000).hexdigest()

    def stored() -> dict[str, int]:
        rows = json.loads(hub.command("storage", "ada", "--json"))
        return next(row for row in rows if row["what"] == repo)

    assert stored()["logical"] > 6 * 3_000_000
    deadline = time.monotonic() + 180  # what came as whole files is packed behind everybody's back
    while stored()["stored"] >= 6_000_000:
        assert time.monotonic() < deadline, stored()
        time.sleep(2)
