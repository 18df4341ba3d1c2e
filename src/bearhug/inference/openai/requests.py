"""Requests of the OpenAI API, and of vLLM beyond it, as orders for workers.

Source: the OpenAI API reference (completions, chat completions) and vLLM's "OpenAI-compatible server".
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bearhug.inference.engine import tools
from bearhug.inference.openai.fields import Fields, is_id, wrong
from bearhug.inference.openai.records import Embedding, Streaming, Wishes

MOST_CHOICES = 32
MOST_PROMPTS = 256
MOST_MESSAGES = 4096
MOST_TOOLS = 128
MOST_STOPS = 16
MOST_TEXTS = 2048
LONGEST_ANSWER = 1 << 20
LARGEST_SEED = (1 << 63) - 1 - MOST_CHOICES
COMPLETION_TOKENS = 16
REFUSED = {"logit_bias": "cannot be followed here", "suffix": "is not known to these models"}
ROLES = {"system", "developer", "user", "assistant", "tool", "function"}


def completion(data: Mapping[str, Any]) -> Wishes:
    """POST /v1/completions."""
    fields = _checked(data)
    prompts = _prompts(fields.get("prompt"))
    count = _count(fields)
    logprobs = fields.whole("logprobs", 0, 20)
    sampling = {
        **_sampling(fields, count),
        "max_tokens": fields.whole("max_tokens", 1, LONGEST_ANSWER) or COMPLETION_TOKENS,
        "logprobs": logprobs is not None,
        "top_logprobs": logprobs if logprobs is not None and logprobs > 1 else 0,
    }
    common = {**_speech(fields), "do": "generate", "special": fields.flag("add_special_tokens", default=True)}
    orders = [{**common, **prompt, "sampling": sampling} for prompt in prompts]
    if fields.flag("echo") and any("ids" in prompt for prompt in prompts):
        raise wrong("echo", "needs prompts of text")
    echo = [prompt["text"] for prompt in prompts] if fields.flag("echo") else []
    return Wishes(_model(fields), orders, count, _streaming(fields), tuple(echo))


def chat(data: Mapping[str, Any]) -> Wishes:
    """POST /v1/chat/completions."""
    fields = _checked(data)
    count = _count(fields)
    offered, forced = _tools(fields)
    most = fields.whole("max_completion_tokens", 1, LONGEST_ANSWER) or fields.whole("max_tokens", 1, LONGEST_ANSWER)
    sampling = {
        **_sampling(fields, count),
        "max_tokens": most,
        "logprobs": fields.flag("logprobs"),
        "top_logprobs": fields.whole("top_logprobs", 0, 20) or 0,
    }
    if sampling["top_logprobs"] and not sampling["logprobs"]:
        raise wrong("top_logprobs", 'needs "logprobs": true')
    if forced is not None:
        sampling["shape"] = ["json", json.dumps(tools.schema(offered, forced or None))]
    order = {
        **_speech(fields),
        "do": "generate",
        "messages": messages(fields.get("messages")),
        "template": {**_template(fields), **({"tools": offered} if offered else {})},
        "tools": [tool["function"]["name"] for tool in offered],
        "sampling": sampling,
    }
    return Wishes(_model(fields), [order], count, _streaming(fields))


def messages(found: Any) -> list[dict[str, Any]]:
    """Messages as chat templates want them: contents are text, arguments of calls are objects."""
    if not isinstance(found, list) or not found or len(found) > MOST_MESSAGES:
        raise wrong("messages", "must be a list of messages, at least one")
    return [_message(one) for one in found]


def _message(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict) or found.get("role") not in ROLES:
        raise wrong("messages", f"must be objects with a role out of {', '.join(sorted(ROLES))}")
    made = {key: found[key] for key in ("role", "name", "tool_call_id", "reasoning_content") if key in found}
    made["content"] = _content(found.get("content"))
    if found.get("tool_calls"):
        made["tool_calls"] = [_past_call(call) for call in found["tool_calls"]]
    return made


def _content(found: Any) -> str:
    if found is None or isinstance(found, str):
        return found or ""
    parts = found if isinstance(found, list) else [found]
    if not all(isinstance(part, dict) and isinstance(part.get("text"), str) for part in parts):
        raise wrong("messages", "may hold text only: this hub's language models read no pictures or sounds")
    return "".join(part["text"] for part in parts)


def _past_call(found: Any) -> dict[str, Any]:
    function = found.get("function") if isinstance(found, dict) else None
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        raise wrong("messages", "have a tool call without a function")
    arguments = function.get("arguments")
    try:
        parsed = json.loads(arguments) if isinstance(arguments, str) else arguments
    except ValueError:
        parsed = arguments
    return {"id": found.get("id"), "type": "function", "function": {"name": function["name"], "arguments": parsed}}


def _checked(data: Mapping[str, Any]) -> Fields:
    for name, words in REFUSED.items():
        if data.get(name):
            raise wrong(name, words)
    return Fields(data)


def _model(fields: Fields) -> str:
    name = fields.text("model")
    if not name:
        raise wrong("model", "must name a model of this hub, as owner/name")
    return name


def _count(fields: Fields) -> int:
    count = fields.whole("n", 1, MOST_CHOICES) or 1
    best = fields.whole("best_of", 1, MOST_CHOICES) or count
    if best != count:
        raise wrong("best_of", 'must be the same as "n"')
    return count


def _streaming(fields: Fields) -> Streaming | None:
    """How the answer streams; None where it comes whole."""
    options = Fields(fields.mapping("stream_options"))
    return Streaming(usage=options.flag("include_usage")) if fields.flag("stream") else None


def _sampling(fields: Fields, count: int) -> dict[str, Any]:
    return {
        "count": count,
        "temperature": fields.number("temperature", 1.0, 0, 10),
        "top_p": fields.number("top_p", 1.0, 1e-6, 1),
        "top_k": max(fields.whole("top_k", -1, 1 << 20) or 0, 0),
        "min_p": fields.number("min_p", 0.0, 0, 1),
        "seed": fields.whole("seed", 0, LARGEST_SEED),
        "presence": fields.number("presence_penalty", 0.0, -2, 2),
        "frequency": fields.number("frequency_penalty", 0.0, -2, 2),
        "repetition": fields.number("repetition_penalty", 1.0, 0.01, 10),
        "min_tokens": fields.whole("min_tokens", 0, LONGEST_ANSWER) or 0,
        "ignore_end": fields.flag("ignore_eos"),
        "stop_ids": fields.ids("stop_token_ids", MOST_STOPS),
        "shape": _shape(fields),
    }


def _speech(fields: Fields) -> dict[str, Any]:
    return {
        "stop": fields.texts("stop", MOST_STOPS),
        "keep_stop": fields.flag("include_stop_str_in_output"),
        "special_tokens": not fields.flag("skip_special_tokens", default=True),
    }


def _template(fields: Fields) -> dict[str, Any]:
    goes_on = fields.flag("continue_final_message")
    return {
        **fields.mapping("chat_template_kwargs"),
        "add_generation_prompt": fields.flag("add_generation_prompt", default=not goes_on),
        **({"continue_final_message": True} if goes_on else {}),
    }


def _shape(fields: Fields) -> list[str] | None:
    """The form of the answer: `response_format` of OpenAI, `structured_outputs` and `guided_…` of vLLM."""
    form = fields.mapping("response_format")
    kind = form.get("type", "text")
    if kind == "json_object":
        schema = form.get("value")  # as InferenceClient sends a json_schema to a model's own address
        return ["json", json.dumps(schema) if isinstance(schema, dict) else '{"type": "object"}']
    if kind == "json_schema":
        described = form.get("json_schema")
        schema = described.get("schema") if isinstance(described, dict) else None
        if not isinstance(schema, dict):
            raise wrong("response_format", "of json_schema needs json_schema.schema")
        return ["json", json.dumps(schema)]
    if kind != "text":
        raise wrong("response_format", "must be of type text, json_object or json_schema")
    return _guided({**fields.mapping("structured_outputs"), **_old_guides(fields)})


def _old_guides(fields: Fields) -> dict[str, Any]:
    found = {name: fields.get(f"guided_{name}") for name in ("json", "regex", "grammar", "choice")}
    return {name: value for name, value in found.items() if value is not None}


def _guided(guides: Mapping[str, Any]) -> list[str] | None:
    for name in ("json", "regex", "grammar"):
        if guides.get(name) is not None:
            value = guides[name]
            return [name, value if isinstance(value, str) else json.dumps(value)]
    choice = guides.get("choice")
    if choice is None:
        return None
    if not isinstance(choice, list) or not choice or not all(isinstance(one, str) for one in choice):
        raise wrong("structured_outputs", "needs a list of texts as its choice")
    return ["grammar", "root ::= " + " | ".join(json.dumps(one, ensure_ascii=False) for one in choice)]


def _tools(fields: Fields) -> tuple[list[dict[str, Any]], str | None]:
    """The tools offered, and which call is forced: None is no call, "" is any of them, else a name."""
    offered = fields.get("tools") or []
    if not isinstance(offered, list) or len(offered) > MOST_TOOLS or not all(_is_tool(one) for one in offered):
        raise wrong("tools", "must be a list of {type: function, function: {name, parameters}}")
    choice = fields.get("tool_choice")
    if choice is None or choice == "auto":
        return offered, None
    if choice == "none":
        return [], None
    if choice == "required" and offered:
        return offered, ""
    name = (choice.get("function") or {}).get("name") if isinstance(choice, dict) else None
    if name in [tool["function"]["name"] for tool in offered]:
        return offered, name
    raise wrong("tool_choice", "must be none, auto, required, or name one of the tools")


def _is_tool(found: Any) -> bool:
    function = found.get("function") if isinstance(found, dict) and found.get("type") == "function" else None
    return isinstance(function, dict) and isinstance(function.get("name"), str)


def _prompts(found: Any) -> list[dict[str, Any]]:
    """A text, ids, or a list of either."""
    if isinstance(found, str):
        return [{"text": found}]
    if isinstance(found, list) and found and all(is_id(one) for one in found):
        return [{"ids": found}]
    if isinstance(found, list) and 0 < len(found) <= MOST_PROMPTS:
        return [_prompt(one) for one in found]
    raise wrong("prompt", f"must be a text, a list of token ids, or a list of at most {MOST_PROMPTS} of these")


def _prompt(found: Any) -> dict[str, Any]:
    if isinstance(found, str):
        return {"text": found}
    if isinstance(found, Sequence) and found and all(is_id(one) for one in found):
        return {"ids": list(found)}
    raise wrong("prompt", "holds something that is neither text nor token ids")


def tokens(data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """POST /tokenize: the model, and what its worker is told."""
    fields = Fields(data)
    if fields.get("messages") is not None:
        template = {**_template(fields), **({"tools": fields.get("tools")} if fields.get("tools") else {})}
        return _model(fields), {"do": "tokenize", "messages": messages(fields.get("messages")), "template": template}
    if not isinstance(fields.get("prompt"), str):
        raise wrong("prompt", "must be a text, or give messages")
    special = fields.flag("add_special_tokens", default=True)
    return _model(fields), {"do": "tokenize", "text": fields.text("prompt"), "special": special}


def text(data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """POST /detokenize."""
    fields = Fields(data)
    return _model(fields), {"do": "detokenize", "ids": fields.ids("tokens", 1 << 20)}


def embedding(data: Mapping[str, Any]) -> Embedding:
    """POST /v1/embeddings."""
    fields = Fields(data)
    inputs = _inputs(fields.get("input"))
    form = fields.text("encoding_format", "float")
    if form not in ("float", "base64"):
        raise wrong("encoding_format", "must be float or base64")
    return Embedding(_model(fields), inputs, fields.whole("dimensions", 1, 1 << 16), as_bytes=form == "base64")


def _inputs(found: Any) -> list[str] | list[list[int]]:
    """Texts, or token ids of the model's own tokenizer: one of them, or a list of one kind."""
    alone = isinstance(found, str) or (isinstance(found, list) and bool(found) and all(is_id(one) for one in found))
    listed = [found] if alone else found
    if isinstance(listed, list) and 0 < len(listed) <= MOST_TEXTS:
        if all(_is_said(one) for one in listed):
            return listed
        if all(_is_tokens(one) for one in listed):
            return listed
    raise wrong(
        "input", f"must be a text, a list of token ids, or a list of at most {MOST_TEXTS} of one of these, none empty"
    )


def _is_tokens(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(is_id(one) for one in found)


def _is_said(found: Any) -> bool:
    return isinstance(found, str) and bool(found.strip())
