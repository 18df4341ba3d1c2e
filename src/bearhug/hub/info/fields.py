"""The fields of repository information: which exist for each kind, and what a plain answer holds."""

EXPANDABLE = {
    "model": (
        "author baseModels cardData childrenModelCount config createdAt disabled downloads downloadsAllTime "
        "evalResults gated gguf inference inferenceProviderMapping lastModified library_name likes mask_token "
        "model-index pipeline_tag private resourceGroup safetensors sha siblings spaces tags transformersInfo "
        "trendingScore usedStorage widgetData xetEnabled"
    ).split(),
    "dataset": (
        "author cardData citation createdAt description disabled downloads downloadsAllTime gated lastModified likes "
        "mainSize paperswithcode_id private resourceGroup sha siblings tags trendingScore usedStorage xetEnabled"
    ).split(),
    "space": (
        "author cardData createdAt datasets disabled lastModified likes models private region resourceGroup runtime "
        "sdk sha siblings subdomain tags trendingScore usedStorage xetEnabled"
    ).split(),
}

_ALWAYS = "author createdAt disabled downloads gated lastModified likes private sha siblings tags usedStorage cardData"
INFO = {
    "model": set(
        f"{_ALWAYS} pipeline_tag library_name config transformersInfo safetensors gguf widgetData model-index "
        "mask_token spaces".split()
    ),
    "dataset": set(f"{_ALWAYS} description citation paperswithcode_id mainSize".split()),
    "space": set(f"{_ALWAYS} sdk runtime subdomain models datasets".split()),
}
"""What GET /api/{type}s/{id} answers without `expand`."""

LISTED = {
    "model": set("createdAt downloads likes private tags pipeline_tag library_name trendingScore".split()),
    "dataset": set(
        "author createdAt description disabled downloads gated lastModified likes private sha tags "
        "trendingScore".split()
    ),
    "space": set("createdAt likes private tags sdk trendingScore".split()),
}
"""What a list holds without `full` or `expand`."""

FULL = {
    "model": set("author disabled gated lastModified sha siblings".split()),
    "dataset": set("cardData siblings citation".split()),
    "space": set("author cardData disabled gated lastModified sha siblings runtime".split()),
}
"""What `full` adds to a list."""
