"""What the pages of files show of them, in both languages and with hostile contents."""

import json

import pytest
from tests.formats.parquet_sample import SAMPLE
from tests.hub.previews import samples
from tests.hubbox import HubBox
from tests.people import ADA
from tests.reading import LANGUAGES, look, visible
from tests.repowork import commit, large, lines, make, send, upload

FILES: dict[str, bytes | str] = {
    "a.csv": samples.CSV,
    "gbk.csv": "名字,数量\n张三,3\n".encode("gbk"),
    "a.tsv": "a\tb\n1\t2\n",
    "a.json": '{"list": [1, {"deep": null}], "<i>": "<script>alert(1)</script>"}',
    "a.jsonl": '{"n": 1}\n\n{"n": 2}\n',
    "n.ipynb": json.dumps(samples.NOTEBOOK),
    "z.zip": samples.zipped(["dir/a.txt", "<b>.txt"]),
    "t.tar": samples.tarred(["one", "two"]),
    "t.tar.gz": samples.tarred(["packed"], "w:gz"),
    "w.safetensors": samples.safetensors(),
    "p.pdf": samples.pdf(),
    "p.png": samples.PNG,
    "s.mp3": b"ID3",
    "v.mp4": b"x",
    "t.parquet": SAMPLE,
    "gb.txt": "中文内容".encode("gb18030"),
    "x.bin": b"\0\1\2",
}
SEEN = {
    "a.csv": ["two\nlines", "=1+1", 'translate="no">name</th>'],
    "gbk.csv": ["张三", "GB18030"],
    "a.tsv": ["<td>1</td>"],
    "a.json": ["&lt;script&gt;", "deep"],
    "a.jsonl": ["{n: 2}"],
    "n.ipynb": ["Bears", "ZeroDivisionError", "data:image/png;base64,", "<td>1</td>"],
    "z.zip": ["&lt;b&gt;.txt", "dir/a.txt"],
    "t.tar": ["one", "two"],
    "t.tar.gz": ["packed"],
    "w.safetensors": ["F32"],
    "p.pdf": ['data-frame="/previews/document"', "previews/document.js"],
    "p.png": ['width="2" height="3"'],
    "s.mp3": ["<audio"],
    "v.mp4": ["<video"],
    "t.parquet": ["熊", "[1, 2]", "snappy", "&lt;b&gt;"],
    "gb.txt": ["中文内容", "GB18030"],
    "x.bin": ["00 01 02"],
}


@pytest.fixture
def repo(box: HubBox) -> str:
    name = make(box)
    commit(box, name, FILES)
    return name


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_every_kind_is_shown_and_nothing_in_it_runs(box: HubBox, repo: str, language: str) -> None:
    for name in FILES:
        with box.counting() as statements:
            answer = look(box, f"/{repo}/blob/main/{name}", language)
        assert answer.status_code == 200, name
        assert len(statements) <= 14, name
        assert [text for text in SEEN[name] if text not in answer.text] == [], name
        for trap in ("<script>alert", "onclick", "<b>.txt"):
            assert trap not in answer.text, name


def test_large_files_are_looked_into_without_being_read_whole(box: HubBox, repo: str) -> None:
    content = b"id,text\n" + b"1,word\n" * 300_000
    upload(box, repo, content)
    assert send(box, repo, lines(large("big.csv", content))).status_code == 200
    first = look(box, f"/{repo}/blob/main/big.csv").text
    after = first.partition("?row=")[2].partition('"')[0]
    assert after == str(8 + 7 * 50)
    second = look(box, f"/{repo}/blob/main/big.csv?row={after}").text
    assert f"?row={8 + 7 * 100}" in second
    assert "First rows" in second


@pytest.mark.parametrize(
    "asked", ["row=99999999999999", "row=-1", "row=x", "row=²", "row=5", "group=99999999999999999999"]
)
def test_addresses_that_people_type_break_nothing(box: HubBox, repo: str, asked: str) -> None:
    for name in ("a.csv", "a.jsonl", "t.parquet"):
        assert look(box, f"/{repo}/blob/main/{name}?{asked}").status_code == 200


def test_every_row_group_can_be_looked_at(box: HubBox, repo: str) -> None:
    page = look(box, f"/{repo}/blob/main/t.parquet").text
    assert "t.parquet?group=1" in page
    assert "熊" not in look(box, f"/{repo}/blob/main/t.parquet?group=1").text


def test_texts_keep_their_source_one_click_away(box: HubBox, repo: str) -> None:
    assert "a.csv?plain=1" in look(box, f"/{repo}/blob/main/a.csv").text
    plain = look(box, f"/{repo}/blob/main/a.csv?plain=1").text
    assert 'id="L1"' in plain
    assert 'class="grid"' not in plain


def test_what_is_not_what_its_name_says_is_shown_as_what_it_is(box: HubBox, repo: str) -> None:
    names = ("a.parquet", "a.zip", "a.pdf", "a.safetensors", "a.gguf", "a.ipynb", "a.json", "a.tar", "a.tgz")
    commit(box, repo, {f"wrong/{name}": "plain words\n" for name in names})
    for name in names:
        answer = look(box, f"/{repo}/blob/main/wrong/{name}")
        assert answer.status_code == 200
        assert "words" in visible(answer).split(), name


def test_the_beginning_of_a_long_text_is_shown(box: HubBox, repo: str) -> None:
    commit(box, repo, {"long.log": "a line\n" * 200_000})
    page = look(box, f"/{repo}/blob/main/long.log").text
    assert page.count("a line") == 1000
    assert "The first" in page


def test_the_frame_of_documents_has_no_origin(box: HubBox) -> None:
    policy = box.get(ADA, "/previews/document").headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts;")
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
