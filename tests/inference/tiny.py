"""Tiny models with random weights and words of their own: a folder each, made in a moment."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WORDS = (
    "the a is was not good bad film bear hug ada wrote program in london paris and who where city lives she works at "
    "lab . , ? ! : - 我 爱 这 部 电 影 很 好 差 中 国 北 京 of to it i you great awful very on for with about 1 2 3"
).split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = [*"abcdefghijklmnopqrstuvwxyz", *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789")]
SIZES: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 64,
}


def vocabulary() -> dict[str, int]:
    return {word: at for at, word in enumerate(dict.fromkeys([*SPECIAL, *WORDS, *LETTERS]))}


def words() -> Any:
    """A BERT tokenizer over the words above."""
    words = vocabulary()
    inner = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    inner.normalizer = normalizers.BertNormalizer(lowercase=True)
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.post_processor = processors.BertProcessing(("[SEP]", words["[SEP]"]), ("[CLS]", words["[CLS]"]))
    return transformers.BertTokenizerFast(tokenizer_object=inner, model_max_length=64)


def bert(head: str, **more: Any) -> Callable[[Path], None]:
    """A BERT with a head."""

    def make(folder: Path) -> None:
        torch.manual_seed(7)
        labels = {name: at for at, name in more.get("id2label", {}).items()}
        numbers = {"label2id": labels} if labels else {}
        size = len(vocabulary())
        config = transformers.BertConfig(vocab_size=size, initializer_range=0.4, **SIZES, **numbers, **more)
        getattr(transformers, head)(config).save_pretrained(folder)
        words().save_pretrained(folder)

    return make


def t5(folder: Path) -> None:
    torch.manual_seed(7)
    config = transformers.T5Config(
        vocab_size=len(vocabulary()),
        d_model=32,
        d_kv=8,
        d_ff=48,
        num_layers=2,
        num_heads=4,
        decoder_start_token_id=0,
        eos_token_id=vocabulary()["[SEP]"],
        task_specific_params={"summarization": {"prefix": "the : "}, "translation_en_to_zh": {"prefix": "about : "}},
        initializer_factor=3.0,
    )
    transformers.T5ForConditionalGeneration(config).save_pretrained(folder)
    words().save_pretrained(folder)


def gpt2(folder: Path) -> None:
    """As the Chinese GPT-2 of courses: a decoder with BERT's tokenizer."""
    torch.manual_seed(7)
    config = transformers.GPT2Config(
        vocab_size=len(vocabulary()),
        bos_token_id=2,
        n_positions=64,
        n_embd=32,
        n_layer=2,
        n_head=4,
        initializer_range=0.3,
        eos_token_id=3,
    )
    transformers.GPT2LMHeadModel(config).save_pretrained(folder)
    words().save_pretrained(folder)


def sentences(folder: Path) -> None:
    """A sentence model: mean of the tokens, of unit length."""
    bert("BertModel")(folder)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": true}')
    (folder / "modules.json").write_text('[{"type": "sentence_transformers.models.Normalize"}]')


def vision(head: str, config: Any, processor: Any) -> Callable[[Path], None]:
    """A model of pictures; what it is made of is made when it is asked for."""

    def make(folder: Path) -> None:
        torch.manual_seed(7)
        getattr(transformers, head)(config()).save_pretrained(folder)
        processor().save_pretrained(folder)

    return make


def vit() -> Any:
    labels = {0: "bear", 1: "cat", 2: "cup"}
    return transformers.ViTConfig(image_size=32, patch_size=8, id2label=labels, **_core(), initializer_range=0.4)


def segformer() -> Any:
    return transformers.SegformerConfig(
        num_encoder_blocks=2,
        depths=[1, 1],
        sr_ratios=[2, 1],
        hidden_sizes=[8, 16],
        patch_sizes=[3, 3],
        strides=[2, 2],
        num_attention_heads=[1, 2],
        mlp_ratios=[2, 2],
        decoder_hidden_size=16,
        id2label={0: "background", 1: "bear"},
        initializer_range=0.6,
    )


def yolos() -> Any:
    labels = {0: "bear", 1: "cat"}
    return transformers.YolosConfig(
        image_size=[32, 32], patch_size=8, num_detection_tokens=5, id2label=labels, **_core()
    )


def glpn() -> Any:
    return transformers.GLPNConfig(
        num_encoder_blocks=4,
        depths=[1] * 4,
        sr_ratios=[8, 4, 2, 1],
        hidden_sizes=[8, 8, 16, 16],
        num_attention_heads=[1, 1, 2, 2],
        decoder_hidden_size=16,
        max_depth=10,
    )


def maskformer(folder: Path) -> None:
    torch.manual_seed(7)
    config = transformers.MaskFormerConfig(
        fpn_feature_size=32,
        mask_feature_size=32,
        backbone_config=transformers.SwinConfig(
            image_size=64, embed_dim=8, depths=[1, 1, 1, 1], num_heads=[1, 1, 2, 2], window_size=2, **OUT
        ),
        decoder_config=transformers.DetrConfig(
            d_model=16, decoder_layers=1, decoder_attention_heads=2, decoder_ffn_dim=16, num_queries=6, encoder_layers=1
        ),
        id2label={0: "bear", 1: "cat"},
    )
    model = transformers.MaskFormerForInstanceSegmentation(config)
    model.class_predictor.bias.data = torch.tensor([5.0, 4.0, -5.0])  # otherwise it sees nothing at all
    model.save_pretrained(folder)
    transformers.MaskFormerImageProcessorPil(size={"height": 64, "width": 64}).save_pretrained(folder)


