"""What stands beside a card, and what the card says of itself."""

import json
import re
import subprocess
from dataclasses import replace

import pytest
from tests.hub.weights.test_api import weights
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE
from tests.reading import look, sign_in, visible
from tests.repowork import add, commit, lines, make, send

from bearhug.base.html.cleaning import Place
from bearhug.base.http.router import Router
from bearhug.hub.access.records import Actor, Level
from bearhug.hub.repo_pages.records import Front, Panel, Slots, Tab, Written
from bearhug.hub.repo_pages.shelf import Shelf
from bearhug.hub.repos.records import ROUTE_CHOICES, RepoName

CARD = """---
license: apache-2.0
base_model: lab/bear-base
datasets: [lab/tracks, elsewhere/corpus]
model-index:
- name: bear
  results:
  - task: {type: text-generation}
    dataset: {type: lab/tracks, name: Tracks, split: test}
    metrics: [{type: accuracy, name: Accuracy, value: 0.912345}]
    source: {name: Board, url: "https://bears.example/board"}
  - task: {type: text-generation}
    dataset: {type: x, name: "<b>Odd</b>"}
    metrics: [{type: f1, value: 1}]
    source: {url: "javascript:alert(1)"}
---
# Bear
"""
RESULTS = """- dataset: {id: cais/hle, task_id: default}
  value: 20.9
  source: {url: "https://logs.example/x", name: Logs}
"""
DATA = """---
license: other
license_name: floe-licence
license_link: https://floe.example/licence
configs:
- {config_name: snow, default: true, data_files: [{split: train, path: snow.csv}]}
- {config_name: ice, data_files: ice.csv}
dataset_info:
- {config_name: snow, splits: [{name: train, num_examples: 120000}]}
---
# Tracks
"""


@pytest.fixture
def bear(box: HubBox) -> str:
    """A model with everything that has a panel."""
    for name, text in (("bear-root", "# Root"), ("bear-base", "---\nbase_model: lab/bear-root\n---\n# Base\n")):
        make(box, name, organization="lab")
        commit(box, f"lab/{name}", {"README.md": text})
    make(box, "tracks", kind="dataset", organization="lab")
    commit(box, "lab/tracks", {"README.md": DATA, "snow.csv": "a\n1\n", "ice.csv": "a\n1\n"}, types="datasets")
    make(box, "bear", organization="lab")
    files = {"README.md": CARD, "LICENSE": "text", ".eval_results/hle.yaml": RESULTS}
    commit(box, "lab/bear", {**files, "model.safetensors": weights(a=(2, 3))})
    make(box, "child", person=BOB)
    child = "---\nbase_model: lab/bear\nbase_model_relation: adapter\n---\n# Child\n"
    assert send(box, "bob/child", lines(add("README.md", child)), person=BOB).status_code == 200
    box.settle()
    return "lab/bear"


def test_a_model_shows_where_it_comes_from_and_what_came_of_it(box: HubBox, bear: str) -> None:
    page = look(box, f"/{bear}").text
    lineage = page.partition('class="lineage"')[2].partition("</ol>")[0]
    assert re.findall(r"lab/bear[-a-z]*(?=</)", lineage) == ["lab/bear-root", "lab/bear-base", "lab/bear"]
    assert 'href="/models?filter=base_model:adapter:lab/bear"' in page
    assert 'href="/datasets/lab/tracks"' in page
    assert 'href="/datasets/elsewhere/corpus"' not in page


def test_names_of_hidden_models_are_said_but_do_not_lead_there(box: HubBox) -> None:
    make(box, "secret", private=True)
    make(box, "open")
    commit(box, "ada/open", {"README.md": "---\nbase_model: ada/secret\n---\n# Open\n"})
    assert 'href="/ada/secret"' not in look(box, "/ada/open").text
    sign_in(box, ADA)
    assert 'href="/ada/secret"' in look(box, "/ada/open").text


def test_evaluation_results_come_from_the_card_and_from_files(box: HubBox, bear: str) -> None:
    page = look(box, f"/{bear}").text
    for part in ("0.9123", "20.9", 'href="https://bears.example/board"', 'href="https://logs.example/x"', "cais/hle"):
        assert part in page
    assert "&lt;b&gt;Odd&lt;/b&gt;" in page
    assert 'href="javascript' not in page
    entry = box.get(ADA, f"/api/models/{bear}?expand=evalResults").json()["evalResults"][0]
    assert entry["data"]["dataset"] == {"id": "cais/hle", "task_id": "default"}


BROKEN = ("- [", "a: b", "- dataset: {id: x}\n  value: 1\n", "- 7\n", "!!python/object:os.system x")


