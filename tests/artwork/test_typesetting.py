"""Words on a picture: where they stand, how large, in which face and with what contrast."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFont

from artwork.faces import HEAVY, LIGHT, Faces, letters_of
from artwork.type_cover import type_cover
from artwork.typesetting import LEAST_CONTRAST, Placed, Words, colours_of, contrast, luminance, set_words

WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (200, 30, 30)
NONE = Faces([])
share = st.floats(0, 1)


def box_of_change(one: Image.Image, other: Image.Image) -> tuple[float, ...]:
    """In sides of the picture."""
    box = ImageChops.difference(one, other).getbbox()
    assert box is not None
    return tuple(edge / one.width for edge in box)


def set_one(words: Words, ground: tuple[int, int, int] = BLACK, side: int = 300) -> tuple[Image.Image, Placed]:
    made, placed = set_words(Image.new("RGB", (side, side), ground), [words], NONE)
    return made, placed[0]


@given(st.text(min_size=1, max_size=60), share, share, st.floats(0.01, 0.5))
def test_words_stay_on_the_picture_and_where_they_say(text: str, x: float, y: float, size: float) -> None:
    picture = Image.new("RGB", (160, 160))
    made, placed = set_words(picture, [Words(text, x, y, size, WHITE)], NONE)
    assert picture.getbbox() is None
    assert made.size == picture.size
    assert bool(placed) == bool("".join(filter(str.isprintable, text)).strip())
    for at in placed:
        assert at.top <= at.bottom <= 1.01
        assert min(at.top, at.left) >= -0.01


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (1.0, 0.0), (0.5, 0.5), (0.0, 1.0), (1.0, 1.0)])
def test_places_reach_from_margin_to_margin(x: float, y: float) -> None:
    made, placed = set_one(Words("HOH", x, y, 0.1, WHITE))
    left, top, right, bottom = box_of_change(made, Image.new("RGB", made.size))
    assert placed.left - 0.01 <= left <= right <= placed.right + 0.01
    assert placed.top - 0.02 <= top <= bottom <= placed.bottom + 0.02
    if x == 0:
        assert left == pytest.approx(0.06, abs=0.02)
    if x == 1:
        assert right == pytest.approx(0.94, abs=0.02)
    if x == 0.5:
        assert (left + right) / 2 == pytest.approx(0.5, abs=0.02)


def test_the_room_says_how_far_words_go() -> None:
    first, second = (set_one(Words("HOH", x, 0.5, 0.1, WHITE))[1] for x in (0.2, 0.6))
    assert second.left - first.left == pytest.approx(0.4 * first.room[0], abs=1e-6)
    assert second.top == first.top


def test_the_same_at_every_size() -> None:
    words = Words("Coditany of Timeness", 0.3, 0.8, 0.12, WHITE, capitals=True)
    small, large = (set_one(words, side=side)[0] for side in (200, 800))
    rest = np.asarray(large.resize((200, 200), Image.Resampling.BOX), float) - np.asarray(small, float)
    assert np.abs(rest).mean() < 6


def test_long_names_are_broken_then_shrunk() -> None:
    long = "A very long name of an album that no one could ever set in one line"
    _, placed = set_one(Words(long, 0, 0, 0.1, WHITE))
    assert placed.bottom - placed.top > 0.2
    _, single = set_one(Words("x" * 80, 0, 0, 0.2, WHITE))
    assert single.right - single.left <= 0.9
    assert set_words(Image.new("RGB", (50, 50)), [Words(" \n", 0, 0, 0.1, WHITE)], NONE)[1] == ()


def test_capitals_and_colour() -> None:
    plain, capitals = (set_one(Words("ooo", 0, 0, 0.3, RED, capitals=on))[0] for on in (False, True))
    assert plain.tobytes() != capitals.tobytes()
    assert capitals.getpixel((0, 0)) == BLACK
    colours = capitals.getcolors(100_000) or []
    assert max((many, pixel) for many, pixel in colours if pixel != BLACK)[1] == RED


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == pytest.approx(1)
    assert contrast((118, 118, 118), WHITE) == pytest.approx(4.54, abs=0.01)
    assert luminance(np.array([[255, 0, 0]]))[0] == pytest.approx(0.2126)


def test_the_contrast_is_found_where_the_words_are() -> None:
    halves = Image.new("RGB", (300, 300), WHITE)
    halves.paste(BLACK, (0, 150, 300, 300))
    words = [Words("HOH", 0, y, 0.1, WHITE) for y in (0.0, 1.0)]
    _, (above, below) = set_words(halves, words, NONE)
    assert above.contrast < 1.2 < LEAST_CONTRAST
    assert below.contrast > 20
    _, ground = set_one(Words("HOH", 0, 0, 0.1, (118, 118, 118)), WHITE)
    assert ground.contrast == pytest.approx(4.54, abs=0.1)


def test_words_over_a_patch_that_hides_a_part_are_hard_to_read() -> None:
    patchy = Image.new("RGB", (400, 400), BLACK)
    patchy.paste(WHITE, (0, 0, 400, 60))
    _, (placed,) = set_words(patchy, [Words("HHHHHH", 0, 0, 0.2, WHITE)], NONE)
    assert placed.contrast < LEAST_CONTRAST


def test_colours_of_a_picture_are_its_own() -> None:
    picture = Image.new("RGB", (90, 90), (20, 30, 120))
    picture.paste((240, 80, 40), (0, 0, 30, 30))
    assert set(colours_of(picture)) == {(20, 30, 120), (240, 80, 40)}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder of faces: Pillow's own as an installed one, and a file that is none."""
    default = ImageFont.load_default(20)
    assert isinstance(default, ImageFont.FreeTypeFont)
    folder = tmp_path / "fonts" / "deep"
    folder.mkdir(parents=True)
    (folder / "Mine-Regular.ttf").write_bytes(default.path.getvalue())  # type: ignore[union-attr]
    (folder / "broken.otf").write_text("no face")
    return tmp_path / "fonts"


