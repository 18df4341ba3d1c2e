"""Lists of repositories: filters, order, pages, visibility."""

import base64
from collections.abc import Iterator

import pytest
from sqlalchemy import update
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY, Person
from tests.repowork import commit, make

from bearhug.hub.listing import store
from bearhug.hub.repos.tables import repos

CARDS = {
    "bert-zh": "---\nlicense: mit\nlanguage: zh\npipeline_tag: fill-mask\ntags: [tiny]\n---\n# 中文掩码模型\n",
    "bert-en": "---\nlicense: mit\nlanguage: en\npipeline_tag: fill-mask\n---\n# Masks for English\n",
    "gpt": (
        "---\nlicense: apache-2.0\nlanguage: [en, zh]\npipeline_tag: text-generation\nbase_model: ada/bert-en\n---\n"
    ),
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubBox]:
    """Three public models of ada's, a private one, and a private one of the organisation."""
    box = HubBox(tmp_path_factory.mktemp("shelf"))
    box.furnish()
    for name, card in CARDS.items():
        commit(box, make(box, name), {"README.md": card})
    make(box, "hidden", private=True)
    make(box, "team", organization="lab", private=True)
    for person in (ADA, BOB):
        box.post(person, "/api/models/ada/bert-zh/like")
    box.post(ADA, "/api/models/ada/gpt/like")
    box.settle()
    yield box
    box.close()


def ids(box: HubBox, query: str, person: Person = NOBODY) -> list[str]:
    answer = box.get(person, f"/api/models?{query}")
    assert answer.status_code == 200, answer.text
    return [row["id"].partition("/")[2] for row in answer.json()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"bert-zh", "bert-en", "gpt"}),
        ("author=ada", {"bert-zh", "bert-en", "gpt"}),
        ("author=ADA&search=BERT", {"bert-zh", "bert-en"}),
        ("author=nobody-here", set()),
        ("search=rt-e", {"bert-en"}),
        ("search=中文", {"bert-zh"}),
        ("search=掩码模型", {"bert-zh"}),
        ("search=english", {"bert-en"}),
        ("search=b", {"bert-zh", "bert-en"}),
        ("search=Z", {"bert-zh"}),
        ("search=r", set()),
        ("name=e", {"bert-en"}),
        ("search=文", {"bert-zh"}),
        ("search=a bert", {"bert-zh", "bert-en"}),
        ("search=b e", {"bert-en"}),
        ("search=bert&search=zh", {"bert-zh"}),
        ("filter=license:mit", {"bert-zh", "bert-en"}),
        ("filter=license:mit&filter=zh", {"bert-zh"}),
        ("filter=license:mit,tiny", {"bert-zh"}),
        ("filter=fill-mask", {"bert-zh", "bert-en"}),
        ("filter=base_model:ada/bert-en", {"gpt"}),
        ("filter=base_model:finetune:ada/bert-en", {"gpt"}),
        ("pipeline_tag=text-generation", {"gpt"}),
        ("pipeline_tag=fill-mask&filter=zh", {"bert-zh"}),
        ("filter=license:mit,kind:model", set()),
        ("gated=true", set()),
        ("gated=false&search=gpt", {"gpt"}),
        ("num_parameters=min:1B", set()),
        ("inference=warm", set()),
        ("inference_provider=all", set()),
        ("apps=vllm", set()),
    ],
)
def test_filters(shelf: HubBox, query: str, found: set[str]) -> None:
    assert set(ids(shelf, query)) == found


@pytest.mark.parametrize(
    ("person", "hidden"), [(ADA, {"hidden", "team"}), (BOB, {"team"}), (EVE, set()), (NOBODY, set())]
)
def test_private_repositories_are_listed_to_those_who_may_see_them(
    shelf: HubBox, person: Person, hidden: set[str]
) -> None:
    assert set(ids(shelf, "", person)) - set(CARDS) == hidden


def test_orders(shelf: HubBox) -> None:
    assert ids(shelf, "sort=likes")[0] == "bert-zh"
    assert ids(shelf, "sort=createdAt") == ["gpt", "bert-en", "bert-zh"]
    assert ids(shelf, "sort=createdAt&direction=1") == ["bert-zh", "bert-en", "gpt"]
    assert ids(shelf, "sort=lastModified&direction=-1")[0] == "gpt"
    assert shelf.get(NOBODY, "/api/models?sort=colour").status_code == 400


