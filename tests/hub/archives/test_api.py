"""Whole revisions come as one file, with the contents that people want, and lead nowhere else when unpacked."""

import io
import shutil
import stat
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from tests.gitwork import ADA_WRITES, Workshop
from tests.hubbox import HubBox
from tests.people import ADA, BOB, EVE, NOBODY
from tests.repowork import commit, large, lines, make, send, upload

WEIGHTS = b"weights " * 400_000


@pytest.fixture
def repo(box: HubBox) -> str:
    make(box)
    commit(box, "ada/m", {"a.txt": "one\n", "docs/名 字.md": "# Hi\n", "empty": ""})
    upload(box, "ada/m", WEIGHTS)
    assert send(box, "ada/m", lines(large("w/model.bin", WEIGHTS))).status_code == 200
    return "ada/m"


def workshop(box: HubBox, repo: str) -> Workshop:
    folder = next(found.folder for found in box.app.repos.walk() if found.full_name == repo)
    return Workshop(box.app.git, folder)


def zipped(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def tarred(content: bytes) -> tarfile.TarFile:
    return tarfile.open(fileobj=io.BytesIO(content), mode="r:gz")


def test_a_zip_has_every_file_with_its_real_content(box: HubBox, repo: str) -> None:
    answer = box.get(ADA, f"/{repo}/archive/main.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="m-main.zip"' in answer.headers["content-disposition"]
    assert "content-length" not in answer.headers
    found = zipped(answer.content)
    assert found.testzip() is None
    assert found.read("m-main/w/model.bin") == WEIGHTS
    assert found.read("m-main/docs/名 字.md") == b"# Hi\n"
    assert found.read("m-main/empty") == b""
    assert {"m-main/a.txt", "m-main/.gitattributes"} <= set(found.namelist())


def test_a_tar_has_the_same(box: HubBox, repo: str) -> None:
    answer = box.get(ADA, f"/{repo}/archive/main.tar.gz")
    assert answer.headers["content-type"] == "application/gzip"
    found = tarred(answer.content)
    unpacked = {item.name: found.extractfile(item) for item in found.getmembers()}
    assert {name: file.read() for name, file in unpacked.items() if file}["m-main/w/model.bin"] == WEIGHTS
    assert sorted(unpacked) == sorted(zipped(box.get(ADA, f"/{repo}/archive/main.zip").content).namelist())


def test_large_files_stay_pointers_where_that_is_wanted(box: HubBox, repo: str) -> None:
    for form in ("zip", "tar.gz"):
        assert len(box.get(ADA, f"/{repo}/archive/main.{form}?large=pointers").content) < 10_000
    text = zipped(box.get(ADA, f"/{repo}/archive/main.zip?large=pointers").content).read("m-main/w/model.bin")
    assert text.startswith(b"version https://git-lfs")
    assert box.get(ADA, f"/{repo}/archive/main.zip?large=maybe").status_code == 400


def test_every_revision_can_be_had(box: HubBox, repo: str) -> None:
    assert box.post(ADA, f"/api/models/{repo}/branch/feat%2Fx", json={}).status_code == 200
    named = box.get(ADA, f"/{repo}/archive/feat%2Fx.zip")
    assert zipped(named.content).read("m-feat-x/a.txt") == b"one\n"
    oid = named.headers["x-repo-commit"]
    assert zipped(box.get(ADA, f"/{repo}/archive/{oid}.zip").content).namelist()
    assert box.get(ADA, f"/{repo}/archive/gone.zip").status_code == 404
    assert box.get(ADA, f"/{repo}/archive/main.rar").status_code == 404


def test_a_question_for_the_head_makes_nothing(box: HubBox, repo: str) -> None:
    answer = box.head(ADA, f"/{repo}/archive/main.zip")
    assert answer.status_code == 200
    assert answer.content == b""
    assert "content-length" not in answer.headers or answer.headers["content-length"] == "0"


def test_archives_are_for_whoever_may_read(box: HubBox) -> None:
    make(box, "s", private=True, organization="lab")
    for person, status in ((ADA, 200), (BOB, 200), (EVE, 404), (NOBODY, 401)):
        assert box.get(person, "/lab/s/archive/main.zip").status_code == status


def test_hostile_names_and_links_stay_inside(box: HubBox, repo: str, tmp_path: Path) -> None:
    shop = workshop(box, repo)
    oid = shop.run("hash-object", "-w", "--stdin", stdin=b"../../../etc/passwd").strip()
    inside = shop.run("hash-object", "-w", "--stdin", stdin=b"docs/x").strip()
    text = shop.run("hash-object", "-w", "--stdin", stdin=b"text").strip()
    entries = [
        f"120000 blob {oid}\tevil-link\0".encode(),
        f"120000 blob {inside}\tgood-link\0".encode(),
        f"100644 blob {text}\tback\\slash\0".encode(),
        f"100644 blob {text}\tnew\nline\0".encode(),
        f"100755 blob {text}\trun.sh\0".encode(),
        b"100644 blob " + text.encode() + b"\tlatin-\xe9\0",
        f"100644 blob {text}\t{'l' * 250}\0".encode(),
    ]
    tree = shop.run("mktree", "-z", stdin=b"".join(entries)).strip()
    made = box.app.git.commit_tree(shop.folder, tree, [], author=ADA_WRITES, message="odd")
    answer = box.get(ADA, f"/{repo}/archive/{made}.tar.gz")
    found = tarred(answer.content)
    members = {item.name.partition("/")[2]: item for item in found.getmembers()}
    assert members["evil-link"].isreg()
    assert members["good-link"].issym()
    assert members["run.sh"].mode == 0o755
    assert {"back_slash", "new\nline", "latin-\\xe9".replace("\\", "_"), "l" * 250} <= set(members)
    found.extractall(tmp_path, filter="data")
    archive = zipped(box.get(ADA, f"/{repo}/archive/{made}.zip").content)
    modes = {item.filename.partition("/")[2]: item.external_attr >> 16 for item in archive.infolist()}
    assert stat.S_ISLNK(modes["good-link"])
    assert stat.S_ISREG(modes["evil-link"])
    assert modes["run.sh"] & 0o111


@pytest.mark.parametrize(("form", "program"), [("zip", ["unzip", "-tq"]), ("tar.gz", ["tar", "-tzf"])])
def test_the_programs_of_others_read_them(
    box: HubBox, repo: str, tmp_path: Path, form: str, program: list[str]
) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed")
    file = tmp_path / f"all.{form}"
    file.write_bytes(box.get(ADA, f"/{repo}/archive/main.{form}").content)
    done = subprocess.run([*program, str(file)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_content_that_was_never_sent_leaves_its_pointer(box: HubBox, repo: str) -> None:
    oid = "ab" * 32
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 12\n"
    made = workshop(box, repo).commit({"lost.bin": pointer}, ref="refs/heads/lost")
    found = zipped(box.get(ADA, f"/{repo}/archive/{made}.zip").content)
    [name] = [name for name in found.namelist() if name.endswith("lost.bin")]
    assert found.read(name).decode() == pointer
