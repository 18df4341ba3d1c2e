"""From a transformers architecture to the class that loads it, its task and what prepares its input."""

from typing import NamedTuple

from bearhug.hub.cards.architecture_names import EXCEPTIONS


class Head(NamedTuple):
    """How models of an architecture are loaded; a task or a preparing class is None where there is none."""

    auto_model: str
    pipeline_tag: str | None
    processor: str | None


TEXT, IMAGE, AUDIO, ANY = "AutoTokenizer", "AutoImageProcessor", "AutoFeatureExtractor", "AutoProcessor"
BARE = "AutoModel"

CLASSES: dict[str, tuple[str | None, str | None]] = {
    BARE: ("feature-extraction", TEXT),
    "AutoModelForAudioClassification": ("audio-classification", AUDIO),
    "AutoModelForAudioFrameClassification": (None, AUDIO),
    "AutoModelForAudioXVector": (None, AUDIO),
    "AutoModelForCTC": ("automatic-speech-recognition", ANY),
    "AutoModelForCausalLM": ("text-generation", TEXT),
    "AutoModelForDecision": (None, ANY),
    "AutoModelForDepthEstimation": ("depth-estimation", IMAGE),
    "AutoModelForDocumentQuestionAnswering": ("document-question-answering", ANY),
    "AutoModelForImageClassification": ("image-classification", IMAGE),
    "AutoModelForImageMatting": ("image-segmentation", IMAGE),
    "AutoModelForImageSegmentation": ("image-segmentation", IMAGE),
    "AutoModelForImageTextToText": ("image-text-to-text", ANY),
    "AutoModelForImageToImage": ("image-to-image", IMAGE),
    "AutoModelForInstanceSegmentation": ("image-segmentation", IMAGE),
    "AutoModelForKeypointDetection": ("keypoint-detection", IMAGE),
    "AutoModelForKeypointMatching": (None, IMAGE),
    "AutoModelForMaskGeneration": ("mask-generation", ANY),
    "AutoModelForMaskedImageModeling": (None, IMAGE),
    "AutoModelForMaskedLM": ("fill-mask", TEXT),
    "AutoModelForMultimodalLM": ("any-to-any", ANY),
    "AutoModelForMultipleChoice": ("multiple-choice", TEXT),
    "AutoModelForNextSentencePrediction": (None, TEXT),
    "AutoModelForNormalEstimation": (None, IMAGE),
    "AutoModelForObjectDetection": ("object-detection", IMAGE),
    "AutoModelForPointmapEstimation": (None, IMAGE),
    "AutoModelForPoseEstimation": ("keypoint-detection", IMAGE),
    "AutoModelForPreTraining": (None, TEXT),
    "AutoModelForQuestionAnswering": ("question-answering", TEXT),
    "AutoModelForRNNT": ("automatic-speech-recognition", ANY),
    "AutoModelForSemanticSegmentation": ("image-segmentation", IMAGE),
    "AutoModelForSeq2SeqLM": ("text2text-generation", TEXT),
    "AutoModelForSequenceClassification": ("text-classification", TEXT),
    "AutoModelForSpeechSeq2Seq": ("automatic-speech-recognition", ANY),
    "AutoModelForTDT": ("automatic-speech-recognition", ANY),
    "AutoModelForTableQuestionAnswering": ("table-question-answering", TEXT),
    "AutoModelForTableRecognition": (None, IMAGE),
    "AutoModelForTextEncoding": ("feature-extraction", TEXT),
    "AutoModelForTextRecognition": ("image-to-text", IMAGE),
    "AutoModelForTextToSpectrogram": ("text-to-audio", ANY),
    "AutoModelForTextToWaveform": ("text-to-audio", ANY),
    "AutoModelForTimeSeriesPrediction": ("time-series-forecasting", None),
    "AutoModelForTokenClassification": ("token-classification", TEXT),
    "AutoModelForUniversalSegmentation": ("image-segmentation", IMAGE),
    "AutoModelForVideoClassification": ("video-classification", IMAGE),
    "AutoModelForVisualQuestionAnswering": ("visual-question-answering", ANY),
    "AutoModelForZeroShotImageClassification": ("zero-shot-image-classification", ANY),
    "AutoModelForZeroShotObjectDetection": ("zero-shot-object-detection", ANY),
}
"""Task and preparing class of each auto class."""

