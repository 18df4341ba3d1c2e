"""transformers with a real BERT sentence model: push it, load it, pin it, use it without the hub."""

import pytest
from huggingface_hub import HfApi
from tests import assets
from tests.clients.notebook import CellFailed, Notebook
from tests.live_hub import LiveHub
from tests.oracle import NewRepo, numbered
from tests.people import EVE

pytestmark = [pytest.mark.client, pytest.mark.slow]
SAME = 1e-5


@pytest.fixture(scope="module")
def minilm(notebook: Notebook, ada: HfApi) -> str:
    """ada's private repository with the real MiniLM, pushed by transformers itself."""
    repo = f"ada/{numbered('minilm')}"
    notebook(
        """
        import torch
        from transformers import AutoConfig, AutoModel, AutoTokenizer

        def embed(model, tokenizer, text="A cat sits on the mat."):
            with torch.no_grad():
                return model(**tokenizer(text, return_tensors="pt")).last_hidden_state.mean(1)[0]

        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModel.from_pretrained(folder)
        expected = embed(model, tokenizer)
        tokenizer.push_to_hub(repo, private=True)
        model.push_to_hub(repo, commit_message="Real weights")
        """,
        folder=str(assets.minilm()),
        repo=repo,
    )
    return repo


@pytest.mark.covers("push_to_hub", client="transformers")
def test_push_to_hub_leaves_a_whole_model(minilm: str, ada: HfApi) -> None:
    files = set(ada.list_repo_files(minilm))
    assert files >= {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}
    info = ada.get_paths_info(minilm, "model.safetensors")[0]
    assert info.lfs is not None
    assert info.size > 90_000_000
    assert ada.model_info(minilm).private is True
    assert "Real weights" in {commit.title for commit in ada.list_repo_commits(minilm)}


@pytest.mark.covers(
    "AutoModel.from_pretrained",
    "AutoTokenizer.from_pretrained",
    "AutoConfig.from_pretrained",
    "from_pretrained of a private repository",
    client="transformers",
)
def test_what_comes_back_gives_the_same_numbers(notebook: Notebook, minilm: str) -> None:
    difference, layers, words = notebook(
        """
        back = AutoModel.from_pretrained(repo)
        words = AutoTokenizer.from_pretrained(repo)
        config = AutoConfig.from_pretrained(repo)
        [float((embed(back, words) - expected).abs().max()), config.num_hidden_layers, len(words)]
        """,
        repo=minilm,
    )
    assert difference < SAME
    assert (layers, words) == (6, 30522)


@pytest.mark.covers("from_pretrained of a private repository", client="transformers")
def test_a_stranger_loads_nothing_private(hub: LiveHub, notebook: Notebook, minilm: str) -> None:
    for token in (hub.token(EVE), ""):
        with pytest.raises(CellFailed, match=r"not a valid model identifier|RepositoryNotFound|404|401"):
            notebook("AutoConfig.from_pretrained(repo, force_download=True)", repo=minilm, token=token)


@pytest.mark.covers("from_pretrained of a revision", client="transformers")
def test_a_model_is_loaded_at_a_branch_a_tag_and_a_commit(notebook: Notebook, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo({"config.json": '{"model_type": "bert", "hidden_size": 32}'})
    first = ada.model_info(repo).sha
    ada.create_tag(repo, tag="v1")
    ada.create_branch(repo, branch="wide")
    body = b'{"model_type": "bert", "hidden_size": 64}'
    ada.upload_file(path_or_fileobj=body, path_in_repo="config.json", repo_id=repo, revision="wide")
    sizes = notebook(
        "[AutoConfig.from_pretrained(repo, revision=r).hidden_size for r in revisions]",
        repo=repo,
        revisions=["main", first, "v1", "wide"],
    )
    assert sizes == [32, 32, 32, 64]


@pytest.mark.covers("local_files_only after a download", client="transformers")
def test_a_loaded_model_is_there_without_the_hub(notebook: Notebook, minilm: str) -> None:
    difference = notebook(
        """
        AutoModel.from_pretrained(repo); AutoTokenizer.from_pretrained(repo)
        back = AutoModel.from_pretrained(repo, local_files_only=True)
        words = AutoTokenizer.from_pretrained(repo, local_files_only=True)
        float((embed(back, words) - expected).abs().max())
        """,
        repo=minilm,
    )
    assert difference < SAME


@pytest.mark.covers("pipeline(model=…)", client="transformers")
def test_a_pipeline_takes_its_model_from_the_hub(notebook: Notebook, minilm: str) -> None:
    difference = notebook(
        """
        from transformers import pipeline

        features = pipeline("feature-extraction", model=repo, return_tensors=True)
        float((features("A cat sits on the mat.")[0].mean(0) - expected).abs().max())
        """,
        repo=minilm,
    )
    assert difference < SAME


@pytest.mark.covers("pipeline(model=…)", client="transformers")
def test_a_pipeline_finds_its_task_on_the_hub(notebook: Notebook, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    task = notebook(
        """
        from transformers import BertConfig, BertForSequenceClassification, pipeline

        tiny = BertConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
        BertForSequenceClassification(tiny).push_to_hub(repo)
        tokenizer.push_to_hub(repo)
        import time
        from huggingface_hub import model_info
        deadline = time.monotonic() + 15
        while model_info(repo).pipeline_tag is None and time.monotonic() < deadline:
            time.sleep(0.2)
        pipeline(model=repo).task
        """,
        repo=repo,
    )
    assert task == "text-classification"


@pytest.mark.covers("push_to_hub", client="transformers")
def test_a_model_is_pushed_to_a_branch_of_its_own(notebook: Notebook, ada: HfApi, new_repo: NewRepo) -> None:
    repo = new_repo()
    notebook(
        "AutoConfig.from_pretrained(folder).push_to_hub(repo, revision='dev')", repo=repo, folder=str(assets.minilm())
    )
    assert "config.json" in ada.list_repo_files(repo, revision="dev")
    assert ada.list_repo_files(repo) == [".gitattributes"]


@pytest.mark.covers("AutoModel.from_pretrained", client="transformers")
def test_a_missing_repository_and_a_missing_file_are_explained(notebook: Notebook, new_repo: NewRepo) -> None:
    with pytest.raises(CellFailed, match="not a valid model identifier"):
        notebook("AutoModel.from_pretrained('ada/there-never-was-one')")
    with pytest.raises(CellFailed, match=r"does not appear to have a file named|Unrecognized model"):
        notebook("AutoModel.from_pretrained(repo)", repo=new_repo({"a.txt": "a"}))
