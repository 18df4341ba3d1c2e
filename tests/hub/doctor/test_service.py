"""The doctor's findings."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.hubbox import HubBox

from bearhug.hub.doctor.records import Health
from bearhug.hub.doctor.service import Doctor, Place, client_lines


def findings(box: HubBox, **place: object) -> dict[str, Health]:
    told = {"data": box.config.data, "host": "127.0.0.1", "port": 7860, "public_url": None, **place}
    return {found.name: found.health for found in Doctor(box.app.db, Place(**told)).examine()}  # type: ignore[arg-type]


def test_a_healthy_hub_is_found_healthy(box: HubBox) -> None:
    found = findings(box)
    assert {name: health for name, health in found.items() if health is Health.BAD} == {}
    assert {
        "data folder",
        "disk room",
        "git",
        "git-lfs",
        "database",
        "background jobs",
        "clock",
        "public address",
        "programs of the data folder",
        "clients reach the hub",
    } == set(found)


def test_a_folder_that_everybody_may_read_is_told(box: HubBox) -> None:
    box.config.data.chmod(0o755)
    box.config.database.touch()  # where the rows are in PostgreSQL
    box.config.database.chmod(0o644)
    assert findings(box)["data folder"] is Health.POOR
    box.config.database.chmod(0o640)
    assert findings(box)["data folder"] is Health.GOOD


@pytest.mark.parametrize(
    ("url", "health"),
    [
        ("https://hub.example.org", Health.GOOD),
        ("http://hub.example.org", Health.POOR),
        ("https://example.org/hub", Health.BAD),
        ("hub.example.org", Health.BAD),
    ],
)
def test_the_public_address_is_judged(box: HubBox, url: str, health: Health) -> None:
    assert findings(box, public_url=url)["public address"] is health


def test_a_hub_for_others_should_know_its_address(box: HubBox) -> None:
    assert findings(box, host="0.0.0.0")["public address"] is Health.POOR
    place = Place(box.app.config.data, "0.0.0.0", 7860, None)
    assert (
        "http://127.0.0.1:7860 "
        in {found.name: found.text for found in Doctor(box.app.db, place).examine()}["clients reach the hub"]
    )


def test_a_folder_that_is_gone_is_bad(box: HubBox, tmp_path: Path) -> None:
    doctor = Doctor(box.app.db, Place(tmp_path / "gone", "127.0.0.1", 7860, None))
    assert next(iter(doctor.examine())).health is Health.BAD


def test_a_database_without_tables_is_bad(box: HubBox) -> None:
    with box.app.db.writing() as tx:
        tx.execute(text("DROP TABLE alembic_version"))
    assert findings(box)["database"] is Health.BAD


def test_every_client_is_told_this_hubs_address() -> None:
    assert all("http://hub.test" in line or "git lfs" in line for _, line in client_lines("http://hub.test"))


def test_a_data_folder_that_runs_nothing_is_bad(box: HubBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "chmod", lambda *_: None)  # as on a disk that knows no right to run
    assert findings(box)["programs of the data folder"] is Health.BAD


def test_what_answers_at_the_address_is_told_apart(box: HubBox) -> None:
    def served(body: bytes) -> Health:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        with HTTPServer(("127.0.0.1", 0), Answer) as server:
            threading.Thread(target=server.handle_request, daemon=True).start()
            return findings(box, public_url=f"http://127.0.0.1:{server.server_port}")["clients reach the hub"]

    assert served(b'{"status":"ok"}') is Health.GOOD
    assert served(b"[]") is Health.BAD
    assert findings(box, public_url="http://127.0.0.1:9")["clients reach the hub"] is Health.POOR
