"""The files of a new repository's initial commit."""

LFS_PATTERNS = (
    "*.7z *.arrow *.bin *.bz2 *.ckpt *.ftz *.gz *.h5 *.joblib *.lfs.* *.lz4 *.mds *.mlmodel *.model *.msgpack *.npy "
    "*.npz *.onnx *.ot *.parquet *.pb *.pickle *.pkl *.pt *.pth *.rar *.safetensors saved_model/**/* *.tar.* *.tar "
    "*.tflite *.tgz *.wasm *.xz *.zip *.zst *tfevents* *.gguf"
).split()
DATASET_PATTERNS = (
    "*.pcm *.sam *.raw *.aac *.flac *.mp3 *.ogg *.wav *.bmp *.gif *.png *.tiff *.jpg *.jpeg *.webp *.mp4 *.webm"
).split()
LFS_ATTRIBUTES = "filter=lfs diff=lfs merge=lfs -text"

SPACE_SDKS = ("gradio", "docker", "static", "streamlit")


def gitattributes(kind: str) -> str:
    """The `.gitattributes` that sends large binary formats to LFS."""
    patterns = LFS_PATTERNS + (DATASET_PATTERNS if kind == "dataset" else [])
    return "".join(f"{pattern} {LFS_ATTRIBUTES}\n" for pattern in patterns)


def first_files(kind: str, licence: str | None, sdk: str | None, name: str) -> dict[str, bytes]:
    """Path to content; a card is written only where the form says something that belongs into it."""
    files = {".gitattributes": gitattributes(kind)}
    lines: list[str] = []
    if kind == "space":
        lines += [f"title: {name}", f"sdk: {sdk if sdk in SPACE_SDKS else 'gradio'}"]
    if licence:
        lines.append(f"license: {''.join(ch for ch in licence if ch.isalnum() or ch in '.-+_')}")
    if lines:
        files["README.md"] = "---\n" + "\n".join(lines) + "\n---\n"
    return {path: text.encode() for path, text in files.items()}
