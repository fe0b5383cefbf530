"""What a load balancer learns when the database is away."""

import os
import subprocess
import sys

import pytest

from tests.environment import ROOT

ASK = """
import django, sys
django.setup()
from django.test import Client
answer = Client(raise_request_exception=False).get(sys.argv[1])
print(answer.status_code, answer.content.decode())
"""


@pytest.mark.parametrize(
    ("path", "answer"), [("/healthz", '200 {"status": "ok"}'), ("/readyz", '503 {"status": "database"}')]
)
def test_without_a_database_it_is_alive_but_not_ready(path: str, answer: str) -> None:
    environment = {**os.environ, "DATABASE_URL": "postgresql://app_rw@/shop?host=/nowhere", "DATABASE_POOL": "0"}
    done = subprocess.run(
        [sys.executable, "-c", ASK, path], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == answer
