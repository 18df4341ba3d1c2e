"""Every page of the hub, one line each; a new page brings its line, and everything that pages must be is checked."""

from dataclasses import dataclass
from typing import Literal

Reader = Literal["nobody", "ada", "bob", "eve", "root"]


@dataclass(frozen=True)
class Address:
    """A page, who looks at it, the status that it answers with, and how many bytes a first load may have.

    Links that are given out once are named in braces (`{membership}`); furnishing makes them.
    Pages that only a form leads to: `fill` says what is typed into which field, `press` which button follows.
    """

    path: str
    reader: Reader = "nobody"
    status: int = 200
    weight: int = 150_000
    press: str = ""
    fill: tuple[tuple[str, str], ...] = ()


MODEL = "/lab/polar-bear"
DATA = "/datasets/lab/tracks"
ZOO = "/datasets/lab/zoo"
GATED = "/lab/gated-bear"

FRAMES = ("/static/diagrams", "/previews/document")
"""Documents that pages show in a sandbox; nobody opens them by themselves."""

PAGES = (
    # the front door, lists, search
    Address("/"),
    Address("/", "ada"),
    Address("/models"),
    Address("/models?filter=license:mit&sort=likes"),
    Address("/models?search=nothing-like-it"),
    Address("/models?all=language"),
    Address("/models?sort=nonsense", status=400),
    Address("/datasets"),
    Address("/spaces"),
    Address("/search"),
    Address("/search?q=bear"),
    Address("/search?q=bear&type=people"),
    # people
    Address("/join"),
    Address("/login"),
    Address("/setup"),
    Address("/ada"),
    Address("/ada", "ada"),
    Address("/lab"),
    Address("/lab", "ada"),
    Address("/users/ada/followers"),
    Address("/users/ada/following", "ada"),
    Address("/oauth/device", "ada"),
    Address("/settings/profile", "ada"),
    Address("/settings/password", "ada"),
    Address("/settings/tokens", "ada"),
    Address("/settings/tokens/new", "ada"),
    Address("/settings/sessions", "ada"),
    Address("/settings/appearance", "ada"),
    Address("/settings/organizations", "ada"),
    Address("/settings/storage", "ada"),
    Address("/settings/usage", "ada"),
    Address("/settings/usage?days=7", "root"),
    Address("/settings/gated", "ada"),
    Address("/settings/invitations", "root"),
    Address("/settings/delete", "ada"),
    Address("/organizations/lab/settings", "ada"),
    Address("/organizations/lab/members", "ada"),
    Address("/organizations/join/not-an-invitation", "ada", status=404),
    Address("/organizations/join/{membership}", "eve"),
    Address("/organizations/join/{membership}", "ada"),
    Address("/join?invite={account}"),
    Address("/reset/{password}"),
    Address("/new", "ada"),
    Address("/new-dataset", "ada"),
    Address("/new-space", "ada"),
    Address("/organizations/new", "ada"),
    # repositories
    Address(MODEL),
    Address(MODEL, "ada"),
    Address("/lab/empty", "ada"),
    Address("/ada/secret-bear", "ada"),
    Address(DATA),
    Address("/spaces/lab/den"),
    Address(f"{MODEL}/tree/main"),
    Address(f"{MODEL}/tree/main/src", "ada"),
    Address(f"{MODEL}/blob/main/README.md"),
    Address(f"{MODEL}/blob/main/src/run.py", "ada"),
    Address(f"{MODEL}/blob/main/config.json"),
    Address(f"{MODEL}/blob/main/bear.svg"),
    Address(f"{DATA}/blob/main/tracks.csv"),
    Address(f"{MODEL}/commits/main"),
    Address(f"{MODEL}/commit/main", "ada"),
    Address(f"{MODEL}/commits/main/src/run.py"),
    Address(f"{MODEL}/commit/main?view=split"),
    Address(f"{MODEL}/blame/main/src/run.py"),
    Address(f"{MODEL}/find/main?words=run"),
    Address(f"{MODEL}/compare"),
    Address(f"{MODEL}/compare/main...main"),
    Address(f"{MODEL}/branches", "ada"),
    Address(f"{MODEL}/tags", "ada"),
    Address(f"{MODEL}/branches/delete?ref=refs/heads/main", "ada"),
    Address(f"{MODEL}/new/main/src", "ada"),
    Address(f"{MODEL}/edit/main/src/run.py", "ada"),
    Address(f"{MODEL}/delete/main/src", "ada"),
    Address(f"{MODEL}/move/main/src", "ada"),
    Address(f"{MODEL}/compare", "ada"),
    Address(f"{MODEL}/compare/main..main"),
    Address(f"{MODEL}/blame/main/src/run.py"),
    Address(f"{MODEL}/find/main"),
    Address(f"{MODEL}/tensors/main/model.safetensors"),
    Address(f"{MODEL}/blob/main/model.safetensors"),
    Address(f"{MODEL}/use"),
    Address(f"{MODEL}/likes"),
    Address(f"{MODEL}/upload/main", "ada"),
    Address(f"{MODEL}/edit/main/README.md", "ada"),
    Address(f"{MODEL}/new/main", "ada"),
    Address(f"{MODEL}/delete/main/config.json", "ada"),
    Address(f"{MODEL}/branches"),
    Address(f"{MODEL}/branches", "ada"),
    Address(f"{MODEL}/tags"),
    Address(f"{MODEL}/branches/delete?name=none", "ada", status=404),
    Address(f"{MODEL}/widget"),
    Address("/tools/background-removal"),
    Address(f"{MODEL}/duplicate", "ada"),
    Address(f"{MODEL}/settings", "ada"),
    Address(f"{MODEL}/settings/access", "ada"),
    Address(f"{MODEL}/settings/files", "ada"),
    # looking into files
    Address(f"{ZOO}/tree/main"),
    Address(f"{ZOO}/blob/main/notebook.ipynb"),
    Address(f"{ZOO}/blob/main/rows.parquet"),
    Address(f"{ZOO}/blob/main/rows.parquet?group=1"),
    Address(f"{ZOO}/blob/main/tiny.gguf"),
    Address(f"{ZOO}/tensors/main/tiny.gguf"),
    Address(f"{ZOO}/blob/main/pack.zip"),
    Address(f"{ZOO}/blob/main/notes.json"),
    Address(f"{ZOO}/blob/main/lines.jsonl"),
    Address(f"{ZOO}/blob/main/table.csv"),
    Address(f"{ZOO}/blob/main/hum.wav"),
    Address(f"{ZOO}/blob/main/paper.pdf", weight=600_000),  # with the reader of PDF and its worker
    Address(f"{ZOO}/blob/main/floe.png"),
    Address(f"{ZOO}/blob/main/raw.bin"),
    # steps that forms lead to
    Address(f"{MODEL}/edit/main/src/run.py", "ada", press="[value=look]", fill=(("[name=text]", "import os\n\n"),)),
    Address(f"{MODEL}/edit/main/README.md", "ada", press="[value=look]", fill=(("[name=path]", "OLD.md"),)),
    Address("/organizations/lab/members", "ada", press="[value=link]"),
    Address("/settings/tokens/new", "ada", 400, press="main button.main", fill=(("[name=name]", "a key"),)),
    Address("/settings/invitations", "root", press="main button.main"),
    Address(
        "/login", press="main button.main", status=401, fill=(("[name=username]", "ada"), ("[name=password]", "?"))
    ),
    # gates, invitations, many, none
    Address(GATED),
    Address(GATED, "eve"),
    Address("/lab/gated-fox", "eve"),
    Address(f"{GATED}/tree/main", "eve", status=403),
    Address(f"{GATED}/blob/main/config.json", "eve", status=403),
    Address("/lab/gated-fox/settings/access", "ada"),
    Address("/settings/gated", "eve"),
    Address("/settings/organizations", "eve"),
    Address("/settings/tokens", "eve"),
    Address("/settings/storage", "eve"),
    Address("/eve"),
    Address("/eve", "eve"),
    Address("/", "eve"),
    Address("/many"),
    Address("/many", "ada"),
    Address("/many?kind=model"),
    Address("/many?kind=dataset", "ada"),
    Address("/reset/not-a-link", status=403),
    Address("/search?q=nothing-like-it"),
    Address("/lab/empty"),
    Address("/lab/empty/tree/main", "ada"),
    Address("/lab/empty/commits/main"),
    # talking to models
    Address("/chat"),
    Address("/chat", "ada"),
    Address("/chat/compare"),
    Address("/chat/compare?model=lab/talker&model=lab/talker@main&prompt=Hello"),
    Address("/chat/with?model=lab/talker", "ada"),
    Address("/lab/talker/chat"),
    Address("/lab/talker/chat?mode=text&prompt=Once", "ada"),
    # deployments
    Address("/deployments"),
    Address("/deployments", "root"),
    Address("/deployments/new?model=lab/polar-bear", "ada"),
    Address("/deployments/new", "root"),
    Address("/deployments/1"),
    Address("/deployments/1", "ada"),
    Address("/deployments/99999", status=404),
    # administration
    Address("/administration", "root"),
    Address("/administration/people", "root"),
    Address("/administration/organizations", "root"),
    Address("/administration/repositories", "root"),
    Address("/administration/storage?look=true", "root"),
    Address("/administration/usage", "root"),
    Address("/administration/usage?days=7", "root"),
    Address("/administration/jobs", "root"),
    Address("/administration/jobs/1", "root"),
    Address("/administration/health", "root"),
    Address("/administration/announcement", "root"),
    Address("/administration/settings", "root"),
    Address("/administration/audit", "root"),
    # when something is wrong
    Address("/nobody-of-that-name", status=404),
    Address("/lab/nothing-of-that-name", status=401),
    Address("/lab/nothing-of-that-name", "ada", status=404),
    Address("/administration", "ada", status=403),
    Address(f"{MODEL}/tree/no-such-branch", status=404),
    Address(f"{MODEL}/blob/main/no-such-file.txt", status=404),
    Address(f"{MODEL}/commit/0000000", status=404),
    Address(f"{MODEL}/settings", "eve", status=403),
)
