"""Papers that are handed in: what they are is read from their bytes, and none of them does harm."""

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image
from pillow_heif import from_pillow

from licenseonline.kit.errors import Refused
from licenseonline.records import previews, uploads

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600_000)
OFFICE = ("[Content_Types].xml", "xl/workbook.xml")


def zipped(*names: str, content: bytes = b"text", **parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.writestr(name, content)
        for name, inside in parts.items():
            packed.writestr(name.replace("_", "."), inside)
    return out.getvalue()


def encrypted() -> bytes:
    content = bytearray(zipped("a.txt"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    return bytes(content)


def garbled() -> bytes:
    """The directory is right, what it leads to is not."""
    content = bytearray(zipped("a.txt", content=b"text" * 1000))
    content[40:50] = b"\xff" * 10
    return bytes(content)


def picture(form: str) -> bytes:
    out = io.BytesIO()
    drawing = Image.new("RGB", (2400, 1200), "navy")
    from_pillow(drawing).save(out) if form == "HEIF" else drawing.save(out, form)
    return out.getvalue()


def received(content: bytes, name: str = "書類") -> uploads.Received:
    return uploads.receive(ContentFile(content, name))


@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        (b"%PDF-1.7\n", "申請書.exe", "申請書.exe.pdf"),
        (picture("JPEG"), "../../IMG_1.JPEG", "IMG_1.jpg"),
        (picture("HEIF"), "IMG_2.HEIC", "IMG_2.heic"),
        (zipped(*OFFICE), "表.xlsx", "表.xlsx"),
        (zipped("[Content_Types].xml", "word/document.xml"), "文書", "文書.docx"),
        (OLE + "Workbook".encode("utf-16-le"), "古い表.xls", "古い表.xls"),
        (OLE + "WordDocument".encode("utf-16-le"), "古い文書.xls", "古い文書.xls.doc"),
        (zipped("証書/1.pdf", "証書/2.pdf"), 'a"b\r\n.zip', "ab.zip"),
        (zipped(a_xlsx=zipped(*OFFICE)), "束.zip", "束.zip"),
    ],
    ids=range(9),
)
def test_the_content_says_what_a_file_is_and_how_it_is_called(content: bytes, name: str, kept: str) -> None:
    found = received(content, name)
    assert (found.name, found.size, found.scan) == (kept, len(content), "none")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空"),
        (b"<script>alert(1)</script>", "受け付けられるのは"),
        (b"MZ" + bytes(100), "受け付けられるのは"),
        (OLE, "受け付けられるのは"),
        (OLE + "_VBA_PROJECT".encode("utf-16-le"), "マクロ"),
        (zipped(*OFFICE, "xl/vbaProject.bin"), "マクロ"),
        (zipped(a_zip=zipped("b.txt")), "圧縮ファイルやプログラム"),
        (zipped(setup_exe=b"MZ" + bytes(10)), "圧縮ファイルやプログラム"),
        (zipped("../../etc/cron.d/x"), "安全に展開できない"),
        (zipped("/etc/passwd"), "安全に展開できない"),
        (zipped("a.txt", content=bytes(30_000_000)), "大きすぎる"),
        (zipped(*(f"{number}.txt" for number in range(400))), "大きすぎる"),
        (encrypted(), "パスワード"),
        (zipped("a.txt")[:-30], "壊れている"),
        (garbled(), "壊れている"),
        (zipped(), "ファイルがありません"),
    ],
    ids=range(16),
)
def test_what_is_no_paper_or_built_to_harm_is_refused_with_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        received(content)
    assert refused.value.code == "upload"


def test_size_is_counted_while_the_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_RECEIVED", 1000)
    assert received(b"%PDF-" + bytes(995)).size == 1000
    with pytest.raises(Refused, match="50MB"):
        received(b"%PDF-" + bytes(996))


@contextmanager
def clamd(path: Path, answer: bytes) -> Iterator[list[bytes]]:
    """Speaks as clamd does to INSTREAM, once; what it was shown."""
    seen: list[bytes] = []

    def serve() -> None:
        connection, _address = listening.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while length := struct.unpack("!I", stream.read(4))[0]:
                seen.append(stream.read(length))
            connection.sendall(answer)

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(path))
        listening.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        yield seen
        thread.join()


@pytest.mark.parametrize(
    ("answer", "code"), [(b"stream: OK\0", None), (b"stream: Eicar FOUND\0", "infected"), (b"x ERROR\0", "scanner")]
)
def test_clamav_sees_the_file_and_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes, code: str | None
) -> None:
    monkeypatch.setattr(settings, "CLAMAV_SOCKET", str(tmp_path / "clamd"))
    content = b"%PDF-" + bytes(200_000)
    with clamd(tmp_path / "clamd", answer) as seen:
        if code is None:
            assert received(content).scan == "clean"
        else:
            with pytest.raises(Refused) as refused:
                received(content)
            assert refused.value.code == code
    assert b"".join(seen) == content


def test_without_an_answer_from_clamav_nothing_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CLAMAV_SOCKET", str(tmp_path / "nobody"))
    with pytest.raises(Refused, match="しばらく"):
        received(b"%PDF-1.7")


def test_pages_are_drawn_anew_and_what_cannot_be_read_has_none() -> None:
    for form in ("JPEG", "PNG", "HEIF"):
        [page] = previews.drawn(io.BytesIO(picture(form)), f"image/{form.lower()}")
        with Image.open(io.BytesIO(page)) as drawn:
            assert (drawn.format, drawn.size) == ("WEBP", (1600, 800))
    out = io.BytesIO()
    pages = [Image.new("RGB", (100, 200), "white") for _ in range(25)]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    drawn_pages = previews.drawn(io.BytesIO(out.getvalue()), "application/pdf")
    assert len(drawn_pages) == previews.MOST_PAGES
    assert previews.drawn(io.BytesIO(b"%PDF-1.7 nothing"), "application/pdf") == []
    assert previews.drawn(io.BytesIO(b"\xff\xd8\xff nothing"), "image/jpeg") == []
