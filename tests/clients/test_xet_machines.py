"""Xet from several machines, with several clients, at every awkward size."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from tests.clients.gitbox import GitBox
from tests.clients.notebook import Notebook
from tests.clients.shell import Shell
from tests.live_hub import LiveHub
from tests.oracle import NewRepo, eventually
from tests.people import ADA, BOB

pytestmark = pytest.mark.client

SIZES = (0, 1, 8191, 8192, 8193, 65_536, 131_071, 131_072, 131_073, 1_000_003)
OpenShell = Callable[..., Shell]


def noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


def digests(folder: Path) -> dict[str, str]:
    """Path to sha256 of every file that is not hidden."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def chunks_stored(hub: LiveHub) -> int:
    return sum(path.stat().st_size for path in (hub.data / "xorbs").rglob("*") if len(path.name) == 64)


def test_files_of_awkward_sizes_go_up_and_come_down(shell: OpenShell, new_repo: NewRepo, tmp_path: Path) -> None:
    repo, up = new_repo(), tmp_path / "up"
    (up / "d").mkdir(parents=True)
    for size in SIZES:
        (up / f"noise-{size}.bin").write_bytes(noise(size, size))
        (up / "d" / f"zeros-{size}.bin").write_bytes(bytes(size))
    ada = shell(ADA, xet=True)
    ada("hf", "upload", repo, str(up), ".")
    ada("hf", "download", repo, "--local-dir", str(tmp_path / "down"))
    plain = shell(BOB)
    plain("hf", "download", repo, "--local-dir", str(tmp_path / "plain"))
    assert digests(tmp_path / "down") == digests(tmp_path / "plain") == digests(up)


@pytest.mark.covers("deduplicated upload", client="xet")
def test_a_fresh_machine_sends_no_more_than_a_warm_one(
    hub: LiveHub, shell: OpenShell, new_repo: NewRepo, tmp_path: Path
) -> None:
    body = noise(1, 12_000_000)
    versions = {
        "first": body,
        "warm": body[:4_000_000] + b"warm" + body[4_000_000:],
        "fresh": body[:8_000_000] + b"fresh" + body[8_000_000:],
    }
    repo, sent = new_repo(), {}
    machines = {"first": shell(ADA, xet=True), "warm": shell(ADA, xet=True), "fresh": shell(BOB, xet=True)}
    machines["fresh"].env["HF_TOKEN"] = str(hub.token(ADA))
    for name, content in versions.items():
        (tmp_path / f"{name}.bin").write_bytes(content)
        before = chunks_stored(hub)
        machines[name]("hf", "upload", repo, str(tmp_path / f"{name}.bin"), "model.bin")
        sent[name] = chunks_stored(hub) - before
    assert sent["first"] > 12_000_000
    assert sent["warm"] < 500_000
    assert sent["fresh"] < 500_000
    assert hub.get(f"/{repo}/resolve/main/model.bin") == versions["fresh"]


@pytest.mark.covers("deduplicated upload", client="xet")
def test_a_fresh_machine_knows_of_every_file_of_a_folder(
    hub: LiveHub, shell: OpenShell, new_repo: NewRepo, tmp_path: Path
) -> None:
    """Clients ask for many files at the same time: what the first is told must reach them all."""
    repo, up = new_repo(), tmp_path / "up"
    up.mkdir()
    for number in range(12):
        (up / f"part-{number}.bin").write_bytes(noise(50 + number, 2_000_000))
    shell(ADA, xet=True)("hf", "upload", repo, str(up), ".")
    for path in up.iterdir():
        body = path.read_bytes()
        path.write_bytes(b"another beginning" + body[:1_000_000] + b"more" + body[1_000_000:])
    fresh, before = shell(BOB, xet=True), chunks_stored(hub)
    fresh.env["HF_TOKEN"] = str(hub.token(ADA))
    fresh("hf", "upload", repo, str(up), ".")
    assert chunks_stored(hub) - before < 12 * 400_000
    for path in up.iterdir():
        assert hub.get(f"/{repo}/resolve/main/{path.name}") == path.read_bytes()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.covers("a file of 5 GiB", client="xet")
def test_five_gibibytes_come_down_as_they_went_up(
    hub: LiveHub, shell: OpenShell, new_repo: NewRepo, tmp_path: Path
) -> None:
    repo, file = new_repo(), tmp_path / "large.bin"
    block, digest = noise(70, 64 << 20), hashlib.sha256()
    with file.open("wb") as out:
        for number in range(80):
            piece = number.to_bytes(8, "little") * 4096 + block[: -(8 * 4096)]
            digest.update(piece)
            out.write(piece)
    assert file.stat().st_size == 5 << 30
    before = chunks_stored(hub)
    shell(ADA, xet=True)("hf", "upload", repo, str(file), "large.bin")
    assert chunks_stored(hub) - before < 256 << 20
    file.unlink()
    for name, xet in (("chunks", True), ("plain", False)):
        down = tmp_path / name
        shell(BOB, xet=xet)("hf", "download", repo, "large.bin", "--local-dir", str(down))
        with (down / "large.bin").open("rb") as got:
            assert hashlib.file_digest(got, "sha256").digest() == digest.digest()
        (down / "large.bin").unlink()


