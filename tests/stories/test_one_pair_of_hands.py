"""One person, many doors: git, the API, a file system and a terminal on one data set, none losing what another did."""

import csv
from collections.abc import Callable

import pytest
from huggingface_hub import HfApi, HfFileSystem
from tests import assets
from tests.clients.gitbox import GitBox
from tests.clients.notebook import Notebook
from tests.clients.shell import Shell
from tests.oracle import NewRepo, add_files
from tests.people import ADA

pytestmark = [pytest.mark.client, pytest.mark.slow]


def test_a_dataset_is_collected_through_every_door(
    ada: HfApi,
    new_repo: NewRepo,
    gitbox: Callable[..., GitBox],
    shell: Callable[..., Shell],
    notebook: Notebook,
) -> None:
    rows = assets.reviews(40)
    repo = new_repo(repo_type="dataset", private=True)
    parts = [rows[start : start + 10] for start in range(0, 40, 10)]
    terminal, desk = shell(ADA), gitbox(ADA)

    add_files(ada, repo, {"data/part-0.csv": table(parts[0])}, repo_type="dataset")
    desk.clone(f"datasets/{repo}")
    desk.write("data/part-1.csv", table(parts[1]))
    desk.commit("Part one")
    desk("push")
    (terminal.home / "part-2.csv").write_text(table(parts[2]))
    terminal("hf", "upload", repo, "part-2.csv", "data/part-2.csv", "--repo-type", "dataset")
    HfFileSystem(token=ada.token, skip_instance_cache=True).pipe_file(
        f"datasets/{repo}/data/part-3.csv", table(parts[3]).encode()
    )

    cell = "from datasets import load_dataset\nload_dataset(repo, split='train')['text'][:]"
    texts = notebook(cell, repo=repo)
    assert texts == [row["text"] for row in rows]
    desk("pull", "--quiet")
    assert sorted(path.name for path in (desk.work / "data").iterdir()) == [f"part-{n}.csv" for n in range(4)]
    assert len(ada.list_repo_commits(repo, repo_type="dataset")) == 5


def table(rows: list[dict[str, str | float]]) -> str:
    """The rows as CSV."""
    import io

    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["id", "score", "text"])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
