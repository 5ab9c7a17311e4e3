"""Every way to name speech weights, with tiny checkpoints made here."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch
import whisper
from transformers import WhisperConfig, WhisperForConditionalGeneration
from whisper.model import ModelDimensions, Whisper

from voice import decoding, models
from voice.errors import BrokenWeights
from voice.models import Weights, chosen, expanded, load, load_builtin, load_file

TINY = ModelDimensions(80, 1500, 16, 2, 1, 51865, 448, 16, 2, 1)
QUIET = np.zeros(16_000, np.float32)


@pytest.fixture(autouse=True)
def forgotten() -> None:
    load.cache_clear()


def tiny_file(folder: Path) -> Path:
    torch.manual_seed(0)
    path = folder / "tiny-telugu.pt"
    torch.save({"dims": vars(TINY), "model_state_dict": Whisper(TINY).state_dict()}, path)
    return path


def tiny_folder(folder: Path) -> tuple[Path, WhisperForConditionalGeneration]:
    torch.manual_seed(1)
    config = WhisperConfig(
        vocab_size=51865,
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
    )
    model = WhisperForConditionalGeneration(config).eval()
    model.save_pretrained(folder / "whisper-telugu")
    return folder / "whisper-telugu", model


def works(weights: Weights) -> bool:
    features = decoding.encode(weights, QUIET)
    shares, silence = decoding.languages(weights, features)
    return features.shape[0] == 1 and sum(shares.values()) == pytest.approx(1) and 0 <= silence <= 1


def test_a_pt_file_of_openai_whisper_is_loaded_once(tmp_path: Path) -> None:
    path = tiny_file(tmp_path)
    weights = load(str(path))
    assert weights.name == "tiny-telugu"
    assert works(weights)
    assert load(str(path)) is weights


def test_a_hugging_face_folder_hears_the_same_as_in_transformers(tmp_path: Path) -> None:
    folder, theirs = tiny_folder(tmp_path)
    weights = load(str(folder))
    assert works(weights)
    mel = torch.randn(1, 80, 3000, generator=torch.Generator().manual_seed(2))
    ids = torch.tensor([[50258, 50299, 50359, 50363, 220]])
    with torch.no_grad():
        ours, wanted = weights.model(mel, ids), theirs(input_features=mel, decoder_input_ids=ids).logits
    assert torch.allclose(ours, wanted, atol=1e-4)


def test_what_is_no_checkpoint_is_named(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.pt"
    rubbish.write_bytes(b"not a checkpoint")
    (tmp_path / "empty").mkdir()
    for choice in (str(rubbish), str(tmp_path / "empty")):
        with pytest.raises(BrokenWeights, match=Path(choice).name):
            load(choice)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(BrokenWeights, match="large-v3"):
        load("gigantic")


def test_a_pickle_that_runs_code_is_not_run(tmp_path: Path) -> None:
    class Attack:
        def __reduce__(self) -> tuple:
            return (Path.touch, (tmp_path / "owned",))

    path = tmp_path / "attack.pt"
    torch.save({"dims": Attack()}, path)
    with pytest.raises(BrokenWeights):
        load_file(path)
    assert not (tmp_path / "owned").exists()


def test_without_a_network_a_size_gives_builtin_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(whisper, "load_model", unreachable)
    assert load("small").name == "builtin"
    assert "small could not be downloaded" in caplog.text


def test_the_builtin_file_is_small_and_its_checksum_is_checked(tmp_path: Path) -> None:
    content = models.BUILTIN.read_bytes()
    assert len(content) <= 25 * 2**20
    damaged = tmp_path / "builtin.pt"
    damaged.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    damaged.with_suffix(".sha256").write_text(hashlib.sha256(content).hexdigest())
    with pytest.raises(BrokenWeights, match="checksum"):
        load_builtin(damaged)


def test_the_builtin_file_becomes_one_that_openai_whisper_loads(tmp_path: Path) -> None:
    ours = load("builtin")
    torch.save(expanded(torch.load(models.BUILTIN, weights_only=True)), tmp_path / "whole.pt")
    stock = whisper.load_model(str(tmp_path / "whole.pt"), device="cpu")
    mel = torch.randn(1, 80, 3000, generator=torch.Generator().manual_seed(3))
    ids = torch.tensor([[50258, 50299, 50359, 50363, 220]])
    with torch.no_grad():
        assert torch.allclose(ours.model(mel, ids), stock(mel, ids), atol=1e-3)


def test_builtin_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MITRA_WHISPER", raising=False)
    assert chosen() == "builtin"
    monkeypatch.setenv("MITRA_WHISPER", "small")
    assert chosen() == "small"