@pytest.mark.covers("mixed with LFS", client="xet")
def test_git_lfs_and_xet_work_on_the_same_repository(
    hub: LiveHub,
    ada: HfApi,
    shell: OpenShell,
    gitbox: Callable[..., GitBox],
    new_repo: NewRepo,
    tmp_path: Path,
) -> None:
    repo = new_repo()
    by_xet, by_git = noise(2, 4_000_000), noise(2, 4_000_000)[:2_000_000] + b"pushed" + noise(2, 4_000_000)[2_000_000:]
    (tmp_path / "xet.bin").write_bytes(by_xet)
    shell(ADA, xet=True)("hf", "upload", repo, str(tmp_path / "xet.bin"), "xet.bin")
    box = gitbox(ADA)
    clone = box.clone(repo)
    assert (clone / "xet.bin").read_bytes() == by_xet
    before = chunks_stored(hub)
    (clone / "git.bin").write_bytes(by_git)
    box("add", ".")
    box("commit", "-m", "By git")
    box("push")
    assert eventually(lambda: ada.get_paths_info(repo, "git.bin")[0].xet_hash is not None, within=30)
    assert chunks_stored(hub) - before < 500_000
    home = shell(BOB, xet=True)
    home("hf", "download", repo, "--local-dir", str(tmp_path / "down"))
    assert (tmp_path / "down" / "git.bin").read_bytes() == by_git
    assert (tmp_path / "down" / "xet.bin").read_bytes() == by_xet


@pytest.mark.covers("range reads", client="xet")
def test_scattered_files_come_down_by_several_ranges_at_once(
    hub: LiveHub, shell: OpenShell, new_repo: NewRepo, tmp_path: Path
) -> None:
    repo, base = new_repo(), bytearray(noise(3, 24_000_000))
    up = tmp_path / "up"
    up.mkdir()
    (up / "base.bin").write_bytes(base)
    ada = shell(ADA, xet=True)
    ada("hf", "upload", repo, str(up), ".")
    for at in range(700_000, len(base), 1_500_000):
        base[at : at + 300] = noise(at, 300)
    (up / "changed.bin").write_bytes(base)
    ada("hf", "upload", repo, str(up), ".")
    for number, several in enumerate(("0", "1")):
        home = shell(BOB, xet=True)
        home.env |= {"HF_XET_CLIENT_ENABLE_MULTIRANGE_FETCHING": several, "HF_HOME": str(tmp_path / f"h{number}")}
        home("hf", "download", repo, "--local-dir", str(tmp_path / several))
        assert (tmp_path / several / "changed.bin").read_bytes() == base


@pytest.mark.covers("private repositories", client="xet")
def test_a_private_organisation_keeps_its_chunks(
    hub: LiveHub, shell: OpenShell, new_repo: NewRepo, tmp_path: Path
) -> None:
    repo, body = new_repo(owner="lab", private=True), noise(4, 2_000_000)
    (tmp_path / "w.bin").write_bytes(body)
    shell(ADA, xet=True)("hf", "upload", repo, str(tmp_path / "w.bin"), "w.bin")
    bob = shell(BOB, xet=True)
    bob("hf", "download", repo, "--local-dir", str(tmp_path / "down"))
    assert (tmp_path / "down" / "w.bin").read_bytes() == body
    bob("hf", "upload", repo, str(tmp_path / "w.bin"), "again.bin")
    assert hub.get(f"/{repo}/resolve/main/again.bin", token=hub.token(BOB)) == body


@pytest.mark.slow
@pytest.mark.covers("push_to_hub", client="xet")
def test_models_and_data_sets_are_pushed_as_chunks(xet_notebook: Notebook, ada: HfApi, new_repo: NewRepo) -> None:
    model, data = new_repo(), new_repo(repo_type="dataset")
    same = xet_notebook(
        """
        import torch
        from datasets import Dataset, load_dataset
        from transformers import BertConfig, BertModel

        tiny = BertConfig(hidden_size=64, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
        made = BertModel(tiny)
        made.push_to_hub(model)
        again = BertModel.from_pretrained(model)
        rows = {"text": [f"row {i}" for i in range(5000)]}
        Dataset.from_dict(rows).push_to_hub(data)
        known = all(torch.equal(a, b) for a, b in zip(made.parameters(), again.parameters()))
        [known, load_dataset(data, split="train")["text"][:] == rows["text"]]
        """,
        model=model,
        data=data,
    )
    assert same == [True, True]
    assert ada.get_paths_info(model, "model.safetensors")[0].xet_hash is not None
    [parquet] = [path for path in ada.list_repo_files(data, repo_type="dataset") if path.endswith(".parquet")]
    assert ada.get_paths_info(data, parquet, repo_type="dataset")[0].xet_hash is not None
