"""Addresses, commands and pictures that pages of a repository are made of."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from bearhug.base.html.markdown import Place
from bearhug.hub.repo_pages.records import Band
from bearhug.hub.repos.records import Repo

DAYS = 30
PILL_PREFIXES = ("region:", "base_model:", "uses:", "library:")


def home(repo: Repo) -> str:
    """The address of the repository's page, without a slash at its end."""
    return f"/{quote(repo.path)}"


def at(repo: Repo, view: str, rev: str, path: str = "") -> str:
    """The address of one of its pages (`tree`, `blob`, `resolve` …) at a revision."""
    tail = f"/{quote(path.encode('utf-8', 'surrogateescape'))}" if path else ""
    return f"{home(repo)}/{view}/{quote(rev, safe='')}{tail}"


def place(repo: Repo, rev: str, folder: str = "") -> Place:
    """Where relative addresses in a text of the repository lead."""
    return Place(f"{at(repo, 'blob', rev)}/", f"{at(repo, 'resolve', rev)}/", folder)


def pills(band: Band) -> list[str]:
    """Tags worth a pill, the task left out: it has its own."""
    tags = [str(tag) for tag in band.facts.get("tags", ())]
    return [tag for tag in tags if not tag.startswith(PILL_PREFIXES) and tag != band.facts.get("pipeline_tag")]


def spark(days: Mapping[date, int]) -> str:
    """The points of a line of thirty days in a field of 100 by 24."""
    today = datetime.now(UTC).date()
    counts = [days.get(today - timedelta(days=DAYS - 1 - step), 0) for step in range(DAYS)]
    top = max(counts) or 1
    return " ".join(f"{step * 100 / (DAYS - 1):.1f},{23 - 22 * count / top:.1f}" for step, count in enumerate(counts))


def usage(band: Band, url: str) -> list[tuple[str, str]]:
    """Snippets that use a repository from this hub: a title each, and code that works as it stands."""
    repo = band.repo
    flag = {"model": "", "dataset": " --repo-type dataset", "space": " --repo-type space"}[repo.kind]
    found = [
        ("hf", f"export HF_ENDPOINT={url}\nhf download {repo.full_name}{flag}"),
        ("git", f"git lfs install\ngit clone {url}/{repo.path}"),
    ]
    python = _python(band, url)
    return [("Python", python), *found] if python else found


def _python(band: Band, url: str) -> str:
    repo, task = band.repo, band.facts.get("pipeline_tag")
    lines = ["import os", f'os.environ["HF_ENDPOINT"] = "{url}"', ""]
    if repo.kind == "dataset":
        return "\n".join([*lines, "from datasets import load_dataset", f'data = load_dataset("{repo.full_name}")'])
    if repo.kind == "model" and band.facts.get("library_name") == "transformers":
        if task:
            made = f'pipe = pipeline("{task}", model="{repo.full_name}")'
            return "\n".join([*lines, "from transformers import pipeline", made])
        made = f'model = AutoModel.from_pretrained("{repo.full_name}")'
        return "\n".join([*lines, "from transformers import AutoModel", made])
    kind = "" if repo.kind == "model" else f', repo_type="{repo.kind}"'
    made = f'folder = snapshot_download("{repo.full_name}"{kind})'
    return "\n".join([*lines, "from huggingface_hub import snapshot_download", made])