ENDINGS: tuple[tuple[str, str], ...] = (
    ("ForAudioClassification", "AutoModelForAudioClassification"),
    ("ForAudioFrameClassification", "AutoModelForAudioFrameClassification"),
    ("ForCTC", "AutoModelForCTC"),
    ("ForCausalLM", "AutoModelForCausalLM"),
    ("ForConditionalGeneration", "AutoModelForImageTextToText"),
    ("ForDecision", "AutoModelForDecision"),
    ("ForDepthEstimation", "AutoModelForDepthEstimation"),
    ("ForDocumentQuestionAnswering", "AutoModelForDocumentQuestionAnswering"),
    ("ForImageClassification", "AutoModelForImageClassification"),
    ("ForImageClassificationWithTeacher", "AutoModelForImageClassification"),
    ("ForImageMatting", "AutoModelForImageMatting"),
    ("ForImageSuperResolution", "AutoModelForImageToImage"),
    ("ForImageTextToText", "AutoModelForImageTextToText"),
    ("ForImageToImage", "AutoModelForImageToImage"),
    ("ForInstanceSegmentation", "AutoModelForInstanceSegmentation"),
    ("ForKeypointDetection", "AutoModelForKeypointDetection"),
    ("ForKeypointMatching", "AutoModelForKeypointMatching"),
    ("ForMaskGeneration", "AutoModelForMaskGeneration"),
    ("ForMaskedImageModeling", "AutoModelForMaskedImageModeling"),
    ("ForMaskedLM", "AutoModelForMaskedLM"),
    ("ForMultipleChoice", "AutoModelForMultipleChoice"),
    ("ForNextSentencePrediction", "AutoModelForNextSentencePrediction"),
    ("ForNormalEstimation", "AutoModelForNormalEstimation"),
    ("ForObjectDetection", "AutoModelForObjectDetection"),
    ("ForPointmapEstimation", "AutoModelForPointmapEstimation"),
    ("ForPoseEstimation", "AutoModelForPoseEstimation"),
    ("ForPreTraining", "AutoModelForPreTraining"),
    ("ForPrediction", "AutoModelForTimeSeriesPrediction"),
    ("ForQuestionAnswering", "AutoModelForQuestionAnswering"),
    ("ForQuestionAnsweringSimple", "AutoModelForQuestionAnswering"),
    ("ForRNNT", "AutoModelForRNNT"),
    ("ForSemanticSegmentation", "AutoModelForSemanticSegmentation"),
    ("ForSequenceClassification", "AutoModelForSequenceClassification"),
    ("ForSpeechSeq2Seq", "AutoModelForSpeechSeq2Seq"),
    ("ForSpeechToText", "AutoModelForSpeechSeq2Seq"),
    ("ForTDT", "AutoModelForTDT"),
    ("ForTableQuestionAnswering", "AutoModelForTableQuestionAnswering"),
    ("ForTableRecognition", "AutoModelForTableRecognition"),
    ("ForTextRecognition", "AutoModelForTextRecognition"),
    ("ForTextToSpeech", "AutoModelForTextToWaveform"),
    ("ForTextToText", "AutoModelForSeq2SeqLM"),
    ("ForTokenClassification", "AutoModelForTokenClassification"),
    ("ForUniversalSegmentation", "AutoModelForUniversalSegmentation"),
    ("ForVideoClassification", "AutoModelForVideoClassification"),
    ("ForVision2Seq", "AutoModelForImageTextToText"),
    ("ForVisualQuestionAnswering", "AutoModelForVisualQuestionAnswering"),
    ("ForXVector", "AutoModelForAudioXVector"),
    ("ForZeroShotImageClassification", "AutoModelForZeroShotImageClassification"),
    ("ForZeroShotObjectDetection", "AutoModelForZeroShotObjectDetection"),
    ("LMHeadModel", "AutoModelForCausalLM"),
)
"""What the end of a name tells; `EXCEPTIONS` go first."""

SPECIAL: dict[str, Head] = {
    "image": Head(BARE, "image-feature-extraction", IMAGE),
    "retrieval": Head("AutoModelForPreTraining", "visual-document-retrieval", ANY),
    "audio chat": Head("AutoModelForMultimodalLM", "audio-text-to-text", ANY),
    "music chat": Head("AutoModelForSeq2SeqLM", "audio-text-to-text", ANY),
    "voice": Head("AutoModelForSpeechSeq2Seq", "text-to-speech", ANY),
    "caption": Head("AutoModelForImageTextToText", "image-to-text", ANY),
    "forecast": Head(BARE, "time-series-forecasting", None),
}
"""Heads of groups in `EXCEPTIONS` that are no auto class."""

TASK_OF_TYPE = {
    **dict.fromkeys("marian m2m_100 nllb-moe fsmt seamless_m4t seamless_m4t_v2".split(), "translation"),
    **dict.fromkeys("pegasus pegasus_x bigbird_pegasus led prophetnet".split(), "summarization"),
}
"""Model types of sequence-to-sequence models that do one thing."""

_BY_ENDING = dict(ENDINGS)
_GROUP_OF = {name: group for group, names in EXCEPTIONS.items() for name in names.split()}


def head_of(architecture: str, model_type: str = "") -> Head | None:
    """How to load an architecture; None where its name tells nothing."""
    base = architecture.removeprefix("TF").removeprefix("Flax")
    group = _GROUP_OF.get(base) or _by_ending(base)
    if group in SPECIAL:
        return SPECIAL[group]
    if group is None:
        return None
    task, processor = CLASSES[group]
    if group == "AutoModelForSeq2SeqLM":
        task = TASK_OF_TYPE.get(model_type, task)
    return Head(group, task, processor)


def head_of_class(auto_model: str) -> Head | None:
    """How models of an auto class are loaded, for code that comes with a repository."""
    return Head(auto_model, *CLASSES[auto_model]) if auto_model in CLASSES else None


def _by_ending(name: str) -> str | None:
    start = name.rfind("For")
    if start > 0 and name[start:] in _BY_ENDING:
        return _BY_ENDING[name[start:]]
    if name.endswith("LMHeadModel"):
        return _BY_ENDING["LMHeadModel"]
    return BARE if name.endswith("Model") else None
