"""Lists of repositories: filters, search, order, pages, what is hidden."""

import pytest
from huggingface_hub import HfApi, ModelInfo
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import paginate
from tests.live_hub import LiveHub
from tests.oracle import add_files, eventually

pytestmark = pytest.mark.client
CARD = """---
license: {license}
language: [{language}]
pipeline_tag: {task}
library_name: transformers
tags: [{tag}]
datasets: [lister/reviews]
base_model: lister/parent
---
# {title}
"""
DATA_CARD = """---
license: cc0-1.0
task_categories: [text-classification]
size_categories: [n<1K]
language: [en, zh]
pretty_name: 影评 reviews
---
"""


@pytest.fixture(scope="module")
def lister(hub: LiveHub) -> HfApi:
    """A person whose shelf is known to the last book."""
    hub.command("user", "add", "lister", "--password", "all things in order 1")
    api = HfApi(token=hub.command("token", "create", "lister", "--role", "write").split()[-1])
    shelf = {
        "bert-sentiment": ("mit", "en", "text-classification", "finance", "BERT sentiment"),
        "gpt-poems": ("apache-2.0", "zh", "text-generation", "poetry", "唐诗生成模型"),
        "t5-summary": ("mit", "en", "summarization", "news", "T5 summary"),
    }
    for name, (license_, language, task, tag, title) in shelf.items():
        api.create_repo(f"lister/{name}")
        card = CARD.format(license=license_, language=language, task=task, tag=tag, title=title)
        add_files(api, f"lister/{name}", {"README.md": card, "config.json": '{"model_type": "bert"}'})
    api.create_repo("lister/secret-plans", private=True)
    api.create_repo("lister/reviews", repo_type="dataset")
    add_files(api, "lister/reviews", {"README.md": DATA_CARD, "train.csv": "text,label\nok,1\n"}, repo_type="dataset")
    for name in ("demo-gradio", "demo-static"):
        api.create_repo(f"lister/{name}", repo_type="space", space_sdk=name.removeprefix("demo-"))
    assert eventually(lambda: len(list(api.list_models(author="lister", filter="license:mit"))) == 2)
    return api


def names(found: object) -> set[str]:
    """Names without the namespace."""
    return {repo.id.removeprefix("lister/") for repo in found}  # type: ignore[attr-defined]


@pytest.mark.covers("list_models", client="huggingface_hub")
def test_an_authors_models_are_listed_and_private_ones_only_to_their_owner(
    lister: HfApi, nobody: HfApi, eve: HfApi
) -> None:
    public = {"bert-sentiment", "gpt-poems", "t5-summary"}
    assert names(nobody.list_models(author="lister")) == public
    assert names(eve.list_models(author="lister")) == public
    assert names(lister.list_models(author="lister")) == public | {"secret-plans"}


@pytest.mark.covers("list_models", client="huggingface_hub")
@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"filter": "license:mit"}, {"bert-sentiment", "t5-summary"}),
        ({"filter": ["license:mit", "finance"]}, {"bert-sentiment"}),
        ({"filter": "zh"}, {"gpt-poems"}),
        ({"filter": "transformers"}, {"bert-sentiment", "gpt-poems", "t5-summary"}),
        ({"filter": "text-generation"}, {"gpt-poems"}),
        ({"filter": "dataset:lister/reviews"}, {"bert-sentiment", "gpt-poems", "t5-summary"}),
        ({"filter": "base_model:lister/parent"}, {"bert-sentiment", "gpt-poems", "t5-summary"}),
        ({"pipeline_tag": "summarization"}, {"t5-summary"}),
        ({"trained_dataset": "lister/reviews"}, {"bert-sentiment", "gpt-poems", "t5-summary"}),
        ({"search": "senti"}, {"bert-sentiment"}),
        ({"search": "SENTIMENT"}, {"bert-sentiment"}),
        ({"search": "lister/gpt"}, {"gpt-poems"}),
        ({"gated": True}, set()),
        ({"filter": "nothing-has-this"}, set()),
    ],
)
def test_models_are_filtered(lister: HfApi, nobody: HfApi, asked: dict[str, object], wanted: set[str]) -> None:
    assert names(nobody.list_models(author="lister", **asked)) == wanted


@pytest.mark.covers("list_models", client="huggingface_hub")
def test_search_finds_words_in_chinese(lister: HfApi, nobody: HfApi) -> None:
    assert eventually(lambda: names(nobody.list_models(author="lister", search="唐诗")) == {"gpt-poems"})


@pytest.mark.covers("list_models", client="huggingface_hub")
@pytest.mark.parametrize("key", ["created_at", "last_modified", "downloads", "likes", "trending_score"])
def test_models_are_sorted(lister: HfApi, nobody: HfApi, key: str) -> None:
    found = list(nobody.list_models(author="lister", sort=key, full=True))
    assert len(found) == 3
    values = [getattr(model, key) for model in found]
    assert values == sorted(values, reverse=True)


@pytest.mark.covers("list_models", "error classes", client="huggingface_hub")
def test_an_unknown_order_is_a_bad_request(lister: HfApi, hub: LiveHub) -> None:
    import httpx

    assert httpx.get(f"{hub.url}/api/models?sort=colour", trust_env=False).status_code == 400