def test_faces_are_found_by_file_and_by_name(installed: Path) -> None:
    faces = Faces([installed, installed / "not there"])
    assert faces.names == ["Aileron Regular"]
    for found in (faces.find(["mine-regular"], "Aa", 31), faces.find([], "Aa", 31, chosen="Aileron Regular")):
        assert isinstance(found, ImageFont.FreeTypeFont)
        assert (found.size, found.getname()[0]) == (31, "Aileron")
        assert str(found.path).endswith("Mine-Regular.ttf")


def test_faces_in_files_of_one_name_are_told_apart(installed: Path) -> None:
    """As of two families that are both installed as Regular.ttf, each in a folder of its own."""
    face = (installed / "deep" / "Mine-Regular.ttf").read_bytes()
    for folder, name in (("one", b"Bileron"), ("two", b"Cileron")):
        (installed / folder).mkdir()
        named = face.replace(b"Aileron", name).replace("Aileron".encode("utf-16-be"), name.decode().encode("utf-16-be"))
        (installed / folder / "Regular.ttf").write_bytes(named)
    assert Faces([installed]).names == ["Aileron Regular", "Bileron Regular", "Cileron Regular"]


def test_without_a_face_pillows_own_is_used(installed: Path) -> None:
    for faces in (Faces([]), Faces([installed])):
        for found in (faces.find(["broken", "none"], "Aa", 20), faces.find([], "Aa", 20, chosen="Not Installed Bold")):
            assert found.getbbox("Aa")
    unknown = Faces([installed]).find(["Mine-Regular"], "夜", 20)
    assert not str(getattr(unknown, "path", "")).endswith("Mine-Regular.ttf")


def test_the_folders_are_walked_once(installed: Path) -> None:
    faces = Faces([installed])
    assert faces.find(["mine-regular"], "Aa", 20)
    (installed / "deep" / "Mine-Regular.ttf").rename(installed / "Late-Regular.ttf")
    assert faces.names == []
    assert Faces([installed]).names == ["Aileron Regular"]


def test_type_covers_take_the_faces_that_they_are_given(installed: Path) -> None:
    assert type_cover("Hollow", "Band", 120, 0, Faces([installed])).size == (120, 120)


def test_without_any_font_installed_words_are_set_in_the_type_that_comes_with_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("artwork.faces._system_folders", lambda: (tmp_path,))
    face = Faces().find(HEAVY, "Größe", 20)
    assert isinstance(face, ImageFont.FreeTypeFont)
    assert face.getname() == ("Inter", "Bold")


def test_any_installed_face_that_has_the_letters_is_found(tmp_path: Path) -> None:
    ours = Path(str(files("resources").joinpath("fonts")))
    for place, name in enumerate(["Aaa-Regular", "Zzz-Bold"]):
        source = "Inter-Bold" if place else ""
        data = (ours / f"{source}.otf").read_bytes() if source else _default()
        (tmp_path / f"{name}.ttf").write_bytes(data)
    faces = Faces([tmp_path])
    letters = "Ж"  # Pillow's own has no Cyrillic
    assert Faces([]).missing(HEAVY, letters) == letters
    assert str(faces.find(LIGHT, letters, 20).path).endswith("Zzz-Bold.ttf")  # type: ignore[union-attr]
    assert faces.missing(LIGHT, letters) == ""


def test_where_no_face_has_all_letters_the_one_with_most_is_taken_and_the_rest_told() -> None:
    faces = Faces([Path(str(files("resources").joinpath("fonts")))])  # a system may have a face for cuneiform
    assert faces.missing(HEAVY, "Ordinal Жж") == ""
    private = "\U0010fff0"
    assert letters_of(private) == frozenset()
    _, (placed,) = set_words(
        Image.new("RGB", (200, 200)), [Words("Жest \U00012000", 0.5, 0.5, 0.1, (255, 255, 255))], faces
    )
    assert placed.missing == "\U00012000"
    nothing = Faces([])
    _, (placed,) = set_words(Image.new("RGB", (200, 200)), [Words("Ж夜a", 0.5, 0.5, 0.1, (255, 255, 255))], nothing)
    assert placed.missing == "Ж夜"


def _default() -> bytes:
    default = ImageFont.load_default(20)
    assert isinstance(default, ImageFont.FreeTypeFont)
    data: bytes = default.path.getvalue()  # type: ignore[union-attr]
    return data
