"""Words with a fixed meaning in cards: tasks, licences, formats, libraries and how they are recognised."""

TASKS: dict[str, tuple[str, ...]] = {
    "nlp": tuple(
        "text-classification token-classification table-question-answering question-answering "
        "zero-shot-classification translation summarization feature-extraction text-generation fill-mask "
        "sentence-similarity table-to-text multiple-choice text-ranking text-retrieval text2text-generation".split()
    ),
    "audio": tuple(
        "text-to-speech text-to-audio automatic-speech-recognition audio-to-audio audio-classification "
        "voice-activity-detection".split()
    ),
    "cv": tuple(
        "depth-estimation image-classification object-detection image-segmentation text-to-image image-to-text "
        "image-to-image image-to-video unconditional-image-generation video-classification text-to-video "
        "zero-shot-image-classification mask-generation zero-shot-object-detection text-to-3d image-to-3d "
        "image-feature-extraction keypoint-detection video-to-video".split()
    ),
    "multimodal": tuple(
        "audio-text-to-text image-text-to-text image-text-to-image image-text-to-video visual-question-answering "
        "document-question-answering video-text-to-text visual-document-retrieval any-to-any".split()
    ),
    "tabular": ("tabular-classification", "tabular-regression", "tabular-to-text", "time-series-forecasting"),
    "rl": ("reinforcement-learning", "robotics"),
    "other": ("graph-ml", "other"),
}
"""Pipeline tags by modality."""

TASK_IDS = frozenset(task for tasks in TASKS.values() for task in tasks)

LICENCES = frozenset(
    "apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 "
    "bigcode-openrail-m afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 "
    "cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 "
    "cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 "
    "cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl "
    "gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc h-research intel-research lppl-1.3c ms-pl apple-ascl apple-amlr "
    "mpl-2.0 odc-by odbl openmdw-1.0 openmdw-1.1 openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl "
    "lgpl-lr deepfloyd-if-license fair-noncommercial-research-license llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 "
    "grok2-community gemma unknown other".split()
)

FORMAT_TAGS = (
    ("safetensors", (".safetensors",)),
    ("gguf", (".gguf",)),
    ("onnx", (".onnx",)),
    ("pytorch", ("pytorch_model.bin", ".pth", ".pt", "pytorch_model.bin.index.json")),
    ("tf", ("tf_model.h5",)),
    ("jax", ("flax_model.msgpack",)),
    ("tflite", (".tflite",)),
    ("coreml", (".mlmodel", ".mlpackage/manifest.json")),
    ("openvino", ("openvino_model.xml",)),
    ("rust", ("rust_model.ot",)),
    ("keras", (".keras",)),
    ("joblib", (".joblib",)),
)
"""Tag and the endings of file names that earn it."""

LIBRARY_FILES = (
    ("peft", "adapter_config.json"),
    ("diffusers", "model_index.json"),
    ("sentence-transformers", "modules.json"),
    ("sentence-transformers", "config_sentence_transformers.json"),
    ("setfit", "config_setfit.json"),
    ("open_clip", "open_clip_config.json"),
    ("speechbrain", "hyperparams.yaml"),
    ("spacy", "meta.json"),
)
LIBRARY_ENDINGS = (("nemo", ".nemo"), ("fasttext", ".ftz"), ("coreml", ".mlmodel"), ("keras", ".keras"))

KNOWN_LIBRARIES = frozenset(
    "transformers diffusers peft sentence-transformers timm adapter-transformers flair spacy stanza keras fastai "
    "speechbrain nemo espnet asteroid pyannote-audio paddlenlp paddleocr sklearn skops stable-baselines3 ml-agents "
    "setfit open_clip transformers.js mlx llama.cpp vllm tensorrt_llm span-marker bertopic fasttext allennlp "
    "pytorch_lightning doctr ultralytics lerobot model2vec gliner colbert openvino coreml".split()
)

MODALITY_ENDINGS = {
    "image": ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tiff", "tif"),
    "audio": ("mp3", "wav", "flac", "ogg", "m4a", "opus"),
    "video": ("mp4", "webm", "avi", "mov", "mkv"),
    "document": ("pdf",),
    "3d": ("glb", "gltf", "obj", "stl", "ply"),
    "geospatial": ("geojson", "shp", "gpkg"),
}
DATA_FORMATS = {
    "parquet": ("parquet",),
    "csv": ("csv", "tsv"),
    "json": ("json", "jsonl", "ndjson"),
    "text": ("txt",),
    "arrow": ("arrow",),
    "webdataset": ("tar",),
}
FORMAT_LIBRARIES = {
    "parquet": ("datasets", "pandas", "polars", "dask", "mlcroissant"),
    "csv": ("datasets", "pandas", "polars", "mlcroissant"),
    "json": ("datasets", "pandas", "polars", "mlcroissant"),
    "text": ("datasets", "mlcroissant"),
    "arrow": ("datasets", "mlcroissant"),
    "webdataset": ("datasets", "webdataset", "mlcroissant"),
    "imagefolder": ("datasets", "mlcroissant"),
    "audiofolder": ("datasets", "mlcroissant"),
}
