"""Questions and answers as the clients of the Hub write and read them."""

import base64
import json
from typing import Any

from starlette.responses import Response

from bearhug.base.errors import BadRequest
from bearhug.base.http.answers import json_answer
from bearhug.base.http.call import Call
from bearhug.inference.workers.records import Piece

BINARY = ("image/", "audio/", "video/", "application/octet-stream")
NESTED = frozenset({"text-classification"})
"""Tasks whose answer for one input is a list in a list."""
LISTED = frozenset({"summarization", "translation", "text2text-generation", "text-generation"})
"""Tasks whose answer for one input stands in a list."""
AT_ROOT = frozenset({"feature-extraction"})
"""Tasks whose parameters stand beside the inputs."""


def question(call: Call, task: str) -> tuple[dict[str, Any], bytes]:
    """`{inputs, parameters}` and the raw bytes of a picture or sound, if that is what was sent."""
    if _is_file(call):
        return {"parameters": {}}, call.content
    data = call.json()
    parameters = data.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise BadRequest('"parameters" must be an object.')
    if task in AT_ROOT:
        parameters = {
            **{key: value for key, value in data.items() if key not in ("inputs", "parameters")},
            **parameters,
        }
    inputs = data.get("inputs", _loose(data))
    if inputs is None:
        raise BadRequest('"inputs" is missing.')
    if isinstance(inputs, dict) and set(inputs) == {"image"}:  # as JavaScript wraps a picture that has labels beside it
        inputs = inputs["image"]
    return {"inputs": inputs, "parameters": parameters}, b""


def is_streamed(call: Call, task: str) -> bool:
    """Whether the caller wants the text token by token."""
    return task == "text-generation" and not _is_file(call) and call.json().get("stream") is True


def event(data: object) -> bytes:
    """A server-sent event."""
    return f"data:{json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _is_file(call: Call) -> bool:
    """Whether the body is a picture or a sound as it is; clients do not always say so."""
    if call.header("content-type").startswith(BINARY):
        if not call.content:
            raise BadRequest("The body is empty.")
        return True
    return bool(call.content) and call.content.lstrip()[:1] != b"{" and "json" not in call.header("content-type")


def _loose(data: dict[str, Any]) -> Any:
    """What some clients send without `inputs`: the fields themselves."""
    fields = {key: value for key, value in data.items() if key not in ("parameters", "options", "model", "stream")}
    return fields or None


def answer(call: Call, task: str, asked: dict[str, Any], piece: Piece) -> Response:
    """JSON in the shape that this client expects, or the bytes themselves."""
    if piece.blob and call.header("accept").startswith("application/json"):
        return json_answer({"image": base64.b64encode(piece.blob).decode()})
    if piece.blob:
        return Response(piece.blob, media_type=piece.data["content_type"], headers={"cache-control": "no-store"})
    return json_answer(shaped(call.header("user-agent"), task, asked, piece.data))


def shaped(agent: str, task: str, asked: dict[str, Any], output: Any) -> Any:
    """The output of a task as it goes over the wire."""
    many = isinstance(asked.get("inputs"), list)
    if task in NESTED or (task in LISTED and not isinstance(output, list)):
        return output if many else [output]
    if task == "image-to-text" and "huggingface/inference" not in agent:
        return [output]  # Python takes the first of a list, JavaScript the object
    return output
