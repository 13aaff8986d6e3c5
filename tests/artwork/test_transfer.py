"""The transfer of style, on a network with the layout of the real one and made-up weights."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from artwork.aim import CONTENT, STYLE, Aim, Weights, style_loss, tiles
from artwork.cover_settings import CoverSettings
from artwork.rendering import Rendering
from artwork.transfer import levels, shrunken, steps_at, transfer
from artwork.vgg import Features, gram
from artwork.vgg_layout import WIDTHS, convolutions, shapes
from tests.artwork import network
from tests.artwork.making import made_cover


@pytest.fixture(scope="module")
def features() -> Features:
    return network.features()


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Pictures this small are slower with more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def picture(height: int, width: int, seed: int = 0) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


def plain_gram(responses: Tensor) -> list[list[float]]:
    """Gatys et al. 2015, equation 3, as it is written there, over the number of places."""
    channels = responses[0].flatten(1).double().tolist()
    places = len(channels[0])
    return [[sum(a * b for a, b in zip(one, other, strict=True)) / places for other in channels] for one in channels]


def test_the_layout_is_that_of_the_paper() -> None:
    names = [conv.name for conv in convolutions()]
    assert len(names) == 16
    assert {CONTENT, *STYLE} <= set(names)
    assert [conv.key for conv in convolutions() if conv.name in (CONTENT, *STYLE)] == [
        "features.0", "features.5", "features.10", "features.19", "features.21", "features.28",
    ]  # fmt: skip
    assert shapes(WIDTHS)["features.34.weight"] == (512, 512, 3, 3)


def test_the_responses_are_those_of_the_layers_one_after_another(features: Features) -> None:
    weights = network.made_up()
    x = (picture(32, 48) - torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)) / torch.tensor(
        [0.229, 0.224, 0.225]
    ).view(1, 3, 1, 1)
    layers = []
    for conv in convolutions(network.WIDTHS):
        if conv.name in ("conv2_1", "conv3_1"):
            layers.append(torch.nn.AvgPool2d(2, 2))
        layer = torch.nn.Conv2d(conv.inputs, conv.outputs, 3, padding=1)
        layer.load_state_dict({"weight": weights[f"{conv.key}.weight"], "bias": weights[f"{conv.key}.bias"]})
        layers += [layer, torch.nn.ReLU()]
        if conv.name == "conv3_1":
            break
    with torch.no_grad():
        expected = torch.nn.Sequential(*layers)(x)
        found = features(picture(32, 48), ("conv1_1", "conv3_1"))
    assert set(found) == {"conv1_1", "conv3_1"}
    torch.testing.assert_close(found["conv3_1"], expected)


def test_gram_matrices_and_their_loss_are_those_of_a_plain_reference(features: Features) -> None:
    seen, wanted = (features(picture(48, 32, seed), STYLE) for seed in (1, 2))
    for name in STYLE:
        np.testing.assert_allclose(gram(seen[name]).numpy(), plain_gram(seen[name]), rtol=1e-4, atol=1e-6)
    total = 0.0
    for name in STYLE:
        one, other = plain_gram(seen[name]), plain_gram(wanted[name])
        pairs = [
            (a, b) for row, wanted_row in zip(one, other, strict=True) for a, b in zip(row, wanted_row, strict=True)
        ]
        total += sum((a - b) ** 2 for a, b in pairs) / sum(b**2 for _, b in pairs) / len(STYLE)
    ours = style_loss({n: gram(r) for n, r in seen.items()}, {n: gram(r) for n, r in wanted.items()})
    assert float(ours) == pytest.approx(total, rel=1e-4)


def test_the_whole_loss_is_content_style_and_variation(features: Features) -> None:
    content, style, seen = picture(64, 64, 1), picture(48, 80, 2), picture(64, 64, 3)
    weights = Weights(content=0.3, style=0.9, variation=0.2)
    loss, _ = Aim(features, content, style, weights, 64).judge(seen)
    with torch.no_grad():
        here, there = (features(x, (CONTENT,))[CONTENT] for x in (seen, content))
        grams = [{n: gram(r) for n, r in features(x, STYLE).items()} for x in (seen, style)]
        differences = [(seen[..., 1:] - seen[..., :-1]).square(), (seen[..., 1:, :] - seen[..., :-1, :]).square()]
        expected = 0.3 * (here - there).square().sum() / there.square().sum() + 0.9 * style_loss(*grams)
        expected += 0.2 * sum(difference.mean() for difference in differences)
    assert loss == pytest.approx(float(expected), rel=1e-4)
    assert Aim(features, content, content, Weights(1.0, 1.0, 0.0), 64).judge(content)[0] == pytest.approx(0, abs=1e-9)


def test_the_gradient_is_finite_and_points_the_right_way(features: Features) -> None:
    aim = Aim(features, picture(64, 64, 1), picture(64, 64, 2), Weights(0.3), 64)
    here = picture(64, 64, 3)
    loss, gradient = aim.judge(here)
    assert torch.isfinite(gradient).all()
    assert gradient.shape == here.shape
    small = 1e-3 * gradient / gradient.norm()
    up, down = aim.judge(here + small)[0], aim.judge(here - small)[0]
    assert (up - down) / 2e-3 == pytest.approx(float(gradient.norm()), rel=0.02)
    assert down < loss < up


@given(st.integers(16, 700), st.integers(16, 700), st.sampled_from([16, 64, 128, 256]))
def test_tiles_cover_every_pixel_once(height: int, width: int, side: int) -> None:
    counted = np.zeros((height, width), dtype=int)
    for tile in tiles(height, width, side):
        counted[tile.top : tile.bottom, tile.left : tile.right] += 1
        assert tile.top % 16 == tile.left % 16 == 0
        assert min(tile.bottom - tile.top, tile.right - tile.left) >= 16
    assert (counted == 1).all()


@pytest.mark.parametrize("tile", [64, 112])
def test_tiles_give_the_loss_and_the_gradient_of_the_whole(features: Features, tile: int) -> None:
    content, style, seen = picture(200, 243, 1), picture(90, 80, 2), picture(200, 243, 3)
    whole, by_tiles = (Aim(features, content, style, Weights(0.3), side).judge(seen) for side in (256, tile))
    assert by_tiles[0] == pytest.approx(whole[0], rel=1e-4)
    torch.testing.assert_close(by_tiles[1], whole[1], rtol=1e-3, atol=1e-4 * float(whole[1].abs().max()))


def test_the_loss_falls_and_the_seed_decides(features: Features, cover: Image.Image, photograph: Image.Image) -> None:
    def made(seed: int, strength: float = 0.7) -> Image.Image:
        settings = CoverSettings(pieces=3.0, strength=strength)
        return transfer(features, cover, photograph, settings, seed, Rendering(96, steps=0.08))

    def tensor(image: Image.Image) -> Tensor:
        return torch.from_numpy(np.array(image.resize((96, 96)), dtype=np.float32) / 255).permute(2, 0, 1)[None]

    first, again, other = made(1), made(1), made(2)
    assert first.size == (96, 96)
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()
    style = shrunken(photograph, 96 / 3)
    pixels = torch.from_numpy(np.array(style, dtype=np.float32) / 255).permute(2, 0, 1)[None]
    aim = Aim(features, tensor(cover), pixels, Weights(10**-1.4), 96)
    assert aim.judge(tensor(first))[0] < 0.5 * aim.judge(tensor(cover))[0]


def test_strength_goes_from_the_content_to_the_style(
    features: Features, cover: Image.Image, photograph: Image.Image
) -> None:
    def far(strength: float) -> float:
        settings = CoverSettings(pieces=3, strength=strength)
        made = transfer(features, cover, photograph, settings, 1, Rendering(96, steps=0.08))
        return float(np.abs(np.asarray(made, float) - np.asarray(cover.resize((96, 96)), float)).mean())

    assert far(0.0) < far(1.0)


def test_levels_of_a_larger_cover_begin_with_those_of_a_smaller() -> None:
    assert levels(80) == [80]
    assert levels(1000) == [250, 500, 1000]
    assert levels(3000) == [250, 500, 1000, 2000, 3000]
    assert levels(1200) == [250, 500, 1200]
    counts = [steps_at(side) for side in levels(3000)]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] >= 4


def test_a_style_is_shrunken_and_mirrored_on(photograph: Image.Image) -> None:
    small = shrunken(photograph, 40)
    assert min(small.size) >= 200
    factor = 40 / (photograph.width * photograph.height) ** 0.5
    once = photograph.resize((round(photograph.width * factor), round(photograph.height * factor)), 1)
    piece = np.asarray(small)[: once.height, : once.width]
    assert np.abs(piece.astype(int) - np.asarray(once)).mean() < 3
    mirrored = np.asarray(small)[: once.height, once.width : 2 * once.width]
    np.testing.assert_array_equal(mirrored, piece[:, ::-1])


def test_cancel_stops_between_two_layers_there_and_back(features: Features, cover: Image.Image) -> None:
    for stop_at in (3, 40, 60, 75, 100):
        polls = 0

        def cancelled(stop_at: int = stop_at) -> bool:
            nonlocal polls
            polls += 1
            return polls >= stop_at

        settings = CoverSettings(pieces=2, strength=0.5)
        with pytest.raises(CancelledError):
            transfer(features, cover, cover, settings, 0, Rendering(64, cancelled=cancelled))
        assert polls == stop_at


def test_cancelling_from_another_thread_stops_it(features: Features, cover: Image.Image) -> None:
    stop, begun = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(
            made_cover, cover, size=400, network=features, cancelled=stop.is_set, preview=lambda _: begun.set()
        )
        assert begun.wait(30)
        stop.set()
        with pytest.raises(CancelledError):
            made.result(timeout=30)


def test_covers_by_the_network_of_itself_and_of_photographs(
    features: Features, cover: Image.Image, photograph: Image.Image
) -> None:
    told: list[float] = []
    shown: list[tuple[int, int]] = []
    itself = made_cover(
        cover, size=64, pieces=2, network=features,
        report=lambda done, _: told.append(done), preview=lambda picture: shown.append(picture.size),
    )  # fmt: skip
    assert itself.size == (64, 64)
    assert told == sorted(told)
    assert told[-1] == 1
    assert set(shown) == {(64, 64)}
    both = made_cover(cover, [photograph, photograph], method="photos", size=64, pieces=2, network=features, weight=0.4)
    assert both.size == (64, 64)
    assert both.tobytes() != itself.tobytes()