@pytest.mark.parametrize("sort", ["likes", "createdAt", "lastModified", "downloads", "trendingScore"])
@pytest.mark.parametrize("direction", ["-1", "1"])
def test_pages_join_without_gap_or_overlap(shelf: HubBox, sort: str, direction: str) -> None:
    whole = ids(shelf, f"sort={sort}&direction={direction}", ADA)
    url: str | None = f"/api/models?sort={sort}&direction={direction}&limit=2"
    found: list[str] = []
    while url:
        answer = shelf.get(ADA, url)
        found += [row["id"].partition("/")[2] for row in answer.json()]
        link = answer.headers.get("link")
        url = link.split(">")[0].strip("<") if link else None
    assert found == whole
    assert len(found) == 5


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("search=ada", {"bert-zh", "bert-en", "gpt", "hidden"}),
        ("search=english", {"bert-en"}),
        ("search=ada&search=bert", {"bert-zh", "bert-en"}),
        ("search=ada&filter=zh", {"bert-zh", "gpt"}),
        ("name=gpt&author=ada", {"gpt"}),
        ("author=ada&filter=zh&search=bert", {"bert-zh"}),
        ("author=lab", {"team"}),
        ("author=lab&gated=false", {"team"}),
        ("filter=fill-mask,license:mit", {"bert-zh", "bert-en"}),
        ("filter=license:mit&pipeline_tag=fill-mask&author=ada", {"bert-zh", "bert-en"}),
    ],
)
@pytest.mark.parametrize("few", [0, 1, 2, 1000], ids=["common", "known by one", "known by two", "rare"])
def test_a_list_holds_the_same_however_common_its_conditions_are(
    shelf: HubBox, query: str, expected: set[str], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(ids(shelf, query, ADA)) == expected
    monkeypatch.setattr(store, "FEW", few)
    found: list[str] = []
    url: str | None = f"/api/models?{query}&sort=createdAt&limit=1"
    while url:
        answer = shelf.get(ADA, url)
        found += [row["id"].partition("/")[2] for row in answer.json()]
        link = answer.headers.get("link")
        url = link.split(">")[0].strip("<") if link else None
    assert sorted(found) == sorted(expected) != []


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMl0x", "bnVsbA", "WyJub3QgYSBkYXRlIiwgMV0"])
def test_a_broken_cursor_is_a_bad_request(shelf: HubBox, cursor: str) -> None:
    assert shelf.get(NOBODY, f"/api/models?sort=createdAt&cursor={cursor}").status_code == 400


def test_a_cursor_of_another_order_is_a_bad_request(shelf: HubBox) -> None:
    number, moment = (base64.b64encode(text).decode().rstrip("=") for text in (b"[1, 2]", b'["2026-01-01", 2]'))
    assert shelf.get(NOBODY, f"/api/models?sort=createdAt&cursor={number}").status_code == 400
    assert shelf.get(NOBODY, f"/api/models?sort=likes&cursor={moment}").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "limit=x",
        "limit=-1",
        "num_parameters=6B",
        "search=%F0%9F%98%80",
        pytest.param(f"num_parameters=min:{'9' * 400}", id="a number beyond all"),
        pytest.param("num_parameters=min:999999999999999999T", id="a number beyond the database"),
        pytest.param("filter=" + "a," * 101, id="tags beyond counting"),
        pytest.param("search=a&" * 101, id="words beyond counting"),
    ],
)
def test_questions_that_make_no_sense_are_told_so(shelf: HubBox, query: str) -> None:
    assert shelf.get(NOBODY, f"/api/models?{query}").status_code == 400


def test_gated_models_and_those_of_a_size_are_listed_however_many_there_are(
    box: HubBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("small", "large", "open")):
        make(box, name)
        known = {"parameters": 10**9 * (number + 1), "gated": "" if name == "open" else "auto"}
        with box.app.db.writing() as tx:
            tx.execute(update(repos).where(repos.c.name == name).values(known))
    for few in (0, 1, 1000):
        monkeypatch.setattr(store, "FEW", few)
        assert set(ids(box, "gated=true")) == {"small", "large"}
        assert set(ids(box, "gated=true&num_parameters=min:2B")) == {"large"}
        assert ids(box, "num_parameters=min:1B,max:2B&sort=least_params") == ["small", "large"]


def test_full_lists_and_named_fields(shelf: HubBox) -> None:
    short = shelf.get(NOBODY, "/api/models?search=gpt").json()[0]
    full = shelf.get(NOBODY, "/api/models?search=gpt&full=true&cardData=true&config=true").json()[0]
    assert "siblings" not in short
    assert {file["rfilename"] for file in full["siblings"]} == {".gitattributes", "README.md"}
    assert full["cardData"]["license"] == "apache-2.0"
    assert set(shelf.get(NOBODY, "/api/models?search=gpt&expand=likes").json()[0]) == {"_id", "id", "modelId", "likes"}


def test_a_page_costs_the_same_however_long_it_is(shelf: HubBox) -> None:
    with shelf.counting() as one:
        shelf.get(ADA, "/api/models?limit=1")
    with shelf.counting() as many:
        shelf.get(ADA, "/api/models?limit=5")
    assert len(one) == len(many) <= 5


def test_other_kinds_have_lists_of_their_own(shelf: HubBox) -> None:
    card = "---\ntask_categories: [summarization]\n---\n"
    commit(shelf, make(shelf, "data", "dataset"), {"README.md": card, "a.csv": "x\n"}, "datasets")
    for tag in ("task_categories:summarization", "format:csv"):
        assert [row["id"] for row in shelf.get(NOBODY, f"/api/datasets?filter={tag}").json()] == ["ada/data"]
    card = "---\nsdk: static\nmodels: [ada/gpt]\n---\n"
    commit(shelf, make(shelf, "show", "space", sdk="static"), {"README.md": card}, "spaces")
    make(shelf, "bare", "space", sdk="static")
    for query in ("linked=true", "models=ada/gpt"):
        assert [row["id"] for row in shelf.get(NOBODY, f"/api/spaces?{query}").json()] == ["ada/show"]