@pytest.mark.parametrize("text", BROKEN)
def test_broken_result_files_break_nothing(box: HubBox, text: str) -> None:
    make(box)
    commit(box, "ada/m", {".eval_results/x.yaml": text, "README.md": "# M"})
    assert look(box, "/ada/m").status_code == 200
    assert "error" in box.get(ADA, "/api/models/ada/m?expand=evalResults").json()["evalResults"][0]


def test_a_licence_leads_to_its_text(box: HubBox, bear: str) -> None:
    assert 'href="/lab/bear/blob/main/LICENSE"' in look(box, f"/{bear}").text
    assert 'href="https://floe.example/licence"' in look(box, "/datasets/lab/tracks").text
    make(box, "bare")
    commit(box, "ada/bare", {"README.md": "---\nlicense: mit\n---\n# Bare\n"})
    assert 'href="https://spdx.org/licenses/MIT.html"' in look(box, "/ada/bare").text


@pytest.mark.parametrize(("language", "names"), [("en", ("English", "Transformers")), ("zh", ("英语", "Transformers"))])
def test_tags_are_called_by_names_and_lead_to_their_lists(box: HubBox, language: str, names: tuple[str, str]) -> None:
    make(box, "named")
    card = "---\nlanguage: en\nlibrary_name: transformers\nmodel-index: [{name: x, results: []}]\n---\n"
    commit(box, "ada/named", {"README.md": card})
    band = look(box, "/ada/named", language).text.partition("band-foot")[0]
    assert f'href="/models?filter=en">{names[0]}</a>' in band
    assert f'href="/models?filter=transformers"><span translate="no">{names[1]}</span>' in band
    assert "model-index" not in band  # a panel shows it in full


def test_tasks_of_a_data_set_are_called_by_names(box: HubBox) -> None:
    make(box, "tasks", kind="dataset")
    card = "---\ntask_categories: [text-classification]\nlanguage: zh\n---\n"
    commit(box, "ada/tasks", {"README.md": card}, types="datasets")
    band = look(box, "/datasets/ada/tasks", "zh").text.partition("band-foot")[0]
    assert 'href="/datasets?filter=task_categories%3Atext-classification">文本分类</a>' in band
    assert 'href="/datasets?filter=language%3Azh">中文</a>' in band


def test_a_data_set_shows_its_subsets_and_who_was_trained_on_it(box: HubBox, bear: str) -> None:
    page = look(box, "/datasets/lab/tracks").text
    assert "2 subsets" in page
    assert "120k rows" in page
    assert 'href="/models?filter=dataset:lab/tracks"' in page
    assert "load_dataset(&#34;lab/tracks&#34;, &#34;snow&#34;)" in look(box, "/datasets/lab/tracks/use").text


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/lab/bear", 10),
        ("/datasets/lab/tracks", 6),
        ("/lab/bear/use", 2),
        ("/lab/bear/likes", 4),
        ("/lab/bear/tensors/main", 3),
    ],
)
def test_pages_cost_few_statements(box: HubBox, bear: str, path: str, count: int) -> None:
    look(box, path)
    with box.counting() as statements:
        assert look(box, path).status_code == 200
    own = [statement for statement in statements if "FROM settings" not in statement]  # read anew every few seconds
    assert len(own) == count, "\n".join(own)


def test_tabs_and_panels_from_outside_stand_among_the_others(box: HubBox, bear: str) -> None:
    template = "repo_pages/panels/trained.html"

    def seen(_actor: Actor, front: Front) -> int | None:
        return 4711 if front.band.repo.kind == "model" else None

    brought = Slots(
        tabs=(Tab("odd", "/odd", "card", {"model": "Odd"}), Tab("none", "/none", "card", {"space": "None"})),
        panels=(Panel("above", "top", template, seen), Panel("beside", "side", template, seen)),
    )
    box.app.__dict__["site"] = replace(box.app.site, slots=brought)
    box.app.edge.router = Router(box.app._rows(), ROUTE_CHOICES)
    page = look(box, f"/{bear}").text
    assert page.count("4711 models") == 2
    assert page.index("4711 models") < page.index('class="card-text"') < page.rindex("4711 models")
    assert (
        page.index('href="/lab/bear"') < page.index('href="/lab/bear/odd"') < page.index('href="/lab/bear/tree/main"')
    )
    assert "/lab/bear/none" not in page
    assert "4711" not in look(box, "/datasets/lab/tracks").text


def test_metadata_that_cannot_be_read_is_told_to_writers_with_what_to_do(box: HubBox) -> None:
    make(box)
    with box.app.db.reading() as tx:
        repo = box.app.repos.open(tx, box.actor(ADA), RepoName("model", "ada", "m"), Level.READ)
    _commit_unchecked(str(box.app.git.path(repo.folder)), "---\nlicense: mit\ntags: [a, b\n---\n# Broken\n")
    assert "cannot be read" not in look(box, "/ada/m").text
    sign_in(box, ADA)
    page = look(box, "/ada/m").text
    assert "The metadata at the head of README.md cannot be read" in page
    assert 'href="/ada/m/edit/main/README.md"' in page
    assert "Broken" in page
    assert "元数据无法读取" in look(box, "/ada/m", "zh").text


