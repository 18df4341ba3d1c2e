"""Programs that have a model do its task: with the clients of the Hub where they have a function for it."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bearhug.inference.code.records import Sample, Values
from bearhug.inference.code.words import TOKEN, curl, curl_file, javascript, python, python_call

PICTURE, SOUND = "picture.png", "sound.wav"
OF_PICTURES = {
    "image-classification": "image_classification",
    "image-segmentation": "image_segmentation",
    "object-detection": "object_detection",
    "image-to-text": "image_to_text",
    "depth-estimation": "",
    "background-removal": "",
}
OF_SOUNDS = {
    "automatic-speech-recognition": "automatic_speech_recognition",
    "audio-classification": "audio_classification",
}
"""Tasks whose input is a file as it is, and the client's function for each."""
WRITING = ("summarization", "translation")
LABELLED = "zero-shot-image-classification"
SEGMENTED = "image-segmentation"
"""The one task of files for which @huggingface/inference reads `inputs`, not `data`."""


@dataclass(frozen=True)
class Asked:
    """A task at an address, with inputs and parameters."""

    task: str
    address: str
    inputs: Any
    parameters: Values


def samples(task: str, address: str, asked: Mapping[str, Any]) -> list[Sample]:
    """The same question in every language; `asked` holds inputs and parameters as the API takes them."""
    parameters = dict(asked.get("parameters") or {})
    if "candidate_labels" in parameters:
        parameters["candidate_labels"] = _listed(parameters["candidate_labels"])
    found = Asked(task, address, asked.get("inputs"), parameters)
    if task in OF_PICTURES:
        return _of_file(found, PICTURE, OF_PICTURES[task])
    if task in OF_SOUNDS:
        return _of_file(found, SOUND, OF_SOUNDS[task])
    return _labelled(found) if task == LABELLED else _of_text(found)


def _of_text(found: Asked) -> list[Sample]:
    body = {"inputs": found.inputs, **({"parameters": found.parameters} if found.parameters else {})}
    call = _python_call(found)
    sent = javascript(body)
    js = f"client.{_camel(found.task)}({sent})" if call else None
    return [
        Sample("shell", "curl", curl(found.address, body)),
        Sample("python", "huggingface_hub", _client(found.address, call) if call else _posted(found.address, body)),
        Sample("javascript", *(_client_js(found.address, js) if js else _fetched(found.address, body))),
    ]


def _python_call(found: Asked) -> str:
    """The client's function for a task of texts; nothing where it has none."""
    inputs, parameters = found.inputs, found.parameters
    match found.task:
        case "text2text-generation" | "text-ranking":
            return ""
        case "question-answering":
            return _call(found, [], {"question": inputs["question"], "context": inputs["context"]})
        case "table-question-answering":
            return _call(found, [], {"table": inputs["table"], "query": inputs["question"]})
        case "sentence-similarity":
            return _call(found, [inputs["source_sentence"]], {"other_sentences": inputs["sentences"]})
        case task if task in WRITING:
            return _call(found, [inputs], {"generate_parameters": parameters} if parameters else {})
        case _:
            return _call(found, [inputs], parameters)


def _of_file(found: Asked, file: str, function: str) -> list[Sample]:
    """Pictures and sounds; without a function of the client the bytes are sent as they are."""
    if function:
        call = python_call(f"client.{function}", [file], {})
        field = "inputs" if found.task == SEGMENTED else "data"
        js = f"client.{_camel(found.task)}({{ {field}: new Blob([await readFile({python(file)})]) }})"
        made = _client(found.address, call), _client_js(found.address, js, files=True)
    else:
        made = _sent_file(found, file), _fetched_file(found, file)
    ending = " -o out.png" if found.task == "background-removal" else ""
    return [
        Sample("shell", "curl", curl_file(found.address, file) + ending),
        Sample("python", "huggingface_hub", made[0]),
        Sample("javascript", *made[1]),
    ]


