"""Images: what comes out is the picture and nothing else, whatever came in."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backend.core.errors import Invalid, TooLarge
from backend.support.attachments import content, images
from backend.support.attachments.content import LARGEST_IMAGE, MEGABYTE
from backend.support.attachments.models import AttachmentKind
from tests.backend.support.attachments import samples
from tests.random_cases import cases


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def colour_at(image: Image.Image, x: int, y: int) -> str:
    red, _green, blue = image.convert("RGB").getpixel((x, y))  # type: ignore[misc]
    return "red" if red > blue else "blue"


def test_place_camera_and_comment_are_gone() -> None:
    before = samples.photograph()
    assert opened(before).getexif().get_ifd(samples.GPS)

    _, after = images.rewrite(before)

    image = opened(after)
    assert not image.getexif()
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)
    assert b"SecretPhone" not in after
    assert b"taken at home" not in after


@pytest.mark.parametrize(
    ("orientation", "size", "left", "top"),
    [(1, (64, 48), "red", None), (3, (64, 48), "blue", None), (6, (48, 64), None, "red"),
     (8, (48, 64), None, "blue")],
)  # fmt: skip
def test_the_picture_stands_upright(
    orientation: int, size: tuple[int, int], left: str | None, top: str | None
) -> None:
    image = opened(images.rewrite(samples.photograph(orientation))[1])

    assert image.size == size
    if left:
        assert colour_at(image, 4, image.height // 2) == left
    if top:
        assert colour_at(image, image.width // 2, 4) == top


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_opaque_picture_becomes_a_jpeg(kind: str) -> None:
    content_type, data = images.rewrite(samples.picture(kind))

    assert content_type == "image/jpeg"
    assert opened(data).format == "JPEG"


def test_a_transparent_picture_stays_transparent() -> None:
    clear = samples.written(Image.new("RGBA", (20, 20), (255, 0, 0, 90)), "PNG")

    content_type, data = images.rewrite(clear)

    assert content_type == "image/png"
    assert opened(data).getpixel((5, 5)) == (255, 0, 0, 90)


def test_an_alpha_channel_without_transparency_is_no_reason_for_png() -> None:
    opaque = samples.written(Image.new("RGBA", (20, 20), (255, 0, 0, 255)), "PNG")

    assert images.rewrite(opaque)[0] == "image/jpeg"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_every_mode_of_colour_is_taken(mode: str) -> None:
    image = (
        Image.new("L", (30, 20), 128).convert(mode) if mode != "I;16" else Image.new(mode, (30, 20))
    )
    kind = "JPEG" if mode == "CMYK" else "PNG"

    assert opened(images.rewrite(samples.written(image, kind))[1]).size == (30, 20)


def test_the_longer_side_is_bounded_and_the_shape_kept() -> None:
    image = opened(images.rewrite(samples.picture(size=(4000, 1000)))[1])

    assert image.size == (2560, 640)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_image_the_first_frame_stays(kind: str) -> None:
    image = opened(images.rewrite(samples.moving(kind))[1])

    assert getattr(image, "n_frames", 1) == 1
    assert colour_at(image, 16, 16) == "red"


@pytest.mark.parametrize("size", [(5000, 4001), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid) as refusal:
        images.rewrite(samples.declared_png(*size))

    assert refusal.value.field == "file"


def test_twenty_megapixels_are_too_many_by_one_line_only() -> None:
    images.rewrite(samples.picture("PNG", (5000, 4000)))

    with pytest.raises(Invalid, match="2000 万像素"):
        images.rewrite(samples.picture("PNG", (5000, 4001)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_refused(kind: str) -> None:
    whole = samples.picture(kind, (300, 300))

    with pytest.raises(Invalid, match="损坏"):
        images.rewrite(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"GIF89a" + bytes(100),
        b"BM" + bytes(100),
        b"II*\x00" + bytes(100),
        b"MZ" + bytes(200),
        b"#!/bin/sh\n",
    ],
)
def test_what_is_called_a_jpeg_but_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        content.prepare("photo.jpg", data)

    assert refusal.value.field == "file"


def test_what_hangs_behind_a_picture_does_not_come_along() -> None:
    ready = content.prepare("a.jpg", samples.picture() + b"<script>alert(1)</script>PK\x03\x04")

    assert ready.kind is AttachmentKind.IMAGE
    assert b"script" not in ready.data


def test_a_picture_over_ten_megabytes_is_too_large_and_a_pdf_is_not() -> None:
    padding = bytes(LARGEST_IMAGE)

    with pytest.raises(TooLarge):
        content.prepare("a.jpg", samples.picture() + padding)
    assert content.prepare("a.pdf", b"%PDF-1.4\n" + padding + samples.pdf()).kind == "pdf"
    with pytest.raises(TooLarge):
        content.prepare("a.pdf", b"%PDF-1.4\n" + bytes(20 * MEGABYTE) + samples.pdf())


ALL = [
    samples.picture("JPEG"),
    samples.photograph(),
    samples.picture("PNG"),
    samples.picture("WEBP"),
]


@cases(20)
@given(
    st.sampled_from(ALL),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12),
    st.integers(0, 10_000),
)
def test_damage_is_refused_or_comes_out_as_a_clean_picture(
    whole: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(whole)
    for place, value in changes:
        data[place % len(data)] = value
    try:
        ready = content.prepare("x", bytes(data[: 1 + cut % len(data)] if cut % 3 == 0 else data))
    except (Invalid, TooLarge):
        return
    image = opened(ready.data)
    assert max(image.size) <= images.LONGEST_SIDE
    assert not image.getexif()
