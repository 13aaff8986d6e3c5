"""Pictures of any format, mode and size are read as RGB or refused in one sentence."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from artwork.errors import PictureError
from artwork.pictures import open_picture
from resources.bounds import LARGEST_PICTURE


def corner(picture: Image.Image) -> tuple[int, ...]:
    return tuple(int(value) for value in np.asarray(picture)[0, 0])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I;16", "F"])
def test_every_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("a.png" if mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else "a.tif")
    source = Image.new("L", (40, 30), 120)
    picture = source.convert("RGB").convert(mode) if mode in ("HSV", "CMYK", "YCbCr") else source.convert(mode)
    if mode == "HSV":
        path = tmp_path / "a.png"
        picture = picture.convert("RGB")
    if mode == "PA":
        picture = source.convert("LA")
    picture.save(path)
    opened = open_picture(path)
    assert (opened.mode, opened.size) == ("RGB", (40, 30))


def test_sixteen_bits_keep_their_greys(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(8, axis=0)
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    grey = np.asarray(open_picture(tmp_path / "deep.png"))[0, :, 0]
    assert np.abs(grey.astype(int) - np.arange(256)).max() <= 1


@pytest.mark.parametrize(
    ("values", "greys"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([-40.0, 10.0, 60.0], [0, 128, 255]),
        ([0.0, np.nan, 1.0], [0, 0, 255]),
        ([-3e38, 0.0, 3e38], [0, 127, 255]),
        ([7.0, 7.0, 7.0], [0, 0, 0]),
    ],
)
def test_greys_of_any_range_are_brought_to_that_of_a_screen(
    tmp_path: Path, values: list[float], greys: list[int]
) -> None:
    Image.fromarray(np.array([values], dtype=np.float32)).save(tmp_path / "measured.tif")
    assert np.asarray(open_picture(tmp_path / "measured.tif"))[0, :, 0].tolist() == greys


def test_upright_whatever_the_camera_says(tmp_path: Path) -> None:
    picture = Image.new("RGB", (40, 20), "red")
    picture.paste("blue", (0, 0, 10, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "turned.jpg", exif=exif, quality=95)
    opened = open_picture(tmp_path / "turned.jpg")
    assert opened.size == (20, 40)
    assert corner(opened)[2] > 200


def test_what_is_transparent_takes_the_mean_of_what_is_not(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (20, 20), (255, 255, 255, 0))
    picture.paste((10, 200, 30, 255), (10, 0, 20, 20))
    picture.save(tmp_path / "half.png")
    assert corner(open_picture(tmp_path / "half.png")) == (10, 200, 30)
    Image.new("RGBA", (9, 9), (255, 255, 255, 0)).save(tmp_path / "none.png")
    assert corner(open_picture(tmp_path / "none.png")) == (0, 0, 0)


def test_animations_give_their_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    assert corner(open_picture(tmp_path / "moving.gif")) == (255, 0, 0)


@pytest.mark.parametrize("name", ["big.jpg", "big.png", "big.webp"])
def test_large_pictures_are_shrunk_as_they_are_read(tmp_path: Path, name: str) -> None:
    Image.new("RGB", (3000, 1500), "green").save(tmp_path / name)
    assert open_picture(tmp_path / name, 500).size == (500, 250)
    assert open_picture(tmp_path / name).size == (3000, 1500)


def test_fifty_megapixels_are_no_trouble(tmp_path: Path) -> None:
    Image.new("RGB", (8200, 6100), "green").save(tmp_path / "huge.jpg")
    assert open_picture(tmp_path / "huge.jpg", 1000).size == (1000, 744)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("side", [60_000, 12_500])
def test_bombs_are_refused_without_unpacking_them(tmp_path: Path, side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100_000)))
    (tmp_path / "bomb.png").write_bytes(png + chunk(b"IEND", b""))
    with pytest.raises(PictureError, match="far too large"):
        open_picture(tmp_path / "bomb.png")


FORMATS = {"PNG": "L", "TIFF": "1", "GIF": "L", "BMP": "L", "JPEG2000": "L", "WEBP": "RGB", "JPEG": "L"}


@pytest.mark.parametrize("kind", FORMATS)
def test_no_format_is_decoded_beyond_the_bound(tmp_path: Path, kind: str) -> None:
    side = 8_100
    assert side * side > LARGEST_PICTURE
    options = {"TIFF": {"compression": "tiff_lzw"}, "JPEG": {"progressive": True}}.get(kind, {})
    Image.new(FORMATS[kind], (side, side)).save(tmp_path / "large", kind, **options)
    asked = (
        "import resource, sys; from pathlib import Path; from artwork.pictures import open_picture\n"
        "from artwork.errors import PictureError\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: open_picture(Path(sys.argv[1]), 88)\n"
        "except PictureError as error: print(error)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    told = subprocess.run([sys.executable, "-c", asked, tmp_path / "large"], capture_output=True, text=True, check=True)
    said, kilobytes = told.stdout.splitlines()
    assert "far too large" in said
    assert int(kilobytes) < 100_000


def test_photographs_of_108_megapixels_are_read_small(tmp_path: Path) -> None:
    Image.new("L", (12_000, 9_000)).save(tmp_path / "photo.jpg")
    assert open_picture(tmp_path / "photo.jpg", 500).size == (500, 375)
    with pytest.raises(PictureError, match="far too large"):
        open_picture(tmp_path / "photo.jpg")


def test_a_pipe_that_is_called_a_picture_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="not a file"):
        open_picture(tmp_path / "pipe.png")


def test_a_large_picture_from_elsewhere_is_refused(shared: Path) -> None:
    with pytest.raises(PictureError, match="far too large"):
        open_picture(shared / "cases" / "21-large-webp" / "black.webp", 88)


def test_text_missing_and_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("not a picture")
    with pytest.raises(PictureError, match="not a picture"):
        open_picture(tmp_path / "text.jpg")
    with pytest.raises(PictureError, match=r"^“none\.jpg” is not there\. Check the name, or choose another one\.$"):
        open_picture(tmp_path / "none.jpg")
    with pytest.raises(PictureError, match="cannot be read"):
        open_picture(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data(), st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"]))
def test_damaged_files_open_or_are_refused_in_one_sentence(tmp_path: Path, data: st.DataObject, kind: str) -> None:
    path = tmp_path / "damaged"
    Image.linear_gradient("L").resize((24, 24)).convert("RGB").save(path, kind)
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
    opened, refusal = None, "."
    try:
        opened = open_picture(path, 64)
    except PictureError as error:
        refusal = str(error)
    assert "\n" not in refusal
    assert refusal.endswith(".")
    assert opened is None or (opened.mode == "RGB" and max(opened.size) <= 64)


def test_real_pictures_open(shared: Path) -> None:
    sizes = {path.name: open_picture(path, 600).size for path in (shared / "pictures").glob("*.[jp][pn]g")}
    assert len(sizes) == 8
    assert all(max(size) <= 600 for size in sizes.values())


def with_scans(path: Path, often: int) -> bytes:
    """A progressive picture whose last scan comes so many times more."""
    Image.effect_noise((64, 48), 90).save(path, "JPEG", progressive=True, exif=b"Exif\0\0" + b"\xff\xda\0\x08" * 200)
    whole = path.read_bytes()
    last = whole[whole.rindex(b"\xff\xda") : -2]
    path.write_bytes(whole[:-2] + often * last + whole[-2:])
    return whole


def test_a_picture_is_not_drawn_over_itself_without_end(tmp_path: Path) -> None:
    path = tmp_path / "scans.jpg"
    with_scans(path, 20)  # what is inside a segment is no scan
    assert open_picture(path).size == (64, 48)
    for often in (100, 10_000):
        with_scans(path, often)
        for side in (None, 32):
            with pytest.raises(PictureError, match="drawn over itself"):
                open_picture(path, side)
