"""The words of a PDF, page by page, without the spaces that setting puts between them."""

import io

from pypdf import PdfReader


def text_of(content: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]
