"""Architectures whose name does not end the way their auto class would, in the groups that `architectures` knows.

Taken from the mappings of transformers 5.23; a test compares them with the installed version.
"""

EXCEPTIONS: dict[str, str] = {
    "AutoModel": """
        AudioFlamingo3Encoder BertGenerationEncoder ClvpModelForConditionalGeneration DPRQuestionEncoder
        FunAsrNanoEncoder Gemma3nAudioEncoder GlmAsrEncoder GlmImageVQVAE GraniteSpeech5Encoder
        HunYuanVLVisionTransformer Idefics3VisionTransformer LasrEncoder MgpstrForSceneTextRecognition
        NemotronAsrStreamingEncoder ParakeetEncoder PeAudioEncoder PeAudioVideoEncoder PeVideoEncoder
        Qwen2AudioEncoder Qwen3ASREncoder SmolVLMVisionTransformer T5Gemma2Encoder VoxtralEncoder
        VoxtralRealtimeEncoder
    """,
    "AutoModelForAudioClassification": """
        Data2VecAudioForSequenceClassification HubertForSequenceClassification SEWDForSequenceClassification
        SEWForSequenceClassification UniSpeechForSequenceClassification UniSpeechSatForSequenceClassification
        Wav2Vec2BertForSequenceClassification Wav2Vec2ConformerForSequenceClassification
        Wav2Vec2ForSequenceClassification WavLMForSequenceClassification
    """,
    "AutoModelForCausalLM": """
        BertGenerationDecoder ReformerModelWithLMHead
    """,
    "AutoModelForDocumentQuestionAnswering": """
        LayoutLMForQuestionAnswering LayoutLMv2ForQuestionAnswering LayoutLMv3ForQuestionAnswering
    """,
    "AutoModelForImageClassification": """
        PerceiverForImageClassificationConvProcessing PerceiverForImageClassificationFourier
        PerceiverForImageClassificationLearned
    """,
    "AutoModelForImageTextToText": """
        DiffusionGemmaForBlockDiffusion EvollaForProteinText2Text FuyuForCausalLM IdeficsForVisionText2Text
        Mistral4ForCausalLM NemotronH_Omni_Reasoning_V3
    """,
    "AutoModelForMaskGeneration": """
        EdgeTamModel Sam2Model Sam3TrackerModel SamHQModel SamModel
    """,
    "AutoModelForMaskedLM": """
        FlaubertWithLMHeadModel
    """,
    "AutoModelForMultimodalLM": """
        Phi4MultimodalForCausalLM Qwen2_5OmniForConditionalGeneration Qwen3OmniMoeForConditionalGeneration
    """,
    "AutoModelForSeq2SeqLM": """
        BartForConditionalGeneration BigBirdPegasusForConditionalGeneration BlenderbotForConditionalGeneration
        BlenderbotSmallForConditionalGeneration EncoderDecoderModel FSMTForConditionalGeneration
        LEDForConditionalGeneration LongT5ForConditionalGeneration M2M100ForConditionalGeneration
        MBartForConditionalGeneration MT5ForConditionalGeneration MarianMTModel MvpForConditionalGeneration
        NllbMoeForConditionalGeneration PLBartForConditionalGeneration PegasusForConditionalGeneration
        PegasusXForConditionalGeneration ProphetNetForConditionalGeneration SwitchTransformersForConditionalGeneration
        T5ForConditionalGeneration T5GemmaForConditionalGeneration UMT5ForConditionalGeneration
        XLMProphetNetForConditionalGeneration
    """,
    "AutoModelForSpeechSeq2Seq": """
        CanaryForConditionalGeneration CohereAsrForConditionalGeneration FunAsrNanoForConditionalGeneration
        GraniteSpeechForConditionalGeneration GraniteSpeechPlusForConditionalGeneration
        KyutaiSpeechToTextForConditionalGeneration MoonshineForConditionalGeneration
        MoonshineStreamingForConditionalGeneration Pop2PianoForConditionalGeneration Qwen3ASRForConditionalGeneration
        Speech2TextForConditionalGeneration SpeechEncoderDecoderModel VibeVoiceAsrForConditionalGeneration
        VoxtralForConditionalGeneration VoxtralRealtimeForConditionalGeneration WhisperForConditionalGeneration
    """,
    "AutoModelForTableQuestionAnswering": """
        TapasForQuestionAnswering
    """,
    "AutoModelForTextEncoding": """
        Emu3TextModel MT5EncoderModel MllamaTextModel T5EncoderModel T5GemmaEncoderModel UMT5EncoderModel
    """,
    "AutoModelForTextToSpectrogram": """
        FastSpeech2ConformerModel SpeechT5ForTextToSpeech
    """,
    "AutoModelForTextToWaveform": """
        BarkModel CsmForConditionalGeneration FastSpeech2ConformerWithHifiGan GradiumPhononTTSForConditionalGeneration
        HiggsAudioV2ForConditionalGeneration MusicgenForConditionalGeneration MusicgenMelodyForConditionalGeneration
        PocketTTSForConditionalGeneration VibeVoiceForConditionalGeneration VitsModel
    """,
    "AutoModelForUniversalSegmentation": """
        DetrForSegmentation MaskFormerForInstanceSegmentation
    """,
    "AutoModelForVisualQuestionAnswering": """
        BlipForQuestionAnswering ViltForQuestionAnswering
    """,
    "AutoModelForZeroShotImageClassification": """
        AlignModel AltCLIPModel Blip2ForImageTextRetrieval BlipModel CLIPModel CLIPSegModel ChineseCLIPModel
        MetaClip2Model Siglip2Model SiglipModel Tipsv2Model VideoPrismClipModel
    """,
    "AutoModelForZeroShotObjectDetection": """
        GroundingDinoForObjectDetection MMGroundingDinoForObjectDetection OmDetTurboForObjectDetection
        OwlViTForObjectDetection Owlv2ForObjectDetection
    """,
    "audio chat": """
        GlmAsrForConditionalGeneration MossTranscribeDiarizeForConditionalGeneration
        Nemotron3_5TranscribeForConditionalGeneration Qwen2AudioForConditionalGeneration
    """,
    "caption": """
        Blip2ForConditionalGeneration BlipForConditionalGeneration DonutForConditionalGeneration GitForCausalLM
        InstructBlipForConditionalGeneration Pix2StructForConditionalGeneration VisionEncoderDecoderModel
    """,
    "forecast": """
        PatchTSMixerForRegression PatchTSMixerForTimeSeriesClassification PatchTSTForClassification
        PatchTSTForRegression
    """,
    "image": """
        Aimv2VisionModel BeitBackbone BeitModel BitBackbone BitModel Cohere2VisionModel ConditionalDetrModel
        ConvNextBackbone ConvNextModel ConvNextV2Backbone ConvNextV2Model DINOv3ConvNextBackbone DINOv3ConvNextModel
        DINOv3ViTBackbone DINOv3ViTModel DPTModel DabDetrModel Data2VecVisionModel DeformableDetrModel DeiTModel
        DepthProModel DetrModel DinatBackbone DinatModel Dinov2Backbone Dinov2Model Dinov2WithRegistersBackbone
        Dinov2WithRegistersModel EfficientNetModel FocalNetBackbone FocalNetModel GLPNModel HGNetV2Backbone
        HieraBackbone HieraModel IJepaModel ImageGPTForCausalImageModeling ImageGPTModel LevitModel Llama4VisionModel
        LwDetrViTBackbone MLCDVisionModel MaskFormerSwinBackbone MllamaVisionModel MobileNetV1Model MobileNetV2Model
        MobileViTModel MobileViTV2Model PPLCNetBackbone PPLCNetV3Backbone PPLCNetV4Backbone PixioBackbone PixioModel
        PoolFormerModel PvtModel PvtV2Backbone RTDetrResNetBackbone RegNetModel ResNetBackbone ResNetModel
        RfDetrDinov2Backbone Sapiens2Backbone SegformerModel SiglipVisionModel SwiftFormerModel Swin2SRModel
        SwinBackbone SwinModel Swinv2Backbone Swinv2Model TableTransformerModel TextNetBackbone TimesformerModel
        TimmBackbone TimmWrapperModel Tipsv2VisionBackbone Tipsv2VisionModel UVDocBackbone ViTMAEModel ViTMSNModel
        ViTModel VideoMAEModel VideoPrismVisionModel VitDetBackbone VitDetModel VitPoseBackbone VivitModel YolosModel
    """,
    "music chat": """
        AudioFlamingo3ForConditionalGeneration MusicFlamingoForConditionalGeneration
    """,
    "retrieval": """
        ColModernVBertForRetrieval ColPaliForRetrieval ColQwen2ForRetrieval
    """,
    "voice": """
        DiaForConditionalGeneration
    """,
}
"""Group to architectures."""
