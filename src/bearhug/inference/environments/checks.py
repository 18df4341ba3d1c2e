"""What the doctor says of engines."""

from bearhug.hub.doctor.records import Finding, Health
from bearhug.inference.environments.service import Environments
from bearhug.inference.workers import machine

NAME = "engines"


def engines(environments: Environments) -> Finding:
    """Which environments are there, and whether one is wanting."""
    found = environments.installed()
    told = ", ".join(f"{one.name} {one.version} ({one.size / (1 << 30):.1f} GiB)" for one in found)
    current = {recipe.folder_name for recipe in environments.recipes.values()}
    old = [one.folder.name for one in found if one.folder.name not in current]
    if old:
        advice = "Make it anew: `bearhug engine remove` it and `bearhug engine install` it."
        return Finding(
            NAME, Health.POOR, f"{told}; of another version than this Bearhug wants: {', '.join(old)}", advice
        )
    if machine.has_gpu() and environments.program("vllm") is None:
        advice = "`bearhug engine install vllm` lets language models use it."
        return Finding(NAME, Health.POOR, "there is a GPU, and no vLLM", advice)
    return Finding(NAME, Health.GOOD, told or "those of the processor, no environment beside them")