@pytest.mark.covers("list_models", client="huggingface_hub")
def test_a_limit_is_kept(lister: HfApi, nobody: HfApi) -> None:
    assert len(list(nobody.list_models(author="lister", limit=2))) == 2


@pytest.mark.covers("list_models", client="huggingface_hub")
def test_full_lists_carry_cards_files_and_configuration(lister: HfApi, nobody: HfApi) -> None:
    found = nobody.list_models(author="lister", search="bert", full=True, cardData=True, fetch_config=True)
    model = next(iter(found))
    assert model.card_data.license == "mit"
    assert {file.rfilename for file in model.siblings} == {".gitattributes", "README.md", "config.json"}
    assert model.config["model_type"] == "bert"
    assert model.sha == nobody.model_info(model.id).sha
    assert model.library_name == "transformers"


@pytest.mark.covers("list_models", client="huggingface_hub")
def test_expanded_lists_carry_what_was_named(lister: HfApi, nobody: HfApi) -> None:
    expand = ["downloads", "likes", "tags", "pipeline_tag", "sha", "lastModified", "gated", "private"]
    for model in nobody.list_models(author="lister", expand=expand):
        assert (model.downloads, model.likes, model.gated, model.private) == (0, 0, False, False)
        assert model.pipeline_tag in model.tags
        assert model.sha
        assert model.siblings is None


@pytest.mark.covers("list_models", "pagination", client="huggingface_hub")
def test_long_lists_come_in_pages_without_gaps_or_doubles(hub: LiveHub, ada: HfApi) -> None:
    hub.command("user", "add", "prolific", "--password", "one after another 9")
    api = HfApi(token=hub.command("token", "create", "prolific", "--role", "write").split()[-1])
    for number in range(23):
        api.create_repo(f"prolific/m-{number:02}")
    for key in (None, "created_at", "likes"):
        found = [model.id for model in paged(hub, {"author": "prolific", "limit": 5}, key)]
        assert len(found) == 23
        assert set(found) == {f"prolific/m-{number:02}" for number in range(23)}


def paged(hub: LiveHub, asked: dict[str, str | int], key: str | None) -> list[ModelInfo]:
    """Follow rel=next as the client does, from a small first page."""
    sort = {"created_at": {"sort": "createdAt"}, "likes": {"sort": "likes"}}.get(key or "", {})
    return [ModelInfo(**item) for item in paginate(f"{hub.url}/api/models", params=asked | sort, headers={})]


@pytest.mark.covers("list_datasets", client="huggingface_hub")
@pytest.mark.parametrize(
    "asked",
    [
        {"filter": "task_categories:text-classification"},
        {"task_categories": "text-classification"},
        {"language": "zh"},
        {"language": ["en", "zh"]},
        {"size_categories": "n<1K"},
        {"search": "review"},
        {"dataset_name": "reviews"},
    ],
)
def test_datasets_are_filtered(lister: HfApi, nobody: HfApi, asked: dict[str, object]) -> None:
    def look() -> set[str]:
        return names(nobody.list_datasets(author="lister", **asked))

    assert eventually(lambda: look() == {"reviews"}), look()


@pytest.mark.covers("list_datasets", client="huggingface_hub")
def test_datasets_that_do_not_match_are_left_out(lister: HfApi, nobody: HfApi) -> None:
    assert names(nobody.list_datasets(author="lister", language="fr")) == set()
    assert names(nobody.list_datasets(author="lister", search="gpt")) == set()


@pytest.mark.covers("list_spaces", client="huggingface_hub")
def test_spaces_are_listed_and_filtered_by_sdk(lister: HfApi, nobody: HfApi) -> None:
    assert names(nobody.list_spaces(author="lister")) == {"demo-gradio", "demo-static"}
    assert eventually(lambda: names(nobody.list_spaces(author="lister", filter="gradio")) == {"demo-gradio"})
    found = {space.id: space.sdk for space in nobody.list_spaces(author="lister", full=True)}
    assert found == {"lister/demo-gradio": "gradio", "lister/demo-static": "static"}


@pytest.mark.covers("list_models", "error classes", client="huggingface_hub")
def test_a_broken_cursor_is_a_bad_request(lister: HfApi, hub: LiveHub) -> None:
    import httpx

    answer = httpx.get(f"{hub.url}/api/models?cursor=@@@not-a-cursor", trust_env=False)
    assert answer.status_code == 400


@pytest.mark.covers("list_models", "error classes", client="huggingface_hub")
def test_a_list_with_a_wrong_token_is_refused(impostor: HfApi) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        list(impostor.list_models())
    assert caught.value.response.status_code == 401


@pytest.mark.covers("get_model_tags", "get_dataset_tags", client="huggingface_hub")
def test_the_tags_in_use_are_grouped_by_kind(lister: HfApi, nobody: HfApi) -> None:
    models, datasets = nobody.get_model_tags(), nobody.get_dataset_tags()
    assert {tag["id"] for tag in models["pipeline_tag"]} >= {"text-generation", "summarization"}
    assert "license:mit" in {tag["id"] for tag in models["license"]}
    assert "language:zh" in {tag["id"] for tag in datasets["language"]}
