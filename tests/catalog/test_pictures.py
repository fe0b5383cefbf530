"""Products' pictures: drawn anew, within bounds, and nothing of what was uploaded remains but its look."""

import io
import zlib
from struct import pack

import pytest
from PIL import Image, PngImagePlugin

from licenseonline.catalog import pictures
from licenseonline.catalog.models import Product, ProductPicture
from licenseonline.kit.errors import NotVisible, Refused
from tests.world import World


def drawn(kind: str, size: tuple[int, int] = (30, 20), mode: str = "RGB", **options: object) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "red").save(made, kind, **options)
    return made.getvalue()


def product() -> Product:
    return Product.objects.get(code="vbbss")


def kept() -> Image.Image:
    image = Image.open(io.BytesIO(bytes(ProductPicture.objects.get().content)))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew_as_webp(world: World, kind: str) -> None:
    picture = pictures.put(product(), drawn(kind), by=world.operator)
    assert kept().format == "WEBP"
    assert (kept().width, kept().height) == (picture.width, picture.height) == (30, 20)
    assert pictures.shown([product()]) == {product().pk: (picture.digest, 30, 20)}


@pytest.mark.parametrize(
    ("size", "becomes"), [((1600, 400), (800, 200)), ((400, 3200), (100, 800)), ((800, 800), (800, 800))]
)
def test_a_large_one_is_made_smaller(world: World, size: tuple[int, int], becomes: tuple[int, int]) -> None:
    pictures.put(product(), drawn("PNG", size), by=world.operator)
    assert kept().size == becomes


def test_what_was_transparent_stays_so(world: World) -> None:
    made = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(made, "PNG")
    pictures.put(product(), made.getvalue(), by=world.operator)
    assert kept().mode == "RGBA"
    assert kept().getpixel((5, 5))[3] == 0  # type: ignore[index]  # RGBA


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_any_colours_are_drawn(world: World, mode: str) -> None:
    made = io.BytesIO()
    Image.new(mode, (20, 20)).save(made, "JPEG" if mode == "CMYK" else "PNG")
    pictures.put(product(), made.getvalue(), by=world.operator)
    assert kept().mode in {"RGB", "RGBA"}


def test_no_metadata_is_kept(world: World) -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "SECRET-COMMENT")
    exif = Image.Exif()
    exif[0x010E] = "SECRET-EXIF"
    for content in (
        drawn("PNG", pnginfo=said),
        drawn("JPEG", exif=exif, comment=b"SECRET-JPEG"),
        drawn("WEBP", exif=exif, xmp=b"SECRET-XMP", icc_profile=b"SECRET-ICC"),
        drawn("PNG") + b"SECRET-TAIL<script>",
    ):
        pictures.put(product(), content, by=world.operator)
        stored = bytes(ProductPicture.objects.get().content)
        assert b"SECRET" not in stored
        assert not {"exif", "xmp", "icc_profile"} & set(kept().info)


def test_a_picture_taken_sideways_stands_upright(world: World) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    pictures.put(product(), drawn("JPEG", (40, 20), exif=exif), by=world.operator)
    assert kept().size == (20, 40)


def huge(width: int, height: int) -> bytes:
    """A PNG whose header claims a size, of a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def moving(kind: str) -> bytes:
    made = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    frames[0].save(made, kind, save_all=True, append_images=frames[1:])
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "読み込めません"),
        (b"%PDF-1.7", "読み込めません"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "読み込めません"),
        (drawn("GIF"), "読み込めません"),
        (drawn("BMP"), "読み込めません"),
        (drawn("TIFF"), "読み込めません"),
        (drawn("PNG")[:-30], "読み込めません"),
        (drawn("JPEG", (300, 300))[:200], "読み込めません"),
        (drawn("WEBP")[:-10], "読み込めません"),
        (huge(100, 100), "読み込めません"),
        (huge(8000, 5001), "4,000万画素"),
        (huge(60_000, 60_000), "4,000万画素"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (10 * 1024 * 1024), "10MB"),
        (moving("PNG"), "動く画像"),
        (moving("WEBP"), "動く画像"),
    ],
    ids=range(15),
)
def test_anything_else_is_refused_and_changes_nothing(world: World, content: bytes, words: str) -> None:
    before = pictures.put(product(), drawn("PNG"), by=world.operator).digest
    with pytest.raises(Refused, match=words) as refusal:
        pictures.put(product(), content, by=world.operator)
    assert refusal.value.code == "picture"
    assert ProductPicture.objects.get().digest == before


def test_the_vendors_mark_comes_back_when_it_is_removed(world: World) -> None:
    pictures.put(product(), drawn("PNG"), by=world.operator)
    pictures.remove(product(), by=world.operator)
    pictures.remove(product(), by=world.operator)
    assert not ProductPicture.objects.exists()


def test_only_the_operators_staff_may(world: World) -> None:
    for by in (world.partner, world.hanako):
        with pytest.raises(NotVisible):
            pictures.put(product(), drawn("PNG"), by=by)
        with pytest.raises(NotVisible):
            pictures.remove(product(), by=by)
