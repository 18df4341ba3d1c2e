"""What an operator's Prometheus is told, and nobody else."""

import re
from dataclasses import replace

from tests.hubbox import HubBox
from tests.people import ADA, LAB, NOBODY, PEOPLE

from bearhug.base.http.tally import BOUNDS, Tally
from bearhug.hub.metrics.records import Family
from bearhug.hub.metrics.wire import exposed

LINE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.e+-]+')


def told(box: HubBox) -> dict[str, float]:
    box.app.accounts.make_admin(ADA.name)
    answer = box.get(ADA, "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_requests_are_counted_by_route_and_status_not_by_address(box: HubBox) -> None:
    for name in ("one", "two"):
        box.post(ADA, "/api/repos/create", json={"name": name, "organization": LAB})
        assert box.get(ADA, f"/api/models/{LAB}/{name}").status_code == 200
    assert box.get(NOBODY, "/nothing/at/all/of/this/kind").status_code == 404
    found = told(box)
    requests = {name: count for name, count in found.items() if name.startswith("bearhug_http_requests_total")}
    assert requests['bearhug_http_requests_total{method="GET",route="/api/models/{ns}/{name}",status="200"}'] == 2
    assert requests['bearhug_http_requests_total{method="POST",route="/api/repos/create",status="200"}'] == 2
    assert not any("nothing" in name or "one" in name.replace("none", "") for name in requests)
    assert found['bearhug_http_request_seconds_bucket{route="/api/models/{ns}/{name}",le="+Inf"}'] == 2
    assert found['bearhug_http_request_seconds_count{route="/api/models/{ns}/{name}"}'] == 2
    assert found['bearhug_http_request_seconds_sum{route="/api/models/{ns}/{name}"}'] > 0


def test_it_tells_what_is_in_the_hub_and_what_its_process_takes(box: HubBox) -> None:
    box.post(ADA, "/api/repos/create", json={"name": "one", "organization": LAB})
    found = told(box)
    assert found["bearhug_users"] == 3
    assert found["bearhug_organizations"] == 1
    assert found['bearhug_repositories{kind="model"}'] == 1
    assert found['bearhug_jobs{state="failed"}'] == 0
    assert found['bearhug_store_bytes{kept_as="chunks"}'] == 0
    assert found["bearhug_disk_free_bytes"] > 0
    assert found["process_resident_memory_bytes"] > 1 << 20
    assert found["bearhug_uptime_seconds"] >= 0
    kind = "sqlite" if box.app.db.is_sqlite else "postgresql"
    assert any(name.startswith("bearhug_info") and f'database="{kind}"' in name for name in found)


def test_bodies_are_counted_when_they_are_sent(box: HubBox) -> None:
    before = told(box)["bearhug_http_sent_bytes_total"]
    size = len(box.get(NOBODY, "/.well-known/openapi.json").content)
    assert told(box)["bearhug_http_sent_bytes_total"] >= before + size


def test_nobody_but_administrators_is_told(box: HubBox) -> None:
    assert box.get(NOBODY, "/metrics").status_code == 401
    assert [box.get(person, "/metrics").status_code for person in PEOPLE if person.name == "bob"] == [403]


def test_each_duration_lies_in_one_span() -> None:
    tally = Tally()
    for seconds in (0.0, BOUNDS[0], BOUNDS[0] * 1.1, 1000.0):
        tally.note("GET", "/a", 200, seconds)
    line = tally.lines["GET", "/a", 200]
    assert (line.count, line.spans[0], line.spans[1], line.spans[-1]) == (4, 2, 1, 1)


def test_hostile_labels_stay_one_line() -> None:
    family = Family("bearhug_x", "gauge", "X", [("", {"model": 'a"b\\c\nd'}, 1)])
    lines = exposed([family]).splitlines()
    assert lines[-1] == 'bearhug_x{model="a\\"b\\\\c d"} 1'
    assert len(exposed([replace(family, samples=[])]).splitlines()) == 2
