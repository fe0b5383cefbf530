"""Secrets at rest."""

import pytest
from cryptography.fernet import InvalidToken

from licenseonline.kit import crypto


def test_a_secret_comes_back_and_never_looks_the_same_twice() -> None:
    first, second = crypto.encrypt("鍵-ABC"), crypto.encrypt("鍵-ABC")
    assert first != second
    assert crypto.decrypt(first) == crypto.decrypt(second) == "鍵-ABC"


def test_a_changed_ciphertext_is_refused() -> None:
    text = crypto.encrypt("secret")
    with pytest.raises(InvalidToken):
        crypto.decrypt(text[:-8] + "AAAAAAA=")


def test_a_fingerprint_finds_the_same_secret_only() -> None:
    assert crypto.fingerprint("A-1") == crypto.fingerprint("A-1") != crypto.fingerprint("A-2")
