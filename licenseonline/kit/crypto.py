"""Secrets at rest: encrypted with DATA_KEY, found again by a keyed hash."""

import hashlib
import hmac

from cryptography.fernet import Fernet
from django.conf import settings


def encrypt(secret: str) -> str:
    """Ciphertext (text) of a secret; a fresh one each time."""
    return Fernet(settings.DATA_KEY.encode()).encrypt(secret.encode()).decode()


def decrypt(ciphertext: str) -> str:
    """The secret again; raises cryptography's InvalidToken when the key or the text is not ours."""
    return Fernet(settings.DATA_KEY.encode()).decrypt(ciphertext.encode()).decode()


def fingerprint(secret: str) -> str:
    """HMAC-SHA256 in hex under DATA_KEY: finds a whole key without storing it readable."""
    return hmac.new(settings.DATA_KEY.encode(), secret.encode(), hashlib.sha256).hexdigest()
