"""Real clients against a hub that listens: parts, resumption, and a hub that is killed in the middle."""

import getpass
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from huggingface_hub import CommitOperationAdd, HfApi, hf_hub_download
from tests.clients.gitbox import GitBox
from tests.hub.lfs.conftest import Sender, sha
from tests.live_hub import LiveHub, free_port, start
from tests.people import ADA

from bearhug.base.blobs.local import LocalBlobs
from bearhug.hub.lfs import service
from bearhug.hub.lfs.records import SEND

BIG = os.urandom(700_000)


@pytest.fixture
def url(sender: Sender) -> Iterator[str]:
    """The in-process hub, listening."""
    listener = socket.create_server(("127.0.0.1", 0))
    found = f"http://127.0.0.1:{listener.getsockname()[1]}"
    sender.box.app.edge.public_url = found
    server = uvicorn.Server(uvicorn.Config(sender.box.app.edge, lifespan="off", log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield found
    server.should_exit = True
    thread.join()
    listener.close()
    sender.box.app.edge.public_url = "http://hub.test"


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files over 200 kB travel in parts of 128 KiB."""
    for name, value in {"ONE_REQUEST": 200_000, "PART": 1 << 17, "MIB": 1 << 16}.items():
        monkeypatch.setattr(service, name, value)


def git_box(sender: Sender, tmp_path: Path, url: str) -> GitBox:
    found = GitBox(tmp_path / "home", url, ADA.name, sender.box.token(ADA))
    found.clone("ada/m")
    return found


def stored(sender: Sender, content: bytes = BIG) -> bool:
    return sender.holds(sender.repo_id, sha(content)) and [path.name for path in sender.files()] == [sha(content)]


@pytest.mark.client
@pytest.mark.usefixtures("small_parts")
def test_huggingface_hub_sends_a_large_file_in_parts(sender: Sender, url: str, tmp_path: Path) -> None:
    api = HfApi(endpoint=url, token=sender.box.token(ADA))
    api.create_commit("ada/m", [CommitOperationAdd("w/model.bin", BIG)], commit_message="Weights")
    assert stored(sender)
    path = hf_hub_download("ada/m", "w/model.bin", endpoint=url, cache_dir=tmp_path / "cache", token=False)
    assert Path(path).read_bytes() == BIG


@pytest.mark.client
@pytest.mark.usefixtures("small_parts")
def test_git_lfs_sends_in_parts_with_the_agent_of_hf(sender: Sender, url: str, tmp_path: Path) -> None:
    git = git_box(sender, tmp_path, url)
    hf = Path(sys.executable).with_name("hf")
    git("config", "lfs.customtransfer.multipart.path", str(hf))
    git("config", "lfs.customtransfer.multipart.args", "lfs-multipart-upload")
    git.write("model.bin", BIG)
    git.write("small.bin", b"small")
    git.commit("Weights")
    git("push")
    assert sender.holds(sender.repo_id, sha(BIG))
    assert sender.holds(sender.repo_id, sha(b"small"))


@pytest.mark.client
def test_git_lfs_goes_on_where_an_upload_broke_off(sender: Sender, url: str, tmp_path: Path) -> None:
    git = git_box(sender, tmp_path, url)
    lfs = sender.box.app.lfs
    begun = lfs.resume(lfs.tickets.give(SEND, sender.repo_id, sha(BIG), len(BIG)), 0)
    begun.write(BIG[:500_000])
    begun.close()
    git("config", "lfs.tustransfers", "true")
    git.write("model.bin", BIG)
    git.commit("Weights")
    answer = git.shell.try_("env", "GIT_CURL_VERBOSE=1", "git", "push", cwd=git.work)
    assert answer.code == 0, answer.text
    assert "> Upload-Offset: 500000" in answer.text
    assert stored(sender)


@pytest.mark.client
@pytest.mark.slow
def test_a_hub_that_is_killed_again_and_again_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    hub = LiveHub(f"http://127.0.0.1:{free_port()}", tmp_path / "data")
    hub.command("user", "add", ADA.name, "--password", ADA.password)
    token = hub.new_token(ADA, "write")
    auth = {"authorization": f"Bearer {token}"}
    contents, torn = [os.urandom(3_000_000) for _ in range(4)], os.urandom(3_000_000)
    acknowledged: list[bytes] = []
    for round_, content in enumerate(contents):
        process = start(hub)
        with httpx.Client(base_url=hub.url, headers=auth, trust_env=False) as client:
            client.post("/api/repos/create", json={"name": "m"})
            body = {
                "operation": "upload",
                "objects": [{"oid": sha(one), "size": len(one)} for one in [*contents, torn]],
            }
            objects = client.post("/ada/m.git/info/lfs/objects/batch", json=body).json()["objects"]
        hrefs = {item["oid"]: item["actions"]["upload"]["href"] for item in objects if "actions" in item}
        assert set(hrefs) == {sha(one) for one in [*contents, torn]} - {sha(one) for one in acknowledged}
        if round_ % 2:
            assert httpx.put(hrefs[sha(content)], content=content, trust_env=False).status_code == 200
            acknowledged.append(content)
        _send_half(hrefs[sha(torn)], torn)
        assert list((hub.data / "blobs").rglob("*.part")) != []
        process.send_signal(signal.SIGKILL)
        process.wait()
    process = start(hub)
    assert list((hub.data / "blobs").rglob("*.part")) == []
    kept = {path.name for path in (hub.data / "blobs").glob("??/??/*")}
    assert kept == {sha(one) for one in acknowledged}
    process.terminate()
    process.wait()
    done = hub.command("fsck")
    assert "Looked at 1 repositories" in done


def _send_half(href: str, content: bytes) -> None:
    """Send half of a body and leave the connection open until the hub has written some of it."""
    target = httpx.URL(href)
    head = f"PUT {target.raw_path.decode()} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(content)}\r\n\r\n"
    connection = socket.create_connection((target.host, target.port or 80))
    connection.sendall(head.encode() + content[: len(content) // 2])
    time.sleep(0.3)
    _open.append(connection)


_open: list[socket.socket] = []


@pytest.fixture(autouse=True)
def _closed_connections() -> Iterator[None]:
    yield
    while _open:
        _open.pop().close()


# behind nginx ------------------------------------------------------------------------------------------------

PROGRAM = shutil.which("nginx")
DOCUMENT = (Path(__file__).parents[3] / "docs" / "use" / "administration.md").read_text()
"""What operators copy is what is tried."""
NGINX = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; user {user};
events {{ }}
http {{
  access_log off; sendfile on; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    client_max_body_size 0;
    location / {{
      proxy_pass {hub};
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_buffering off;
    }}
{location}
  }}
}}
"""


@pytest.fixture
def nginx(sender: Sender, url: str, tmp_path: Path) -> Iterator[str]:
    """The hub behind nginx, which sends the large files itself."""
    assert PROGRAM is not None
    port = free_port()
    app = sender.box.app
    app.lfs.objects.blobs = LocalBlobs(app.config.blobs, accel_prefix="/files/")
    folder = tmp_path / "nginx"
    folder.mkdir()
    location = re.search(r"    location /files/ \{.*?\n    \}", DOCUMENT, re.DOTALL)
    assert location is not None
    sent = location[0].replace("/srv/bearhug/blobs", str(app.config.blobs))
    text = NGINX.format(folder=folder, port=port, hub=url, location=sent, user=getpass.getuser())
    (folder / "nginx.conf").write_text(text)
    process = subprocess.Popen([PROGRAM, "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "error.log"])
    app.edge.public_url = found = f"http://127.0.0.1:{port}"
    _wait_for(port, process)
    yield found
    process.terminate()
    process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


if PROGRAM is not None:

    @pytest.mark.client
    def test_large_files_go_up_and_come_down_through_nginx(sender: Sender, nginx: str, tmp_path: Path) -> None:
        api = HfApi(endpoint=nginx, token=sender.box.token(ADA))
        api.create_commit("ada/m", [CommitOperationAdd("model.bin", BIG)], commit_message="Weights")
        path = hf_hub_download("ada/m", "model.bin", endpoint=nginx, cache_dir=tmp_path / "cache", token=False)
        assert Path(path).read_bytes() == BIG
        asked = {"range": "bytes=10-19", "origin": "http://elsewhere"}
        part = httpx.get(f"{nginx}/ada/m/resolve/main/model.bin", headers=asked, trust_env=False)
        assert (part.status_code, part.content) == (206, BIG[10:20])
        assert part.headers["etag"] == f'"{sha(BIG)}"'
        assert part.headers["x-linked-size"] == str(len(BIG))
        assert (part.headers["x-content-type-options"], part.headers["access-control-allow-origin"]) == ("nosniff", "*")
        assert "x-accel-redirect" not in part.headers
        assert httpx.get(f"{nginx}/files/{sha(BIG)[:2]}", trust_env=False).status_code == 404