def clip(folder: Path) -> None:
    torch.manual_seed(7)
    size = len(vocabulary())
    text = {"vocab_size": size, "eos_token_id": 3, "bos_token_id": 2, "max_position_embeddings": 64, **_core()}
    config = transformers.CLIPConfig(
        text_config=text, vision_config={"image_size": 32, "patch_size": 8, **_core()}, projection_dim=16
    )
    transformers.CLIPModel(config).save_pretrained(folder)
    transformers.CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=32).save_pretrained(folder)
    words().save_pretrained(folder)


def caption(folder: Path) -> None:
    torch.manual_seed(7)
    decoder = transformers.BertConfig(
        vocab_size=len(vocabulary()), is_decoder=True, add_cross_attention=True, initializer_range=0.4, **SIZES
    )
    config = transformers.VisionEncoderDecoderConfig.from_encoder_decoder_configs(vit(), decoder)
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = 2, 0, 3
    transformers.VisionEncoderDecoderModel(config=config).save_pretrained(folder)
    transformers.ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    words().save_pretrained(folder)


def hearing(head: str) -> Callable[[Path], None]:
    """A wav2vec 2.0 with a head."""

    def make(folder: Path) -> None:
        torch.manual_seed(7)
        config = transformers.Wav2Vec2Config(
            vocab_size=len(vocabulary()),
            conv_dim=(16, 16),
            conv_stride=(10, 8),
            conv_kernel=(10, 8),
            num_feat_extract_layers=2,
            num_conv_pos_embeddings=8,
            num_conv_pos_embedding_groups=2,
            classifier_proj_size=8,
            id2label={0: "speech", 1: "music"} if head.endswith("SequenceClassification") else None,
            **_core(),
        )
        getattr(transformers, head)(config).save_pretrained(folder)
        transformers.Wav2Vec2FeatureExtractor(sampling_rate=16000).save_pretrained(folder)
        words().save_pretrained(folder)

    return make


def tapas(folder: Path) -> None:
    torch.manual_seed(7)
    config = transformers.TapasConfig(vocab_size=len(vocabulary()), num_aggregation_labels=4, **SIZES)
    config.max_position_embeddings = 128
    transformers.TapasForQuestionAnswering(config).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(["[EMPTY]" if word == "[MASK]" else word for word in vocabulary()]))
    transformers.TapasTokenizer(str(folder / "vocab.txt"), model_max_length=128).save_pretrained(folder)


def _core() -> dict[str, Any]:
    return {name: SIZES[name] for name in SIZES if name != "max_position_embeddings"}


def _picture(**more: Any) -> Callable[[], Any]:
    return lambda: transformers.ViTImageProcessorPil(size={"height": 32, "width": 32}, **more)


OUT = {"out_features": ["stage1", "stage2", "stage3", "stage4"]}

MODELS: dict[str, Callable[[Path], None]] = {
    "bert-classifier": bert("BertForSequenceClassification", id2label={0: "NEGATIVE", 1: "POSITIVE"}),
    "bert-topics": bert(
        "BertForSequenceClassification",
        id2label={0: "art", 1: "law", 2: "sport"},
        problem_type="multi_label_classification",
    ),
    "bert-nli": bert("BertForSequenceClassification", id2label={0: "contradiction", 1: "neutral", 2: "entailment"}),
    "bert-reranker": bert("BertForSequenceClassification", id2label={0: "LABEL_0"}),
    "bert-ner": bert("BertForTokenClassification", id2label={0: "O", 1: "B-PER", 2: "I-PER", 3: "B-LOC", 4: "I-LOC"}),
    "bert-qa": bert("BertForQuestionAnswering"),
    "bert-mlm": bert("BertForMaskedLM"),
    "bert-plain": bert("BertModel"),
    "sentences": sentences,
    "t5": t5,
    "gpt2": gpt2,
    "tapas": tapas,
    "vit": vision("ViTForImageClassification", vit, _picture()),
    "segformer": vision(
        "SegformerForSemanticSegmentation",
        segformer,
        lambda: transformers.SegformerImageProcessorPil(size={"height": 32, "width": 32}),
    ),
    "maskformer": maskformer,
    "yolos": vision(
        "YolosForObjectDetection",
        yolos,
        lambda: transformers.YolosImageProcessorPil(size={"height": 32, "width": 32}),
    ),
    "glpn": vision("GLPNForDepthEstimation", glpn, transformers.GLPNImageProcessorPil),
    "clip": clip,
    "caption": caption,
    "ctc": hearing("Wav2Vec2ForCTC"),
    "sounds": hearing("Wav2Vec2ForSequenceClassification"),
}
