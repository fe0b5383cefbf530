"""The slow hash with the least work: it is slow on purpose, which would be nearly half of what the tests take.

Only the parameters change, so everything around the hash is the product's; `SHIPPED` are those that it has outside
of tests.
"""

from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

_LEAST: Final = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
SHIPPED: Final = {name: getattr(Argon2PasswordHasher, name) for name in _LEAST}


def hash_quickly() -> None:
    """From here on, in this process."""
    for name, value in _LEAST.items():
        setattr(Argon2PasswordHasher, name, value)
