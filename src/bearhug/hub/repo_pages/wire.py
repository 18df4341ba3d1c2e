"""Addresses, commands and pictures that pages of a repository are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from bearhug.base.html.cleaning import Place
from bearhug.formats.file_names import encoded
from bearhug.hub.cards.tag_tables import Tag, tag_of
from bearhug.hub.repo_pages.records import Band
from bearhug.hub.repos.records import Repo
from bearhug.hub.snippets import service as snippets
from bearhug.hub.snippets.records import Offer

DAYS = 30
UNSHOWN = ("region:", "base_model:", "uses:", "library:", "endpoints_compatible", "model-index")
"""Tags that programs ask for, or that a panel of the page shows in full."""


def home(repo: Repo) -> str:
    """The address of the repository's page, without a slash at its end."""
    return f"/{quote(repo.path)}"


def at(repo: Repo, view: str, rev: str, path: str = "") -> str:
    """The address of one of its pages (`tree`, `blob`, `resolve` …) at a revision."""
    tail = f"/{quote(encoded(path))}" if path else ""
    return f"{home(repo)}/{view}/{quote(rev, safe='')}{tail}"


def place(repo: Repo, rev: str, folder: str = "") -> Place:
    """Where relative addresses in a text of the repository lead."""
    return Place(f"{at(repo, 'blob', rev)}/", f"{at(repo, 'resolve', rev)}/", folder)


def pills(band: Band) -> list[Tag]:
    """Tags worth a pill, the task left out: it has its own."""
    tags = [str(tag) for tag in band.facts.get("tags", ())]
    own = (band.facts.get("pipeline_tag"), band.facts.get("sdk"))
    return [tag_of(band.repo.kind, tag) for tag in tags if not tag.startswith(UNSHOWN) and tag not in own]


def daily(days: Mapping[date, int]) -> list[int]:
    """The counts of the last thirty days, the oldest first."""
    today = datetime.now(UTC).date()
    return [days.get(today - timedelta(days=DAYS - 1 - step), 0) for step in range(DAYS)]


def spark(counts: Sequence[int]) -> str:
    """The points of their line in a field of 100 by 24."""
    top = max(counts) or 1
    return " ".join(f"{step * 100 / (DAYS - 1):.1f},{23 - 22 * count / top:.1f}" for step, count in enumerate(counts))


@dataclass(frozen=True)
class Use:
    """What is offered to whoever wants to use a repository: libraries, programs, and ways to fetch its files."""

    libraries: tuple[Offer, ...]
    programs: tuple[Offer, ...]
    download: str
    clones: tuple[tuple[str, str], ...]


def use(band: Band, url: str) -> Use:
    """Code that works as it stands; titles are message ids."""
    repo = band.repo
    made = snippets.libraries(repo.kind, repo.full_name, band.facts, url)
    programs = snippets.programs(repo.full_name, band.facts, url) if repo.kind == "model" else []
    flag = "" if repo.kind == "model" else f" --repo-type {repo.kind}"
    address = f"{url}/{repo.path}"
    download = f"export HF_ENDPOINT={url}\nhf download {repo.full_name}{flag}"
    clones = (
        ("With git and git-lfs", f"git lfs install\ngit clone {address}"),
        ("Without the large files", f"GIT_LFS_SKIP_SMUDGE=1 git clone {address}"),
        ("With the hf command", download),
        ("From Python", made[-1].snippets[0].code),
    )
    return Use(tuple(made), tuple(programs), download, clones)