def _commit_unchecked(folder: str, card: str) -> None:
    """A commit that no hook has seen."""
    who = {f"GIT_{role}_{what}": "a" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def git(*words: str, given: str = "") -> str:
        env = {**who, "PATH": "/usr/bin:/bin"}
        program = ["git", "-C", folder, *words]
        return subprocess.run(program, input=given, env=env, capture_output=True, text=True, check=True).stdout.strip()

    blob = git("hash-object", "-w", "--stdin", given=card)
    tree = git("mktree", given=f"100644 blob {blob}\tREADME.md\n")
    git("update-ref", "refs/heads/main", git("commit-tree", tree, "-m", "unchecked"))


def test_who_likes_a_repository_is_a_page(box: HubBox) -> None:
    make(box)
    assert "Nobody has liked this yet" in look(box, "/ada/m/likes").text
    for person in (BOB, EVE):
        box.post(person, "/api/models/ada/m/like")
    page = look(box, "/ada/m/likes")
    assert "2 people like this" in visible(page)
    assert 'href="/eve"' in page.text
    make(box, "hidden", private=True)
    sign_in(box, EVE)
    assert look(box, "/ada/hidden/likes").status_code == 404


@pytest.mark.parametrize(("kind", "prefix"), [("model", ""), ("dataset", "datasets/"), ("space", "spaces/")])
def test_every_way_to_fetch_a_repository_stands_in_its_band(box: HubBox, kind: str, prefix: str) -> None:
    make(box, "d", kind=kind)
    page = look(box, f"/{prefix}ada/d").text
    for code in (
        f"GIT_LFS_SKIP_SMUDGE=1 git clone http://hub.test/{prefix}ada/d",
        "export HF_ENDPOINT=http://hub.test\nhf download ada/d" + ("" if kind == "model" else f" --repo-type {kind}"),
        "snapshot_download(&#34;ada/d&#34;",
    ):
        assert code in page
    assert look(box, f"/{prefix}ada/d/use").status_code == 200


def test_a_diagram_brings_its_program_and_other_cards_do_not(box: HubBox) -> None:
    make(box)
    commit(box, "ada/m", {"README.md": "# No diagram\n"})
    assert "diagrams.js" not in look(box, "/ada/m").text
    commit(box, "ada/m", {"README.md": "```mermaid\ngraph TD; A-->B;\n```\n"})
    page = look(box, "/ada/m").text
    assert "html/diagrams.js" in page
    assert '<pre class="diagram"><code>graph TD; A--&gt;B;' in page
    frame = box.http.get("/static/diagrams")
    assert "sandbox allow-scripts" in frame.headers["content-security-policy"]
    assert "allow-same-origin" not in frame.headers["content-security-policy"]


def test_a_card_is_made_once_and_forgotten_when_the_shelf_is_full() -> None:
    reads: list[str] = []

    def written(blob: str, size: int = 10) -> Written:
        def read() -> str:
            reads.append(blob)
            return "# A card\n" * 100

        return Written(blob, size, read)

    shelf = Shelf(budget=20_000)
    for blob in ("a", "a", "b", "a"):
        assert shelf.card(written(blob), Place()).text is not None
    assert reads == ["a", "b", "a"]
    assert shelf.card(written("large", 1 << 30), Place()).too_large
    assert "large" not in reads


def test_tensors_are_listed_by_page_and_by_name(box: HubBox) -> None:
    make(box)
    index = {"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}
    many = weights(**{f"layer.{number}.weight": (2, 2) for number in range(150)})
    files: dict[str, bytes | str] = {
        "1.safetensors": many,
        "2.safetensors": weights(b=(6,)),
        "model.safetensors.index.json": json.dumps(index),
    }
    commit(box, "ada/m", files)
    page = look(box, "/ada/m/tensors/main").text
    assert "model.safetensors.index.json" in page or "1.safetensors" in page
    whole = look(box, "/ada/m/tensors/main/model.safetensors.index.json")
    assert "151 tensors" in visible(whole)
    assert whole.text.count("<tr><td") == 100
    assert look(box, "/ada/m/tensors/main/model.safetensors.index.json?p=1").text.count("<tr><td") == 51
    assert "layer.149.weight" in look(box, "/ada/m/tensors/main/1.safetensors?q=layer.149").text
    assert "No tensor has this" in look(box, "/ada/m/tensors/main/1.safetensors?q=%3Cscript%3E").text
    assert look(box, "/ada/m/tensors/main/README.md").status_code == 404
