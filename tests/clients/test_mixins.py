"""What builds on the API inside huggingface_hub: mixins, schedulers."""

from pathlib import Path

import pytest
from huggingface_hub import CommitScheduler, HfApi
from tests.clients.notebook import Notebook
from tests.oracle import NewRepo

pytestmark = pytest.mark.client


@pytest.mark.covers("CommitScheduler", client="huggingface_hub")
def test_a_scheduler_commits_what_a_program_writes(ada: HfApi, name: str, tmp_path: Path) -> None:
    scheduler = CommitScheduler(
        repo_id=name, repo_type="dataset", folder_path=tmp_path, every=60, private=True, hf_api=ada
    )
    with scheduler.lock:
        (tmp_path / "feedback.jsonl").write_text('{"vote": 1}\n')
    scheduler.trigger().result(60)
    assert "feedback.jsonl" in ada.list_repo_files(name, repo_type="dataset")
    with scheduler.lock, (tmp_path / "feedback.jsonl").open("a") as stream:
        stream.write('{"vote": 2}\n')
    scheduler.trigger().result(60)
    scheduler.stop()
    path = ada.hf_hub_download(name, "feedback.jsonl", repo_type="dataset")
    assert Path(path).read_text() == '{"vote": 1}\n{"vote": 2}\n'
    assert scheduler.trigger().result(60) is None


@pytest.mark.covers("PyTorchModelHubMixin", client="huggingface_hub")
def test_an_own_module_is_pushed_and_loaded_again(notebook: Notebook, name: str) -> None:
    same = notebook(
        """
        import torch
        from huggingface_hub import PyTorchModelHubMixin

        class Tiny(torch.nn.Module, PyTorchModelHubMixin, library_name="tiny-lib", tags=["tiny"]):
            def __init__(self, width: int = 4) -> None:
                super().__init__()
                self.layer = torch.nn.Linear(width, width)

        model = Tiny(width=6)
        model.push_to_hub(repo, private=True)
        again = Tiny.from_pretrained(repo)
        torch.equal(model.layer.weight, again.layer.weight)
        """,
        repo=name,
    )
    assert same is True


@pytest.mark.covers("PyTorchModelHubMixin", client="huggingface_hub")
def test_the_mixin_leaves_a_card_config_and_weights(notebook: Notebook, ada: HfApi, name: str) -> None:
    ada.create_repo(name)
    ada.create_branch(name, branch="dev")
    notebook(
        """
        import torch
        from huggingface_hub import PyTorchModelHubMixin

        class Net(torch.nn.Module, PyTorchModelHubMixin):
            def __init__(self, width: int = 4) -> None:
                super().__init__()
                self.layer = torch.nn.Linear(width, width)

        Net(width=3).push_to_hub(repo, branch="dev")
        """,
        repo=name,
    )
    files = set(ada.list_repo_files(name, revision="dev"))
    assert files >= {"README.md", "config.json", "model.safetensors"}
    assert ada.list_repo_files(name) == [".gitattributes"]


@pytest.mark.covers("whoami", client="huggingface_hub")
def test_what_the_environment_names_needs_no_arguments(notebook: Notebook, new_repo: NewRepo) -> None:
    repo = new_repo({"a.txt": "a"}, private=True)
    found = notebook(
        """
        import huggingface_hub as hh
        [hh.whoami()["name"], hh.file_exists(repo, "a.txt"), hh.list_repo_files(repo)]
        """,
        repo=repo,
    )
    assert found == ["ada", True, [".gitattributes", "a.txt"]]
