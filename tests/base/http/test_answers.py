"""Answers."""

import json

from bearhug.base.http.answers import disposition, json_answer


def test_names_that_are_no_text_do_not_break_an_answer() -> None:
    answer = json_answer({"path": b"caf\xe9.txt".decode("utf-8", "surrogateescape")})
    assert json.loads(answer.body) == {"path": "caf\ufffdE9.txt"}
    assert "caf%EF%BF%BDE9.txt" in disposition(b"caf\xe9.txt".decode("utf-8", "surrogateescape"), inline=False)
