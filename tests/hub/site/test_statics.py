"""Style and script of the pages: found by their content, packed for those who take it."""

import gzip

import pytest
from tests.hubbox import HubBox

from bearhug.base.html.statics import Statics

STATICS = Statics()
PLAIN = {"accept-encoding": "identity"}


@pytest.mark.parametrize("offer", ["gzip", "gzip, deflate, br", "br;q=1.0, GZIP;q=0.5"])
def test_style_is_packed_for_those_who_take_it(box: HubBox, offer: str) -> None:
    address = STATICS.address("html/look.css")
    plain = box.http.get(address, headers=PLAIN)
    with box.http.stream("GET", address, headers={"accept-encoding": offer}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == plain.headers["vary"] == "accept-encoding"
    assert int(answer.headers["content-length"]) == len(raw) < len(plain.content) / 3
    assert gzip.decompress(raw) == plain.content


@pytest.mark.parametrize("offer", ["identity", "gzip;q=0", "br", "", "xgzip"])
def test_others_get_it_as_it_is(box: HubBox, offer: str) -> None:
    answer = box.http.get(STATICS.address("html/look.css"), headers={"accept-encoding": offer})
    assert "content-encoding" not in answer.headers
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_an_old_address_gives_what_is_there_now_and_is_not_kept(box: HubBox) -> None:
    answer = box.http.get("/static/000000000000/html/look.css", headers=PLAIN)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert box.http.get("/static/000000000000/html/no-such.css").status_code == 404
