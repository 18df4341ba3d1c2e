"""Which architectures have a graph here: a model type, and where its family is written."""

GRAPHS = {
    "gpt2": "bearhug.inference.engine.graphs.gpt2",
    "llama": "bearhug.inference.engine.graphs.llama",
    "mistral": "bearhug.inference.engine.graphs.llama",
    "qwen2": "bearhug.inference.engine.graphs.llama",
    "qwen3": "bearhug.inference.engine.graphs.llama",
}


class NotInGraphs(ValueError):
    """No graph is written for this model; the text goes on "… cannot run in OpenVINO: "."""
