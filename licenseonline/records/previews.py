"""PDFs and pictures drawn anew as small pictures, by a process of its own under limits: such files can be built to kill.

`python -m licenseonline.records.previews pdf|picture < file` writes the pages as WebP, each after its length in four
bytes. Nobody is ever shown the bytes that were handed in, only these.
"""

import io
import resource
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import IO, Final

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

MOST_PAGES: Final = 20
MOST_PIXELS: Final = 1600  # of the longer side
MOST_MEMORY: Final = 2 * 1024**3
MOST_SECONDS: Final = 90
UNREADABLE: Final = 3
_LARGEST_PICTURE: Final = 120_000_000  # pixels, before it is made small
_PIECE: Final = 1024 * 1024
_LENGTH: Final = struct.Struct("!I")
PDF, PICTURE = "pdf", "picture"
WEBP: Final = "image/webp"


def drawn(file: IO[bytes], content_type: str) -> list[bytes]:
    """The file's first twenty pages as WebP; none when it cannot be read, is locked, or takes too much."""
    with tempfile.TemporaryFile() as copy:
        while piece := file.read(_PIECE):
            copy.write(piece)
        copy.seek(0)
        command = [sys.executable, "-m", "licenseonline.records.previews", PDF if "pdf" in content_type else PICTURE]
        try:
            done = subprocess.run(
                command,
                stdin=copy,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=2 * MOST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return []
    return list(_pages(done.stdout)) if done.returncode == 0 else []


def _pages(output: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(output):
        (length,) = _LENGTH.unpack_from(output, at)
        at += _LENGTH.size
        yield output[at : at + length]
        at += length


def main() -> int:
    """The process."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    Image.MAX_IMAGE_PIXELS = _LARGEST_PICTURE
    try:
        pages = _of_pdf if sys.argv[1] == PDF else _of_picture
        for page in pages(sys.stdin.buffer.read()):
            sys.stdout.buffer.write(_LENGTH.pack(len(page)) + page)
    except (
        pypdfium2.PdfiumError,
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        MemoryError,
    ):
        return UNREADABLE
    return 0


def _of_pdf(content: bytes) -> Iterator[bytes]:
    document = pypdfium2.PdfDocument(content)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        scale = MOST_PIXELS / max(*page.get_size(), 1)
        yield _small(page.render(scale=scale).to_pil())


def _of_picture(content: bytes) -> Iterator[bytes]:
    register_heif_opener()
    with Image.open(io.BytesIO(content)) as picture:
        picture.draft("RGB", (MOST_PIXELS, MOST_PIXELS))
        yield _small(ImageOps.exif_transpose(picture))


def _small(picture: Image.Image) -> bytes:
    """Without anything but its pixels: no position, no camera, no thumbnail of what was cut away."""
    plain = picture.convert("RGB")
    plain.thumbnail((MOST_PIXELS, MOST_PIXELS))
    out = io.BytesIO()
    Image.frombytes("RGB", plain.size, plain.tobytes()).save(out, "WEBP", quality=80)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
