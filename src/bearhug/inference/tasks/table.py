"""The table of tasks: name -> (label, class), imported when a task is first used."""

import importlib
from typing import Any

from bearhug.base.errors import NotFound

HERE = "bearhug.inference.tasks"

TASKS: dict[str, tuple[str, str]] = {
    "text-classification": ("Text Classification", "text_classification:TextClassification"),
    "zero-shot-classification": ("Zero-Shot Classification", "zero_shot_classification:ZeroShotClassification"),
    "token-classification": ("Token Classification", "token_classification:TokenClassification"),
    "question-answering": ("Question Answering", "question_answering:QuestionAnswering"),
    "table-question-answering": ("Table Question Answering", "table_question_answering:TableQuestionAnswering"),
    "fill-mask": ("Fill-Mask", "fill_mask:FillMask"),
    "summarization": ("Summarization", "summarization:Summarization"),
    "translation": ("Translation", "translation:Translation"),
    "text2text-generation": ("Text2Text Generation", "text2text_generation:Text2TextGeneration"),
    "text-generation": ("Text Generation", "text_generation:TextGeneration"),
    "feature-extraction": ("Feature Extraction", "feature_extraction:FeatureExtraction"),
    "sentence-similarity": ("Sentence Similarity", "sentence_similarity:SentenceSimilarity"),
    "text-ranking": ("Text Ranking", "text_ranking:TextRanking"),
    "image-classification": ("Image Classification", "image_classification:ImageClassification"),
    "zero-shot-image-classification": (
        "Zero-Shot Image Classification",
        "zero_shot_image_classification:ZeroShotImageClassification",
    ),
    "image-segmentation": ("Image Segmentation", "image_segmentation:ImageSegmentation"),
    "background-removal": ("Background Removal", "background_removal:BackgroundRemoval"),
    "object-detection": ("Object Detection", "object_detection:ObjectDetection"),
    "depth-estimation": ("Depth Estimation", "depth_estimation:DepthEstimation"),
    "image-to-text": ("Image-to-Text", "image_to_text:ImageToText"),
    "automatic-speech-recognition": (
        "Automatic Speech Recognition",
        "automatic_speech_recognition:AutomaticSpeechRecognition",
    ),
    "audio-classification": ("Audio Classification", "audio_classification:AudioClassification"),
}
"""Names as the Hub writes them."""

TOGETHER = frozenset(
    {
        "text-classification",
        "zero-shot-classification",
        "token-classification",
        "fill-mask",
        "feature-extraction",
        "sentence-similarity",
        "text-ranking",
        "image-classification",
        "text-generation",
    }
)
"""Tasks that do the inputs of several callers in one batch."""

ALIASES = {
    "sentiment-analysis": "text-classification",
    "ner": "token-classification",
    "reranking": "text-ranking",
    "rerank": "text-ranking",
    "asr": "automatic-speech-recognition",
    "image-captioning": "image-to-text",
}


def named(task: str) -> str:
    """The Hub's name of a task, from any name that people use; NotFound for what nobody here does."""
    name = ALIASES.get(task, task)
    if name.startswith("translation_"):
        name = "translation"
    if name not in TASKS:
        raise NotFound(f'There is no task "{task[:100]}" here. There are: {", ".join(TASKS)}.')
    return name


def find(task: str) -> Any:
    """The class of a task."""
    module, _, attribute = TASKS[named(task)][1].partition(":")
    return getattr(importlib.import_module(f"{HERE}.{module}"), attribute)
