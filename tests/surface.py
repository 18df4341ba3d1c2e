"""The rows of docs/compatibility.md: what each client can do with a hub."""

from functools import cache

CLIENTS = {
    "huggingface_hub": "huggingface_hub",
    "hf": "The `hf` command line, huggingface_hub",
    "git": "git and git-lfs",
    "transformers": "transformers",
    "datasets": "datasets",
    "xet": "Uploads and downloads over Xet, hf_xet",
    "@huggingface/hub": "@huggingface/hub (Node.js)",
    "@huggingface/inference": "@huggingface/inference (Node.js)",
    "InferenceClient": "InferenceClient and AsyncInferenceClient, huggingface_hub",
    "openai": "openai",
    "langchain": "LangChain, langchain-openai",
    "curl": "curl",
    "older": "Older generations of huggingface_hub",
}

LANGCHAIN = "1.7.3"
"""The version of langchain-openai, which lives in an environment of its own."""

# These speak with hosts of their own and never with the hub that HF_ENDPOINT names.
ELSEWHERE = {"list_dataset_parquet_files", "run_as_future", "parse_safetensors_file_metadata"}

HUB_BESIDE_HFAPI = (
    "CommitScheduler",
    "HfFileSystem: read",
    "HfFileSystem: write",
    "ModelCard and DatasetCard",
    "PyTorchModelHubMixin",
    "error classes",
    "offline mode",
    "pagination",
    "Space variables and secrets",
    "renamed repositories",
)

ROWS = {
    "hf": (
        "auth login (token)",
        "auth login (device code)",
        "auth list, switch, token, logout",
        "auth whoami",
        "repos create, delete",
        "repos settings, move, duplicate",
        "repos branch, tag",
        "repos list",
        "repos delete-files",
        "repos cp",
        "upload",
        "upload --delete, --include, --exclude",
        "upload --create-pr",
        "download",
        "download --include, --exclude, --local-dir",
        "download --dry-run",
        "cache list, verify, rm, prune",
        "models list, info, card",
        "datasets list, info, card",
        "spaces list, info, card",
        "spaces secrets, variables",
        "lfs-enable-largefiles",
        "discussions",
        "collections",
        "webhooks",
        "buckets, sync",
        "jobs",
    ),
    "git": (
        "clone, commit, push, clone elsewhere (name and password)",
        "clone and push with a token",
        "clone without .git, datasets and spaces",
        "private repositories",
        "large files through git-lfs",
        "lfs locks",
        "lfs fetch, prune, fsck",
        "protocol v2",
        "shallow clone",
        "partial clone",
        "branches and tags",
        "force push",
        "refusals: file over 10 MB outside LFS",
        "refusals: LFS object that never came",
        "refusals: broken card",
        "refusals: no permission",
        "commits by API and pushes together",
    ),
    "transformers": (
        "AutoTokenizer.from_pretrained",
        "AutoModel.from_pretrained",
        "AutoConfig.from_pretrained",
        "from_pretrained of a revision",
        "from_pretrained of a private repository",
        "push_to_hub",
        "pipeline(model=…)",
        "local_files_only after a download",
    ),
    "datasets": (
        "load_dataset: parquet",
        "load_dataset: csv",
        "load_dataset: json",
        "load_dataset: text",
        "load_dataset: imagefolder",
        "load_dataset: configurations of the card",
        "load_dataset: private",
        "load_dataset: revision",
        "load_dataset: streaming",
        "load_dataset: data_files",
        "push_to_hub",
        "save_to_disk and load_from_disk through the hub",
        "get_dataset_config_names, load_dataset_builder",
    ),
    "xet": (
        "upload_file",
        "upload_folder",
        "hf_hub_download",
        "snapshot_download",
        "deduplicated upload",
        "range reads",
        "private repositories",
        "mixed with LFS",
        "push_to_hub",
        "older clients",
        "real weights",
        "a file of 5 GiB",
    ),
    "@huggingface/hub": (
        "whoAmI",
        "createRepo, deleteRepo, repoExists",
        "uploadFile, uploadFiles, commit",
        "deleteFile, deleteFiles",
        "downloadFile",
        "uploadFiles and downloadFile over Xet",
        "fileExists, fileDownloadInfo",
        "listFiles",
        "listModels, listDatasets, listSpaces",
        "modelInfo, datasetInfo, spaceInfo",
        "listCommits, countCommits",
        "createBranch, deleteBranch",
        "pathsInfo",
        "parseSafetensorsMetadata",
        "snapshotDownload",
        "checkRepoAccess",
    ),
    "@huggingface/inference": (
        "textClassification, tokenClassification, zeroShotClassification",
        "fillMask, questionAnswering, tableQuestionAnswering",
        "featureExtraction, sentenceSimilarity",
        "summarization, translation",
        "imageClassification, imageSegmentation, objectDetection, imageToText",
        "zeroShotImageClassification, imageToImage",
        "automaticSpeechRecognition, audioClassification",
        "chatCompletion, chatCompletionStream",
        "textGeneration, textGenerationStream",
        "errors",
    ),
    "InferenceClient": (
        "text_classification, token_classification, zero_shot_classification",
        "question_answering, table_question_answering, fill_mask",
        "feature_extraction, sentence_similarity",
        "summarization, translation",
        "text_generation",
        "chat_completion",
        "image_classification, image_segmentation, object_detection, image_to_text",
        "zero_shot_image_classification, image_to_image",
        "automatic_speech_recognition, audio_classification",
        "health_check, get_endpoint_info",
        "AsyncInferenceClient",
        "errors",
    ),
    "langchain": (
        "ChatOpenAI: invoke, stream",
        "ChatOpenAI: bind_tools, with_structured_output",
        "OpenAIEmbeddings",
    ),
    "curl": (
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/embeddings",
        "/v1/models",
        "/tokenize, /detokenize",
    ),
    "openai": (
        "chat.completions.create",
        "completions.create",
        "embeddings.create",
        "models.list",
        "models.retrieve",
        "n, seed, logprobs, stop",
        "response_format, tools",
        "errors",
        "AsyncOpenAI",
    ),
    "older": (
        "0.36.2: create, upload, list, download",
        "1.19.0: create, upload, list, download",
    ),
}


@cache
def surface(client: str) -> tuple[str, ...]:
    """All rows of one client, in the order of the page."""
    if client != "huggingface_hub":
        return ROWS[client]
    from huggingface_hub import HfApi

    methods = (name for name in dir(HfApi) if not name.startswith("_"))
    named = (name for name in methods if name not in ELSEWHERE and "inference" not in name)
    return (*sorted(named), *HUB_BESIDE_HFAPI)
