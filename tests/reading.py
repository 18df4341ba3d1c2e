"""Reading pages as a browser asks for them."""

import re

import httpx
from tests.hubbox import HubBox
from tests.people import Person

LANGUAGES = {"en": "en", "zh": "zh-CN"}


def sign_in(box: HubBox, person: Person) -> None:
    """From now on the box's browser is this person's."""
    answer = box.http.post("/login", data={"username": person.name, "password": person.password})
    assert answer.status_code == 303


def look(box: HubBox, path: str, language: str = "en") -> httpx.Response:
    return box.http.get(path, headers={"accept": "text/html", "accept-language": language})


def visible(answer: httpx.Response) -> str:
    """The text of a page without its tags."""
    return re.sub(r"<[^>]+>", " ", answer.text)
