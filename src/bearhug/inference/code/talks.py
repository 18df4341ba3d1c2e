"""Programs that hold a conversation with a language model, or have it go on with a text."""

from collections.abc import Mapping
from typing import Any

from bearhug.inference.code.records import Sample, Values
from bearhug.inference.code.words import TOKEN, curl, javascript, python, python_call

BEYOND = ("top_k", "repetition_penalty")
"""Fields that OpenAI's own API does not have; its client sends them beside the others."""
WRITING = {"max_tokens": "max_new_tokens"}
TASK = ("max_new_tokens", "temperature", "top_p", "top_k", "repetition_penalty", "seed", "stop")


def samples(url: str, body: Mapping[str, Any]) -> list[Sample]:
    """The same request in every language; `messages` make it a conversation."""
    return _conversation(url, dict(body)) if "messages" in body else _continuation(url, dict(body))


def _conversation(url: str, body: Values) -> list[Sample]:
    streamed = {**body, "stream": True}
    plain = {name: value for name, value in body.items() if name not in ("messages", "model")}
    return [
        Sample("shell", "curl", curl(f"{url}/v1/chat/completions", body)),
        Sample(
            "python",
            "openai",
            _openai(url, python_call("client.chat.completions.create", [], _apart(streamed)))
            + '\nfor chunk in answer:\n    print(chunk.choices[0].delta.content or "", end="", flush=True)',
        ),
        Sample(
            "python",
            "huggingface_hub",
            _huggingface(
                f"{url}/v1",
                python_call(
                    "client.chat_completion",
                    [],
                    {"model": body["model"], "messages": body["messages"], **_apart(plain)},
                ),
            )
            + "\nprint(answer.choices[0].message.content)",
        ),
        Sample(
            "javascript",
            "openai",
            f"{_openai_js(url)}\nconst answer = await client.chat.completions.create({javascript(streamed)});\n"
            'for await (const chunk of answer) process.stdout.write(chunk.choices[0].delta.content ?? "");',
        ),
        Sample(
            "javascript",
            "@huggingface/inference",
            f"{_huggingface_js(f'{url}/v1')}\nconst answer = client.chatCompletionStream({javascript(body)});\n"
            'for await (const chunk of answer) process.stdout.write(chunk.choices[0].delta.content ?? "");',
        ),
    ]


def _continuation(url: str, body: Values) -> list[Sample]:
    asked = _openai(url, python_call("client.completions.create", [], _apart(body)))
    sent = javascript(body)
    return [
        Sample("shell", "curl", curl(f"{url}/v1/completions", body)),
        Sample("python", "openai", f"{asked}\nprint(answer.choices[0].text)"),
        *_of_task(url, body),
        Sample(
            "javascript",
            "openai",
            f"{_openai_js(url)}\nconst answer = await client.completions.create({sent});\n"
            "console.log(answer.choices[0].text);",
        ),
    ]


def _of_task(url: str, body: Values) -> list[Sample]:
    """The way of the task API, which names a model without its revision."""
    model, sign, _ = str(body["model"]).partition("@")
    if sign:
        return []
    known = {WRITING.get(name, name): value for name, value in body.items()}
    wanted = {name: known[name] for name in TASK if name in known}
    if wanted.get("temperature") == 0:
        wanted = {name: value for name, value in wanted.items() if name not in ("temperature", "top_p", "top_k")}
    elif "temperature" in wanted:
        wanted["do_sample"] = True
    call = python_call("client.text_generation", [body["prompt"]], wanted)
    return [Sample("python", "huggingface_hub", _huggingface(f"{url}/models/{model}", call) + "\nprint(answer)")]


def _apart(body: Values) -> Values:
    """Arguments of a function, those that it does not know together in `extra_body`."""
    extra = {name: body[name] for name in BEYOND if name in body}
    return {
        **{name: value for name, value in body.items() if name not in BEYOND},
        **({"extra_body": extra} if extra else {}),
    }


def _openai(url: str, call: str) -> str:
    made = python_call("OpenAI", [], {"base_url": f"{url}/v1"})[:-1] + f', api_key=os.environ["{TOKEN}"])'
    return f"import os\n\nfrom openai import OpenAI\n\nclient = {made}\nanswer = {call}"


def _huggingface(address: str, call: str) -> str:
    made = f'InferenceClient(base_url={python(address)}, api_key=os.environ["{TOKEN}"])'
    return f"import os\n\nfrom huggingface_hub import InferenceClient\n\nclient = {made}\nanswer = {call}"


def _openai_js(url: str) -> str:
    made = f"new OpenAI({{ baseURL: {python(f'{url}/v1')}, apiKey: process.env.{TOKEN} }})"
    return f'import OpenAI from "openai";\n\nconst client = {made};'


def _huggingface_js(address: str) -> str:
    made = f"new InferenceClient(process.env.{TOKEN}, {{ endpointUrl: {python(address)} }})"
    return f'import {{ InferenceClient }} from "@huggingface/inference";\n\nconst client = {made};'
