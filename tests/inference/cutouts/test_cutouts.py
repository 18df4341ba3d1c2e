"""The page that removes backgrounds."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from tests.hubbox import HubBox
from tests.inference.run.test_run import publish
from tests.inference.tasks.samples import picture
from tests.people import ADA, EVE, NOBODY
from tests.repowork import commit, make

from bearhug.inference.cutouts import stream
from bearhug.inference.cutouts.records import Sent

Make = Callable[[str], Path]
PAGE = "/tools/background-removal"
CARD = "pipeline_tag: background-removal"


def bomb(side: int = 60_000) -> bytes:
    """A PNG of a few hundred kilobytes that would be 3.6 thousand million pixels."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8) * 100
    body = b"".join(packer.compress(row) for _ in range(side // 100)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


def send(box: HubBox, *pictures: tuple[str, bytes], model: str = "", headers: Any = None, who: Any = NOBODY) -> Any:
    files: list[Any] = [("pictures", (name, data, "image/png")) for name, data in pictures]
    told = {"accept": "text/html", **(headers or {})}
    return box.post(who, PAGE, files=[*files, ("model", (None, model))], headers=told)


def cut(box: HubBox, data: bytes, **more: Any) -> httpx.Response:
    answer: httpx.Response = send(box, ("a.png", data), headers={"x-fragment": "cutout", **more})
    return answer


def test_a_hub_without_a_model_says_how_to_bring_one(box: HubBox) -> None:
    page = box.get(ADA, PAGE)
    assert page.status_code == 200
    assert "hf upload ada/cutout" in page.text
    assert "pipeline_tag: background-removal" in page.text
    answer = cut(box, picture(), **{"accept-language": "zh"})
    assert (answer.status_code, "本站还没有可以去除背景的模型" in answer.text) == (404, True)


def test_models_of_the_task_stand_first_and_the_hub_s_own_choice_before_them(box: HubBox) -> None:
    for name, task in {"one": "background-removal", "two": "background-removal", "other": "image-segmentation"}.items():
        commit(box, make(box, name), {"README.md": f"---\npipeline_tag: {task}\n---\n"})
    commit(box, make(box, "mine", private=True), {"README.md": f"---\n{CARD}\n---\n"})
    box.settle()
    box.app.settings.change("default_models", "background-removal=ada/two")
    choice = box.app.cutouts.choice(box.actor(EVE))
    assert (choice.first, set(choice.made_for_it), choice.others) == ("ada/two", {"ada/one", "ada/two"}, ("ada/other",))
    assert "ada/mine" in box.app.cutouts.choice(box.actor(ADA))
    box.app.settings.change("default_models", "background-removal=ada/mine")
    assert "ada/mine" not in box.app.cutouts.choice(box.actor(EVE))
    with box.counting() as statements:
        box.get(NOBODY, PAGE)
    assert len(statements) <= 8


def test_the_page_of_a_model_leads_there_with_the_model_chosen(box: HubBox) -> None:
    for name, task in {"cut": "background-removal", "seen": "image-segmentation"}.items():
        commit(box, make(box, name), {"README.md": f"---\npipeline_tag: {task}\n---\n"})
    box.settle()
    html = {"accept": "text/html", "accept-language": "zh"}
    page = box.get(NOBODY, "/ada/cut/widget", headers=html).text
    assert f'<a href="{PAGE}?model=ada/cut">批量处理图片</a>' in page
    assert PAGE not in box.get(NOBODY, "/ada/seen/widget", headers=html).text
    assert "<option selected>ada/cut" in box.get(NOBODY, f"{PAGE}?model=ada/cut", headers=html).text


def test_pictures_come_back_on_a_page_without_script(box: HubBox, model: Make) -> None:
    repo = publish(box, model("segformer"), card=CARD)
    page = send(box, ("bear <b>.png", picture()), ("text.png", b"no picture"))
    assert page.status_code == 200
    assert "bear &lt;b&gt;.png" in page.text
    assert 'download="bear &lt;b&gt;-cutout.png"' in page.text
    assert "This is not a picture that can be read here." in page.text
    assert len(re.findall(r"src=\"data:image/png;base64,", page.text)) == 2
    answer = cut(box, picture())
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.mode, image.size) == ("RGBA", (48, 40))
    _refuse(box, repo)


def _refuse(box: HubBox, repo: str) -> None:
    """What goes wrong, one after another on one worker."""
    bombed = cut(box, bomb(), **{"accept-language": "zh"})
    assert (bombed.status_code, "图片解压后超过 50 百万像素" in bombed.text) == (413, True)
    assert cut(box, b"<svg/>").status_code == 400
    large = box.post(NOBODY, PAGE, content=b"x", headers={"content-length": str(100 << 20), "accept": "text/html"})
    assert large.status_code == 413
    assert send(box).status_code == 400
    assert "Choose a picture first." in send(box).text
    many = send(box, *[("a.png", picture())] * 13)
    assert (many.status_code, "more than 12 pictures" in many.text) == (400, True)
    assert send(box, ("a.png", picture()), model="ada/none", headers={"x-fragment": "cutout"}).status_code == 401
    assert send(box, ("a.png", picture()), model="nonsense").status_code == 400
    assert cut(box, picture()).status_code == 200
    assert send(box, ("a.png", picture()), model=repo, headers={"x-fragment": "cutout"}).status_code == 200


def test_what_is_too_large_for_a_page_comes_as_files(box: HubBox, model: Make, monkeypatch: Any) -> None:
    publish(box, model("segformer"), card=CARD)
    monkeypatch.setattr(stream, "LARGEST_PAGE", 10)
    one = send(box, ("熊.png", picture()))
    assert one.headers["content-type"] == "image/png"
    assert "%E7%86%8A-cutout.png" in one.headers["content-disposition"]
    several = send(box, ("../../a.png", picture()), ("a.png", b"no picture"))
    with zipfile.ZipFile(io.BytesIO(several.content)) as archive:
        assert archive.namelist() == ["01-a-cutout.png", "02-a-cutout.png.txt"]


def test_names_of_cut_outs_are_plain_file_names() -> None:
    named = {"a.jpg": "a-cutout.png", "C:\\x\\b c.png": "b c-cutout.png", "no": "no-cutout.png", "/.x": ".x-cutout.png"}
    assert {name: Sent(name, "", b"").cut_name for name in named} == named
    assert Sent("a\n\x00\u202eb.png", "", b"").cut_name == "ab-cutout.png"