def _labelled(found: Asked) -> list[Sample]:
    """A picture with labels beside it: the bytes go as text."""
    listed = found.parameters.get("candidate_labels") or ["bear", "cat"]
    call = python_call("client.zero_shot_image_classification", [PICTURE], {"candidate_labels": listed})
    parameters = python({"candidate_labels": listed})
    js = f"""client.zeroShotImageClassification({{
  inputs: {{ image: new Blob([await readFile({python(PICTURE)})]) }},
  parameters: {parameters},
}})"""
    quoted = parameters.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
    shell = (
        f'printf \'{{"inputs": "%s", "parameters": %s}}\' "$(base64 -w 0 {PICTURE})" "{quoted}" |\n'
        f"  curl {shlex.quote(found.address)} \\\n"
        f'  -H "Authorization: Bearer ${TOKEN}" \\\n  -H "Content-Type: application/json" \\\n  -d @-'
    )
    return [
        Sample("shell", "curl", shell),
        Sample("python", "huggingface_hub", _client(found.address, call)),
        Sample("javascript", *_client_js(found.address, js, files=True)),
    ]


def _call(found: Asked, positional: list[Any], named: Mapping[str, Any]) -> str:
    return python_call(f"client.{found.task.replace('-', '_')}", positional, named)


def _client(address: str, call: str) -> str:
    made = f'InferenceClient(base_url={python(address)}, token=os.environ["{TOKEN}"])'
    return f"import os\n\nfrom huggingface_hub import InferenceClient\n\nclient = {made}\nprint({call})"


def _posted(address: str, body: Values) -> str:
    return (
        "import os\n\nfrom huggingface_hub import get_session\n\n"
        f"answer = get_session().post(\n    {python(address)},\n"
        f'    headers={{"Authorization": f"Bearer {{os.environ[\'{TOKEN}\']}}"}},\n    json={python(body)},\n)\n'
        "print(answer.json())"
    )


def _sent_file(found: Asked, file: str) -> str:
    ending = (
        'Path("out.png").write_bytes(answer.content)'
        if found.task == "background-removal"
        else "print(answer.json().keys())"
    )
    return (
        "import os\nfrom pathlib import Path\n\nfrom huggingface_hub import get_session\n\n"
        f"answer = get_session().post(\n    {python(found.address)},\n"
        f'    headers={{"Authorization": f"Bearer {{os.environ[\'{TOKEN}\']}}"}},\n'
        f"    content=Path({python(file)}).read_bytes(),\n)\n{ending}"
    )


def _client_js(address: str, call: str, *, files: bool = False) -> tuple[str, str]:
    reads = 'import { readFile } from "node:fs/promises";\n' if files else ""
    made = f"new InferenceClient(process.env.{TOKEN}, {{ endpointUrl: {python(address)} }})"
    imports = f'{reads}import {{ InferenceClient }} from "@huggingface/inference";\n\n'
    return "@huggingface/inference", f"{imports}const client = {made};\nconsole.log(await {call});"


def _fetched(address: str, body: Values) -> tuple[str, str]:
    return "fetch", (
        f"const answer = await fetch({python(address)}, {{\n"
        f'  method: "POST",\n  headers: {{ Authorization: `Bearer ${{process.env.{TOKEN}}}` }},\n'
        f"  body: JSON.stringify({javascript(body)}),\n}});\nconsole.log(await answer.json());"
    )


def _fetched_file(found: Asked, file: str) -> tuple[str, str]:
    is_picture = found.task == "background-removal"
    ending = (
        'await writeFile("out.png", Buffer.from(await answer.arrayBuffer()));'
        if is_picture
        else "console.log(Object.keys(await answer.json()));"
    )
    return "fetch", (
        f'import {{ readFile{", writeFile" if is_picture else ""} }} from "node:fs/promises";\n\n'
        f"const answer = await fetch({python(found.address)}, {{\n"
        f'  method: "POST",\n  headers: {{ Authorization: `Bearer ${{process.env.{TOKEN}}}` }},\n'
        f"  body: await readFile({python(file)}),\n}});\n{ending}"
    )


def _listed(labels: Any) -> list[str]:
    return labels if isinstance(labels, list) else [one.strip() for one in str(labels).split(",") if one.strip()]


def _camel(task: str) -> str:
    first, *others = task.split("-")
    return first + "".join(word.capitalize() for word in others)
