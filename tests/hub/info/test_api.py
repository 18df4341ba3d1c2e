"""Repository information by id and revision."""

import json

from tests.hubbox import HubBox
from tests.people import ADA, EVE, NOBODY
from tests.repowork import commit, make

CARD = "---\nlicense: mit\nlanguage: zh\ntags: [own]\npipeline_tag: fill-mask\n---\n# 模型\n"


def test_a_model_tells_what_card_and_files_say(box: HubBox) -> None:
    repo = make(box)
    config = json.dumps({"model_type": "bert", "architectures": ["BertForMaskedLM"]})
    oid = commit(box, repo, {"README.md": CARD, "config.json": config})
    info = box.get(NOBODY, f"/api/models/{repo}").json()
    assert (info["id"], info["sha"], info["author"], info["private"]) == (repo, oid, "ada", False)
    assert {"license:mit", "zh", "own", "fill-mask", "transformers", "bert"} <= set(info["tags"])
    assert info["cardData"]["license"] == "mit"
    assert info["transformersInfo"]["auto_model"] == "AutoModelForMaskedLM"
    assert [file["rfilename"] for file in info["siblings"]] == [".gitattributes", "README.md", "config.json"]
    assert "size" not in info["siblings"][0]


def test_blobs_tell_sizes_and_hashes(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, {"a.txt": "hello"})
    files = {file["rfilename"]: file for file in box.get(NOBODY, f"/api/models/{repo}?blobs=true").json()["siblings"]}
    assert files["a.txt"] == {
        "rfilename": "a.txt",
        "blobId": "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0",
        "size": 5,
    }


def test_an_older_revision_tells_its_own_card(box: HubBox) -> None:
    repo = make(box)
    old = commit(box, repo, {"README.md": CARD})
    commit(box, repo, {"README.md": "---\nlicense: apache-2.0\n---\n"})
    assert "license:mit" in box.get(NOBODY, f"/api/models/{repo}/revision/{old[:7]}").json()["tags"]
    assert "license:apache-2.0" in box.get(NOBODY, f"/api/models/{repo}").json()["tags"]


def test_the_card_is_right_even_before_the_indexer_came_by(box: HubBox) -> None:
    repo = make(box)
    body = (
        b'{"key":"header","value":{"summary":"s"}}\n'
        + json.dumps({"key": "file", "value": {"path": "README.md", "content": CARD}}).encode()
    )
    box.post(ADA, f"/api/models/{repo}/commit/main", content=body)
    assert box.get(NOBODY, f"/api/models/{repo}").json()["pipeline_tag"] == "fill-mask"


def test_expand_brings_only_what_was_named(box: HubBox) -> None:
    info = box.get(NOBODY, f"/api/models/{make(box)}?expand=likes&expand[]=sha").json()
    assert set(info) == {"_id", "id", "modelId", "likes", "sha"}


def test_an_unknown_expand_is_refused_with_the_known_ones(box: HubBox) -> None:
    answer = box.get(NOBODY, f"/api/models/{make(box)}?expand=colour")
    assert answer.status_code == 400
    assert 'expected one of "author"|"baseModels"|"cardData"' in answer.json()["error"]


def test_a_gated_repository_shows_its_card_and_not_its_files(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, {"README.md": CARD})
    box.put(ADA, f"/api/models/{repo}/settings", json={"gated": "manual"})
    assert box.get(EVE, f"/api/models/{repo}").json()["gated"] == "manual"
    assert box.get(EVE, f"/{repo}/resolve/main/README.md").headers["x-error-code"] == "GatedRepo"


def test_a_space_tells_its_sdk_and_what_it_uses(box: HubBox) -> None:
    make(box)
    repo = make(box, "app", "space", sdk="gradio")
    commit(box, repo, {"README.md": "---\nsdk: gradio\nmodels: [ada/m]\n---\n"}, types="spaces")
    info = box.get(NOBODY, f"/api/spaces/{repo}").json()
    assert (info["sdk"], info["models"]) == ("gradio", ["ada/m"])
    assert box.get(NOBODY, "/api/models/ada/m?expand=spaces").json()["spaces"] == ["ada/app"]


def test_children_of_a_base_model_are_counted(box: HubBox) -> None:
    make(box)
    commit(box, make(box, "child"), {"README.md": "---\nbase_model: ada/m\n---\n"})
    assert box.get(NOBODY, "/api/models/ada/m?expand=childrenModelCount").json()["childrenModelCount"] == 1


def test_information_costs_few_statements(box: HubBox) -> None:
    repo = make(box)
    commit(box, repo, {f"{number}.txt": "x" for number in range(50)})
    with box.counting() as statements:
        box.get(ADA, f"/api/models/{repo}?blobs=true")
    assert len(statements) <= 6
