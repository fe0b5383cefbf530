"""Files in an S3 bucket, as FILES_BACKEND and FILES_OPTIONS set it: what is kept, who reads it, and when it is down."""

import hashlib
import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client, override_settings

from licenseonline.kit.environment import Environment
from licenseonline.kit.errors import Refused
from licenseonline.records import files, previews
from licenseonline.records.models import StoredFile
from licenseonline.sales import paper_previews, submissions
from licenseonline.sales.models import DocumentRequest, Order, Submission
from tests.conftest import Actor
from tests.records import bucket
from tests.records.bucket import Bucket
from tests.sales.test_papers import order_of, picture
from tests.web.member.test_papers import given, page_of
from tests.world import World

LARGE = b"%PDF-1.7\n" + bytes(range(256)) * 4096 * 9  # over 8 MB it goes in parts


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": bucket.ACCESS,
        "AWS_SECRET_ACCESS_KEY": bucket.SECRET,
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    with bucket.serving() as served:
        options = (
            f'{{"bucket_name": "{bucket.NAME}", "endpoint_url": "{served.url}", "region_name": "{bucket.REGION}"}}'
        )
        read = Environment({"FILES_OPTIONS": options}).options("FILES_OPTIONS")
        place = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": read}
        with override_settings(STORAGES={**settings.STORAGES, "default": place}):
            yield served


def asked_of(world: World) -> tuple[Order, DocumentRequest, str]:
    order = order_of(world, "TREND-ACA")
    request = order.document_requests.get()
    return order, request, page_of(order, "paper_hand_in", request_id=request.pk)


def test_a_paper_lies_in_the_bucket_and_is_read_only_through_its_row(
    world: World, s3: Bucket, client_of: Callable[[Actor], Client]
) -> None:
    order, _request, to = asked_of(world)
    taro = client_of(world.taro)
    assert taro.post(to, given(LARGE)).status_code == 302
    kept = Submission.objects.get().file
    assert re.fullmatch(rf"{order.store_id}/[0-9a-f]{{32}}", kept.path)
    assert s3.objects == {kept.path: LARGE}
    assert s3.asked.count("PUT partNumber uploadId") == 2
    assert (kept.size, kept.sha256) == (len(LARGE), hashlib.sha256(LARGE).hexdigest())
    place = page_of(order, "paper_file", submission_id=Submission.objects.get().pk)
    download = taro.get(place)
    assert b"".join(download) == LARGE
    assert download["Content-Length"] == str(len(LARGE))
    assert download["Content-Disposition"].startswith("attachment")
    assert (download["X-Content-Type-Options"], "sandbox" in download["Content-Security-Policy"]) == ("nosniff", True)
    s3.asked.clear()
    assert client_of(world.hanako).get(place).status_code == 404  # another company
    elsewhere = place.replace(str(order.store_id), str(world.minato.pk), 1)
    assert client_of(world.hanako_at_minato).get(elsewhere).status_code == 404  # another store
    assert Client().get(place).status_code in {302, 404}
    assert s3.asked == []


def test_previews_are_drawn_from_the_bucket_and_what_is_forgotten_goes(
    world: World, s3: Bucket, django_capture_on_commit_callbacks: type
) -> None:
    _order, request, _to = asked_of(world)
    submissions.hand_in(request, [picture()], by=world.taro)
    submission = Submission.objects.get()
    paper_previews.draw.func(submission_id=submission.pk, store_id=submission.store_id)
    [page] = submission.previews.all()
    assert s3.objects[page.file.path][8:12] == b"WEBP"
    assert page.file.content_type == previews.WEBP
    with django_capture_on_commit_callbacks(execute=True):
        files.forget(page.file)
    assert list(s3.objects) == [submission.file.path]
    s3.refuses = True
    with django_capture_on_commit_callbacks(execute=True):
        files.forget(submission.file)  # what was done stays done


@pytest.mark.parametrize("is_down", [False, True])
def test_a_bucket_that_does_not_answer_takes_nothing_and_says_so(
    world: World, s3: Bucket, client_of: Callable[[Actor], Client], is_down: bool
) -> None:
    order, request, to = asked_of(world)
    taro = client_of(world.taro)
    taro.post(to, given(b"%PDF-1.7\n1"))
    place = page_of(order, "paper_file", submission_id=Submission.objects.get().pk)
    before = StoredFile.objects.count()
    if is_down:
        s3.shutdown()
        s3.server_close()
    else:
        s3.refuses = True
    answer = taro.post(to, given(b"%PDF-1.7\n2"))
    assert answer.status_code == 422
    assert "ただいまファイルを保存できないため、お手続きは完了していません" in answer.content.decode()
    said = taro.post(to, given(b"%PDF-1.7\n2"), headers={"Accept": "application/json"})
    assert (said.status_code, len(said.json()["errors"])) == (422, 1)
    assert StoredFile.objects.count() == before
    assert [one.file.size for one in submissions.counting(request)] == [10]  # the first still counts
    answer = taro.get(place)
    assert answer.status_code == 503
    assert "ただいまファイルを表示できません" in answer.content.decode()


def test_a_wrong_secret_is_refused(world: World, s3: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(Refused) as refusal:
        files.keep(b"%PDF-", name="a.pdf", content_type="application/pdf", store_id=world.elsat.pk, company_id=None)
    assert (refusal.value.code, s3.objects) == (files.UNREACHABLE, {})
