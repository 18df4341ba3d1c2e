"""GET /api/trending."""

from tests.hubbox import HubBox
from tests.people import BOB, EVE, NOBODY
from tests.repowork import make


def test_the_most_liked_lately_come_first(box: HubBox) -> None:
    make(box, "quiet")
    make(box, "loved", kind="dataset")
    make(box, "hidden", private=True)
    for person in (BOB, EVE):
        box.post(person, "/api/datasets/ada/loved/like")
    box.app.trending.score_all()
    found = box.get(NOBODY, "/api/trending").json()["recentlyTrending"]
    assert [(line["repoType"], line["repoData"]["id"]) for line in found] == [
        ("dataset", "ada/loved"),
        ("model", "ada/quiet"),
    ]
    assert [line["repoType"] for line in box.get(NOBODY, "/api/trending?type=model").json()["recentlyTrending"]] == [
        "model"
    ]
    assert len(box.get(NOBODY, "/api/trending?limit=1").json()["recentlyTrending"]) == 1
    assert box.get(NOBODY, "/api/trending?type=cat").status_code == 400
