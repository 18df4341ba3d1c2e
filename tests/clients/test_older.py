"""Older generations of huggingface_hub, each in a small environment of its own: people do not upgrade on one day."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from tests import assets
from tests.clients.shell import Shell
from tests.live_hub import LiveHub, client_env
from tests.people import ADA

pytestmark = [pytest.mark.client, pytest.mark.slow]

PROGRAM = """
import json, pathlib, sys
import huggingface_hub as hh
from huggingface_hub.utils import EntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError

repo = sys.argv[1]
api = hh.HfApi()
seen = {"version": hh.__version__, "me": api.whoami()["name"]}
api.create_repo(repo, private=True)
api.create_repo(repo, private=True, exist_ok=True)
folder = pathlib.Path("up")
(folder / "d").mkdir(parents=True)
(folder / "config.json").write_text("{}")
(folder / "d" / "w.bin").write_bytes(bytes(range(256)) * 100)
api.upload_folder(repo_id=repo, folder_path=folder)
api.upload_file(repo_id=repo, path_or_fileobj=b"one", path_in_repo="one.txt")
seen["files"] = sorted(api.list_repo_files(repo))
seen["private"] = api.model_info(repo).private
seen["body"] = pathlib.Path(api.hf_hub_download(repo, "d/w.bin")).read_bytes() == bytes(range(256)) * 100
seen["snapshot"] = sorted(path.name for path in pathlib.Path(api.snapshot_download(repo)).iterdir())
api.create_branch(repo, branch="dev")
api.create_tag(repo, tag="v1")
refs = api.list_repo_refs(repo)
seen["refs"] = sorted(ref.name for ref in refs.branches + refs.tags)
seen["listed"] = [model.id for model in api.list_models(author="ada", search=repo.split("/")[1])]
seen["errors"] = []
for call in (
    lambda: api.hf_hub_download(repo, "none.txt"),
    lambda: api.hf_hub_download(repo, "one.txt", revision="none"),
    lambda: hh.HfApi(token=False).model_info(repo),
):
    try:
        call()
    except (EntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError) as error:
        seen["errors"].append(type(error).__name__.replace("Remote", ""))
api.delete_file("one.txt", repo)
api.delete_repo(repo)
seen["gone"] = not api.repo_exists(repo)
print(json.dumps(seen))
"""


def python_with(version: str) -> Path:
    """A Python that has this version and no Xet, made once and kept beside the other assets."""
    folder = assets.cache_dir() / f"huggingface-hub-{version}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", f"huggingface_hub=={version}"]
        subprocess.run(pip, check=True, capture_output=True, timeout=300)
        (folder / "ready").touch()
    return python


@pytest.mark.parametrize(
    "version",
    [
        pytest.param("0.36.2", marks=pytest.mark.covers("0.36.2: create, upload, list, download", client="older")),
        pytest.param("1.19.0", marks=pytest.mark.covers("1.19.0: create, upload, list, download", client="older")),
    ],
)
def test_an_older_client_lives_through_a_day(hub: LiveHub, ada: HfApi, tmp_path: Path, name: str, version: str) -> None:
    shell = Shell(tmp_path, client_env(hub.url, tmp_path / "hf", token=hub.token(ADA)))
    (tmp_path / "day.py").write_text(PROGRAM)
    seen = json.loads(shell(python_with(version), "day.py", name).strip().splitlines()[-1])
    assert seen == {
        "version": version,
        "me": "ada",
        "files": [".gitattributes", "config.json", "d/w.bin", "one.txt"],
        "private": True,
        "body": True,
        "snapshot": [".gitattributes", "config.json", "d", "one.txt"],
        "refs": ["dev", "main", "v1"],
        "listed": [name],
        "errors": ["EntryNotFoundError", "RevisionNotFoundError", "RepositoryNotFoundError"],
        "gone": True,
    }
