from __future__ import annotations

import json
import os
import struct
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from samplernn.checkpoint import Card, load_checkpoint, load_state, read_card, save_checkpoint, save_state
from samplernn.errors import SoundError
from samplernn.inspect import describe


@pytest.fixture
def card(small):
    return Card(
        run="run-1", preset="sketch", model=small.configs["as in sketch"], rate=8000, epoch=2, step=40,
        train_bits=5.5, held_out_bits=None, seconds=1.5,
    )  # fmt: skip


@pytest.fixture
def saved(card, small, tmp_path):
    path = tmp_path / "checkpoints" / "epoch-0002.safetensors"
    save_checkpoint(path, small.model_of(card.model).state_dict(), card)
    return path


def _edit(path, **changes):
    path = path.with_suffix(".json")
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_model_comes_back_as_it_was(saved, card, small):
    model, read = load_checkpoint(saved)
    right = small.model_of(card.model).state_dict()
    assert read == card
    assert not model.training
    assert model.state_dict().keys() == right.keys()
    assert all(torch.equal(value, right[name]) for name, value in model.state_dict().items())


def test_every_kind_of_model_comes_back(config, card, small, tmp_path):
    path = tmp_path / "epoch-0001.safetensors"
    save_checkpoint(path, small.model_of(config).state_dict(), replace(card, model=config))
    assert load_checkpoint(path)[1].model == config


def test_checkpoints_from_before_there_were_gru_cells_open(saved, card):
    path = saved.with_suffix(".json")
    raw = json.loads(path.read_text())
    del raw["model"]["cell"]
    path.write_text(json.dumps(raw))
    assert load_checkpoint(saved)[1] == card


@pytest.mark.parametrize(
    "changes",
    [{"format": 99}, {"format": None}, {"epoch": "two"}, {"rate": -1}, {"train_bits": None}, {"run": 5},
     {"model": {"width": 10**9}}, {"model": []}, {"more": 1}, {"seconds": float("nan")}],
)  # fmt: skip
def test_false_cards_are_refused(saved, changes):
    _edit(saved, **changes)
    with pytest.raises(SoundError):
        load_checkpoint(saved)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "\x00\xff", "[" * 100_000])
def test_cards_that_are_no_cards_are_refused(saved, text):
    saved.with_suffix(".json").write_text(text)
    with pytest.raises(SoundError):
        read_card(saved)


def test_weights_of_another_model_are_refused(saved, card, small, tmp_path):
    config = replace(card.model, width=16)
    save_checkpoint(saved, small.model_of(config).state_dict(), card)
    with pytest.raises(SoundError):
        load_checkpoint(saved)
    save_checkpoint(saved, small.model_of(card.model).state_dict(), replace(card, model=config))
    with pytest.raises(SoundError):
        load_checkpoint(saved)


def test_a_card_that_promises_a_giant_costs_no_memory(saved, card):
    raw = json.loads(saved.with_suffix(".json").read_text())
    _edit(saved, model=raw["model"] | {"width": 8192, "layers": 64})
    with pytest.raises(SoundError, match="too small"):
        load_checkpoint(saved)
    saved.unlink()
    with pytest.raises(SoundError, match="not there"):
        load_checkpoint(saved)


def test_damaged_weights_are_refused(saved):
    whole = saved.read_bytes()
    giant = struct.pack("<Q", 2**60)
    padding = bytes(len(whole))
    for broken in (whole[:-100] + padding[:50], whole[:100] + padding, giant + padding, b"\x80\x04" + padding, b""):
        saved.write_bytes(broken)
        with pytest.raises(SoundError):
            load_checkpoint(saved)


def test_weights_of_another_type_are_refused(saved, small, card):
    weights = {name: value.double() for name, value in small.model_of(card.model).state_dict().items()}
    save_file(weights, saved)
    with pytest.raises(SoundError):
        load_checkpoint(saved)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(saved, small, card, value):
    weights = small.model_of(card.model).state_dict()
    weights["sample.third.bias"][3] = value
    save_checkpoint(saved, weights, card)
    with pytest.raises(SoundError, match="no numbers"):
        load_checkpoint(saved)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_pipes_are_refused_and_not_waited_for(saved, suffix):
    path = saved.with_suffix(suffix)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(SoundError):
        load_checkpoint(saved)
    if suffix == ".safetensors":
        with pytest.raises(SoundError):
            describe(saved)


def test_what_is_missing_is_said(tmp_path, saved):
    with pytest.raises(SoundError, match="not there"):
        load_checkpoint(tmp_path / "epoch-0009.safetensors")
    saved.unlink()
    with pytest.raises(SoundError, match="not there"):
        load_checkpoint(saved)


def test_states_come_back_as_they_were(tmp_path):
    path = tmp_path / "resume.safetensors"
    save_state(path, {"a": torch.arange(3), "b": torch.tensor(0.5)}, {"step": 3, "words": ["x", "é"]})
    tensors, facts = load_state(path)
    assert facts == {"step": 3, "words": ["x", "é"]}
    assert tensors["a"].tolist() == [0, 1, 2]
    assert tensors["b"].item() == 0.5
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(SoundError, match="Start a new run"):
        load_state(path)
