"""The steps of an import: who may take them, in which order, what is kept, and what happens when two come at once."""

import io
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from licenseonline.catalog.imports import checks, mappings, new_skus, price_imports
from licenseonline.catalog.models import ImportMapping, ImportRow, PriceImport, PriceList, Sku, Vendor
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import NotVisible, Refused
from tests.catalog.imports import files
from tests.catalog.imports.importing import applied, apply, catalogue, checked, list_yen, undo, upload
from tests.jobs import run_jobs, waiting
from tests.world import World

CONTENT = "型番,定価\r\nVBBSS-1Y-005,5500\r\nVBBSS-R1,?\r\n"
ODD = "コード番号,金額,メモ\r\nVBBSS-1Y-005,5500,x\r\n"


def test_only_the_operator_imports(world: World) -> None:
    vendor, made = Vendor.objects.get(code="trend"), checked(world, CONTENT)
    for by in (world.partner,):
        with pytest.raises(NotVisible):
            price_imports.upload(
                io.BytesIO(b"x"),
                name="x",
                vendor=vendor,
                from_day=clock.today(),
                is_complete=False,
                columns=None,
                by=by,
            )
        for step in (price_imports.apply, price_imports.undo, price_imports.discard):
            with pytest.raises(NotVisible):
                step(made, by=by)
        with pytest.raises(NotVisible):
            price_imports.remap(made, {}, by=by)


def test_the_serving_role_reads_nothing_of_it(world: World) -> None:
    checked(world, CONTENT)
    with pytest.raises(Exception, match="permission denied"), scope.stores([world.elsat.pk]):
        PriceImport.objects.count()


def test_a_file_is_kept_and_read_by_a_job(world: World) -> None:
    made = upload(world, CONTENT, name="..\\秘密/価格表\x00 2026.csv")
    assert (made.state, made.file_name, made.file_size) == ("uploaded", "価格表 2026.csv", len(CONTENT.encode()))
    assert waiting() == ["catalog.price_imports.read"]
    with default_storage.open(made.file_path) as file:
        assert file.read() == CONTENT.encode()
    run_jobs()
    made.refresh_from_db()
    assert (made.state, made.counts) == ("checked", {"changed": 1, "refused": 1})
    assert made.checked_at is not None


def test_prices_do_not_begin_in_the_past(world: World) -> None:
    with pytest.raises(Refused, match="本日以降") as refusal:
        upload(world, CONTENT, from_day=clock.today() - timedelta(days=1))
    assert refusal.value.field == "from_day"


def test_unknown_headers_are_mapped_once_for_the_vendor(world: World) -> None:
    made = checked(world, ODD)
    assert (made.state, mappings.headers(made)) == ("broken", ["コード番号", "金額", "メモ"])
    columns = {"model_number": "コード番号", "list_yen": "金額", "name": ""}
    price_imports.remap(made, columns, by=world.operator)
    run_jobs()
    made.refresh_from_db()
    assert (made.state, made.counts) == ("checked", {"changed": 1})
    assert checked(world, ODD).state == "checked", "the next file of the vendor is understood"
    assert checked(world, ODD, "other").state == "broken", "another vendor's is not"
    assert mappings.suggested(["金額", "コード番号"], made.vendor) == {"model_number": "コード番号", "list_yen": "金額"}


def test_a_mapping_given_with_the_file(world: World) -> None:
    made = checked(world, ODD, columns={"model_number": "コード番号", "list_yen": "金額"})
    assert made.state == "checked"
    assert ImportMapping.objects.get().columns == made.columns


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"model_number": "コード番号"}, "「定価（税抜・円）」の列を選択"),
        ({"model_number": "金額", "list_yen": "金額"}, "同じ列"),
        ({"model_number": "コード番号", "list_yen": "ない"}, "ファイルにありません"),
        ({"model_number": "コード番号", "list_yen": "金額", "x": "メモ"}, "知らない項目"),
    ],
)
def test_mappings_that_are_refused(world: World, columns: dict[str, str], reason: str) -> None:
    made = checked(world, ODD)
    with pytest.raises(Refused, match=reason):
        price_imports.remap(made, columns, by=world.operator)
    assert not ImportMapping.objects.exists()


def test_suggestions_from_usual_headers(world: World) -> None:
    vendor = Vendor.objects.get(code="trend")
    given = ["品　番", "製品名称", "標準価格（税別）", "仕切り価格", "契約期間", "ＰＡＲＴ ＮＵＭＢＥＲ", "?"]
    assert mappings.suggested(given, vendor) == {
        "model_number": "品　番", "product_name": "製品名称", "list_yen": "標準価格（税別）", "cost_yen": "仕切り価格", "term": "契約期間",
    }  # fmt: skip


def test_a_discarded_import_leaves_neither_file_nor_rows(
    world: World, django_capture_on_commit_callbacks: type
) -> None:
    made = checked(world, CONTENT)
    with django_capture_on_commit_callbacks(execute=True):
        price_imports.discard(made, by=world.operator)
    assert not ImportRow.objects.exists()
    assert not default_storage.exists(made.file_path)
    with pytest.raises(Refused):
        price_imports.apply(made, by=world.operator)


