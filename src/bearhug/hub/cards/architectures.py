"""From a transformers architecture to the class that loads it, its task and what prepares its input."""

from typing import NamedTuple


class Head(NamedTuple):
    """How models whose architecture ends like this are loaded."""

    auto_model: str
    pipeline_tag: str | None
    processor: str | None


TEXT, IMAGE, AUDIO, ANY = "AutoTokenizer", "AutoImageProcessor", "AutoFeatureExtractor", "AutoProcessor"
ZERO_SHOT_IMAGE = "AutoModelForZeroShotImageClassification"

HEADS: tuple[tuple[str, Head], ...] = (
    ("ForZeroShotImageClassification", Head(ZERO_SHOT_IMAGE, "zero-shot-image-classification", ANY)),
    ("ForZeroShotObjectDetection", Head("AutoModelForZeroShotObjectDetection", "zero-shot-object-detection", ANY)),
    ("ForObjectDetection", Head("AutoModelForObjectDetection", "object-detection", IMAGE)),
    ("ForImageClassification", Head("AutoModelForImageClassification", "image-classification", IMAGE)),
    ("ForVideoClassification", Head("AutoModelForVideoClassification", "video-classification", IMAGE)),
    ("ForSemanticSegmentation", Head("AutoModelForSemanticSegmentation", "image-segmentation", IMAGE)),
    ("ForInstanceSegmentation", Head("AutoModelForInstanceSegmentation", "image-segmentation", IMAGE)),
    ("ForUniversalSegmentation", Head("AutoModelForUniversalSegmentation", "image-segmentation", IMAGE)),
    ("ForImageSegmentation", Head("AutoModelForImageSegmentation", "image-segmentation", IMAGE)),
    ("ForDepthEstimation", Head("AutoModelForDepthEstimation", "depth-estimation", IMAGE)),
    ("ForMaskedImageModeling", Head("AutoModelForMaskedImageModeling", None, IMAGE)),
    ("ForKeypointDetection", Head("AutoModelForKeypointDetection", "keypoint-detection", IMAGE)),
    ("ForAudioClassification", Head("AutoModelForAudioClassification", "audio-classification", AUDIO)),
    ("ForSequenceAudioClassification", Head("AutoModelForAudioClassification", "audio-classification", AUDIO)),
    ("ForSpeechSeq2Seq", Head("AutoModelForSpeechSeq2Seq", "automatic-speech-recognition", ANY)),
    ("ForCTC", Head("AutoModelForCTC", "automatic-speech-recognition", ANY)),
    ("ForTextToSpeech", Head("AutoModelForTextToWaveform", "text-to-speech", ANY)),
    ("ForDocumentQuestionAnswering", Head("AutoModelForDocumentQuestionAnswering", "document-question-answering", ANY)),
    ("ForVisualQuestionAnswering", Head("AutoModelForVisualQuestionAnswering", "visual-question-answering", ANY)),
    ("ForTableQuestionAnswering", Head("AutoModelForTableQuestionAnswering", "table-question-answering", TEXT)),
    ("ForQuestionAnswering", Head("AutoModelForQuestionAnswering", "question-answering", TEXT)),
    ("ForSequenceClassification", Head("AutoModelForSequenceClassification", "text-classification", TEXT)),
    ("ForTokenClassification", Head("AutoModelForTokenClassification", "token-classification", TEXT)),
    ("ForMultipleChoice", Head("AutoModelForMultipleChoice", "multiple-choice", TEXT)),
    ("ForMaskedLM", Head("AutoModelForMaskedLM", "fill-mask", TEXT)),
    ("ForPreTraining", Head("AutoModelForPreTraining", None, TEXT)),
    ("ForNextSentencePrediction", Head("AutoModelForNextSentencePrediction", None, TEXT)),
    ("ForImageTextToText", Head("AutoModelForImageTextToText", "image-text-to-text", ANY)),
    ("ForVision2Seq", Head("AutoModelForImageTextToText", "image-text-to-text", ANY)),
    ("ForCausalLM", Head("AutoModelForCausalLM", "text-generation", TEXT)),
    ("LMHeadModel", Head("AutoModelForCausalLM", "text-generation", TEXT)),
)  # fmt: skip
"""Endings of architecture names, more telling ones first."""

BY_TYPE: dict[str, Head] = {
    "whisper": Head("AutoModelForSpeechSeq2Seq", "automatic-speech-recognition", ANY),
    "speech_to_text": Head("AutoModelForSpeechSeq2Seq", "automatic-speech-recognition", ANY),
    "t5": Head("AutoModelForSeq2SeqLM", "text2text-generation", TEXT),
    "mt5": Head("AutoModelForSeq2SeqLM", "text2text-generation", TEXT),
    "bart": Head("AutoModelForSeq2SeqLM", "text2text-generation", TEXT),
    "mbart": Head("AutoModelForSeq2SeqLM", "text2text-generation", TEXT),
    "pegasus": Head("AutoModelForSeq2SeqLM", "summarization", TEXT),
    "marian": Head("AutoModelForSeq2SeqLM", "translation", TEXT),
    "m2m_100": Head("AutoModelForSeq2SeqLM", "translation", TEXT),
    "encoder-decoder": Head("AutoModelForSeq2SeqLM", "text2text-generation", TEXT),
    "clip": Head(ZERO_SHOT_IMAGE, "zero-shot-image-classification", ANY),
    "siglip": Head(ZERO_SHOT_IMAGE, "zero-shot-image-classification", ANY),
    "blip": Head("AutoModelForImageTextToText", "image-to-text", ANY),
    "vision-encoder-decoder": Head("AutoModelForImageTextToText", "image-to-text", ANY),
    "qwen2_5_vl": Head("AutoModelForImageTextToText", "image-text-to-text", ANY),
    "llava": Head("AutoModelForImageTextToText", "image-text-to-text", ANY),
    "vits": Head("AutoModelForTextToWaveform", "text-to-audio", TEXT),
    "dinov2": Head("AutoModel", "image-feature-extraction", IMAGE),
    "vit": Head("AutoModel", "image-feature-extraction", IMAGE),
    "sam": Head("AutoModelForMaskGeneration", "mask-generation", ANY),
}
"""Model types whose conditional-generation or bare classes have a task of their own."""

BARE = Head("AutoModel", "feature-extraction", TEXT)


def head_of(architecture: str, model_type: str) -> Head | None:
    """How to load an architecture; None where its name tells nothing."""
    for ending, head in HEADS:
        if architecture.endswith(ending):
            return head
    if model_type in BY_TYPE:
        return BY_TYPE[model_type]
    if architecture.endswith("ForConditionalGeneration"):
        return Head("AutoModelForSeq2SeqLM", "text2text-generation", TEXT)
    return BARE if architecture.endswith("Model") else None
