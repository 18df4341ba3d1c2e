"""Small packages made in place of large ones, for real pip to install: a program `vllm` that is `bearhug serve`."""

import sys
import zipfile
from pathlib import Path

PROGRAM = '''"""Takes the words of `vllm serve` and serves the folder with Bearhug's own engines."""
import os
import sys

def main():
    _, _, folder, *flags = sys.argv
    print("flags:", *flags, flush=True)
    flags = [flag for flag in flags if flag not in ("--runner", "pooling")]
    if "--fail" in flags:
        sys.exit("this model is not known to me")
    key = os.environ["VLLM_API_KEY"]
    os.execv(BEARHUG, [BEARHUG, "serve", folder, "--engine", "transformers", "--api-key", key, *flags])
'''


def write(folder: Path, name: str = "vllm", version: str = "0.0.1", needs: str | None = None) -> None:
    """A wheel whose console script starts `bearhug serve` of this very environment."""
    bearhug = Path(sys.executable).with_name("bearhug")
    requires = f"Requires-Dist: {needs}\n" if needs else ""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}_standin.py": f"BEARHUG = {str(bearhug)!r}\n{PROGRAM}",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}_standin:main\n",
    }
    record = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(path, text)
