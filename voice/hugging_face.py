"""A Hugging Face Whisper folder as an openai-whisper model: the same network under other names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whisper.model import ModelDimensions, Whisper

from voice.errors import BrokenWeights

RENAMED = (
    ("model.", ""),
    ("layers.", "blocks."),
    ("encoder_attn_layer_norm", "cross_attn_ln"),
    ("encoder_attn", "cross_attn"),
    ("self_attn_layer_norm", "attn_ln"),
    ("self_attn", "attn"),
    ("q_proj", "query"),
    ("k_proj", "key"),
    ("v_proj", "value"),
    ("out_proj", "out"),
    ("fc1", "mlp.0"),
    ("fc2", "mlp.2"),
    ("final_layer_norm", "mlp_ln"),
    ("encoder.layer_norm", "encoder.ln_post"),
    ("decoder.layer_norm", "decoder.ln"),
    ("embed_positions.weight", "positional_embedding"),
    ("embed_tokens", "token_embedding"),
)


def from_hugging_face(folder: Path) -> Whisper:
    """Load the folder without the network. BrokenWeights if it holds no Whisper."""
    from transformers import WhisperForConditionalGeneration

    try:
        theirs = WhisperForConditionalGeneration.from_pretrained(folder, local_files_only=True)
        model = Whisper(dimensions(theirs.config))
        state = {renamed(name): weight for name, weight in theirs.state_dict().items() if name != "proj_out.weight"}
        model.load_state_dict(state)
    except Exception as fault:  # whatever is wrong with a stranger's folder, its name and the cure is what helps
        raise BrokenWeights(f"{folder} is no Hugging Face Whisper folder: {fault}") from fault
    return model.float().eval()


def dimensions(config: Any) -> ModelDimensions:
    """Their configuration in Whisper's terms."""
    return ModelDimensions(
        n_mels=config.num_mel_bins,
        n_audio_ctx=config.max_source_positions,
        n_audio_state=config.d_model,
        n_audio_head=config.encoder_attention_heads,
        n_audio_layer=config.encoder_layers,
        n_vocab=config.vocab_size,
        n_text_ctx=config.max_target_positions,
        n_text_state=config.d_model,
        n_text_head=config.decoder_attention_heads,
        n_text_layer=config.decoder_layers,
    )


def renamed(name: str) -> str:
    """One weight's name."""
    for theirs, ours in RENAMED:
        name = name.replace(theirs, ours)
    return name
