"""The environments that Bearhug knows how to make, with the versions that were tried."""

from bearhug.inference.environments.records import Recipe

VLLM = Recipe(
    "vllm",
    "0.32.0",
    "vLLM for machines with a GPU",
    (("vllm==0.32.0",),),
    ("bin/vllm", "serve"),
)
RECIPES = {one.name: one for one in (VLLM,)}