def test_given_up_while_it_waits_to_be_read(world: World) -> None:
    made = upload(world, CONTENT)
    price_imports.discard(made, by=world.operator)
    run_jobs()
    made.refresh_from_db()
    assert made.state == "discarded"


def test_steps_that_are_out_of_order(world: World) -> None:
    made = upload(world, CONTENT)
    for step in (price_imports.apply, price_imports.undo):
        with pytest.raises(Refused) as refusal:
            step(made, by=world.operator)
        assert refusal.value.code == "state"
    made = applied(world, CONTENT)
    for step in (price_imports.apply, price_imports.discard):
        with pytest.raises(Refused):
            step(made, by=world.operator)
    undo(world, made)
    with pytest.raises(Refused):
        price_imports.undo(made, by=world.operator)


def test_a_worker_that_dies_while_reading_leaves_nothing_and_the_job_is_taken_up_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = upload(world, CONTENT)
    with monkeypatch.context() as patched:

        def die(*_args: object) -> None:
            raise SystemExit

        patched.setattr(checks, "_finish", die)
        with pytest.raises(SystemExit):
            price_imports.read(PriceImport.objects.get(pk=made.pk))
    made.refresh_from_db()
    assert (made.state, ImportRow.objects.count()) == ("reading", 0)
    price_imports.read_job(made.pk)
    made.refresh_from_db()
    assert (made.state, made.counts) == ("checked", {"changed": 1, "refused": 1})


def test_reading_twice_gives_the_same(world: World) -> None:
    made = checked(world, CONTENT)
    price_imports.read_job(made.pk)
    assert ImportRow.objects.filter(price_import=made).count() == 2


def test_a_worker_that_dies_while_applying_leaves_nothing_and_the_job_is_taken_up_again(
    committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope.platform():
        before, made = catalogue(), upload(committed, CONTENT + "NEW-1,1\r\n".replace("NEW-1", "VBBSS-1Y-025"))
    price_imports.read_job(made.pk)
    with scope.platform():
        price_imports.apply(PriceImport.objects.get(pk=made.pk), by=committed.operator)
    with monkeypatch.context() as patched:

        def die(*_args: object) -> None:
            raise SystemExit

        patched.setattr(new_skus, "index_products", die)
        with pytest.raises(SystemExit):
            price_imports.apply_job(made.pk)
    with scope.platform():
        assert PriceImport.objects.get().state == "applying"
        assert catalogue() == before
    price_imports.apply_job(made.pk)
    with scope.platform():
        assert PriceImport.objects.get().state == "applied"
        assert list_yen("VBBSS-1Y-005") == 5500


def test_progress_is_seen_while_the_file_is_read(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_TOLD_EVERY", 1)
    seen: list[tuple[str, int, int]] = []
    compare = checks._compare

    def look(price_import: PriceImport) -> None:
        def read() -> None:
            with scope.platform():
                row = PriceImport.objects.get()
                seen.append((row.state, row.done_rows, row.all_rows))
            connections.close_all()

        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
        compare(price_import)

    monkeypatch.setattr(checks, "_compare", look)
    with scope.platform():
        made = upload(committed, "型番,定価\r\n" + "".join(f"VBBSS-{n},5\r\n" for n in range(30)))
    price_imports.read_job(made.pk)
    assert seen == [("reading", 29, 31)]


def test_of_two_who_apply_at_once_one_wins(committed: World) -> None:
    with scope.platform():
        made = upload(committed, CONTENT)
    price_imports.read_job(made.pk)
    results: list[str] = []
    barrier = threading.Barrier(2)

    def press() -> None:
        try:
            with scope.platform():
                row = PriceImport.objects.get(pk=made.pk)
                barrier.wait()
                price_imports.apply(row, by=committed.operator)
            results.append("applied")
        except Refused as refusal:
            results.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["applied", "state"]
    with scope.platform():
        assert ProcrastinateJob.objects.filter(task_name="catalog.price_imports.apply").count() == 1


def test_two_jobs_that_apply_at_once_follow_each_other(committed: World) -> None:
    """Both change the same price: the second one sees what the first did, and is checked again."""
    with scope.platform():
        pair = [upload(committed, CONTENT), upload(committed, CONTENT.replace("5500", "5600") + "X-1,1\r\n")]
    for made in pair:
        price_imports.read_job(made.pk)
        with scope.platform():
            price_imports.apply(PriceImport.objects.get(pk=made.pk), by=committed.operator)
    barrier = threading.Barrier(2)

    def run(pk: int) -> None:
        try:
            barrier.wait()
            price_imports.apply_job(pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[made.pk]) for made in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with scope.platform():
        assert sorted(PriceImport.objects.values_list("state", flat=True)) == ["applied", "reading"]
        assert PriceList.objects.filter(made_by__isnull=False).count() == 1


def test_nothing_of_another_vendor_is_touched(world: World) -> None:
    before = Sku.objects.filter(product__vendor__code="other").values()
    kept = list(before)
    apply(world, checked(world, files.table(("VBBSS-R1", "", "", 1, "", "", "")), is_complete=True))
    assert list(before.all()) == kept
