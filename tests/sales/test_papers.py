"""Which papers an order needs, and how they go from one side to the other."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import Paper, PaperRule
from licenseonline.kit import calendar, clock
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import uploads
from licenseonline.records.models import Message
from licenseonline.records.uploads import Received
from licenseonline.sales import orders, paper_reminders, papers, submissions
from licenseonline.sales.models import CompanyProof, DocumentRequest, Order, PaperState, SubmissionPage
from licenseonline.stores import stores
from tests.jobs import run_jobs
from tests.world import World

ClientOf = Callable[[Member | User], Client]


def picture(colour: str = "white") -> Received:
    """As a phone makes them."""
    out = io.BytesIO()
    Image.new("RGB", (3000, 2000), colour).save(out, "JPEG")
    return uploads.receive(ContentFile(out.getvalue(), "IMG_0001.JPG"))


def order_of(world: World, *models: str, member: Member | None = None) -> Order:
    """An order of these model numbers; the school may buy all of them."""
    quote = world.quote(member or world.taro, models[0])
    return orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=quote.member)


def subjects(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=f"sales/{kind}").order_by("id").values_list("subject", flat=True))


def test_rules_add_up_and_the_most_particular_reason_and_the_shortest_time_count(world: World) -> None:
    plain, renewal = world.sku("VBBSS-1Y-005"), world.sku("VBBSS-R1")
    rule = {"vendor": plain.product.vendor, "paper": Paper.APPLICATION_FORM}
    assert papers.needed([plain], store=world.elsat) == {}
    PaperRule.objects.create(**rule, why="メーカーの決まりです。", business_days=3)
    PaperRule.objects.create(**rule, why="更新の申請書です。", purchase_type="renewal", business_days=10)
    found = papers.needed([plain, renewal, world.sku("ADOBE-CC")], store=world.elsat)
    assert [(one.paper, one.why, one.business_days) for one in found[plain.pk]] == [
        ("application_form", "メーカーの決まりです。", 3)
    ]
    assert [(one.paper, one.why, one.business_days) for one in found[renewal.pk]] == [
        ("holding_proof", str(papers.WHY[Paper.HOLDING_PROOF]), papers.BUSINESS_DAYS),
        ("application_form", "更新の申請書です。", 3),
    ]
    assert set(found) == {plain.pk, renewal.pk}
    assert [one.label for one in papers.in_words([plain, renewal], store=world.elsat)] == [
        "保有ライセンスの証明（証書の写しなど）",
        "メーカー指定の申請書",
    ]


def test_an_order_waits_for_its_papers_and_the_mail_asks_for_them(world: World) -> None:
    order = order_of(world, "TREND-ACA")
    assert order.state == Order.State.AWAITING_PAPERS
    request = order.document_requests.get()
    due = calendar.add_business_days(clock.today(), papers.BUSINESS_DAYS, stores.holidays(order.store))
    assert (request.paper, request.state, request.due_on) == (Paper.ACADEMIC_PROOF, PaperState.NEEDED, due)
    mail = Message.objects.get(kind="sales/order_placed")
    assert "■ ご提出書類" in mail.text
    assert f"/member/orders/{order.number}/papers" in mail.text
    assert world.order().state == Order.State.AWAITING_PAYMENT
    assert "ご提出書類" not in Message.objects.filter(kind="sales/order_placed").latest("id").text


def test_what_was_promised_counts_not_a_rule_that_came_later(world: World) -> None:
    quote = world.quote()
    PaperRule.objects.create(
        vendor=world.sku("VBBSS-R1").product.vendor, paper=Paper.APPLICATION_FORM, why="新しい規定"
    )
    order = orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=quote.member)
    assert not order.document_requests.exists()
    line = order.lines.get()
    papers.ask(order, line, paper=Paper.APPLICATION_FORM, why="メーカーの依頼です。", by=world.operator)
    assert order.state == Order.State.AWAITING_PAPERS
    assert len(subjects("paper_asked")) == 1
    with pytest.raises(Refused, match="依頼済み"):
        papers.ask(order, line, paper=Paper.APPLICATION_FORM, why="x", by=world.operator)


def test_handed_in_returned_handed_in_again_accepted_and_sent(world: World) -> None:
    order = order_of(world, "TREND-ACA")
    request = order.document_requests.get()
    submissions.hand_in(request, [picture(), picture("red")], by=world.taro)
    order.refresh_from_db()
    assert (request.state, order.state) == (PaperState.HANDED_IN, Order.State.IN_REVIEW)
    first = submissions.counting(request)
    assert [one.file.name for one in first] == ["IMG_0001.jpg", "IMG_0001.jpg"]
    submissions.hand_in(request, [picture("blue")], by=world.taro)
    [second] = submissions.counting(request)
    run_jobs()
    assert SubmissionPage.objects.filter(submission=second).count() == 1
    with pytest.raises(Refused) as refused:
        submissions.accept(request, seen=first[-1].pk, remember=False, by=world.operator)
    assert refused.value.code == "replaced"
    submissions.send_back(request, seen=second.pk, reason="文字が読めません。", by=world.operator)
    order.refresh_from_db()
    assert (request.state, order.state) == (PaperState.RETURNED, Order.State.AWAITING_PAPERS)
    assert "文字が読めません。" in Message.objects.get(kind="sales/paper_returned").text
    submissions.hand_in(request, [picture("green")], by=world.taro)
    [third] = submissions.counting(request)
    submissions.accept(request, seen=third.pk, remember=True, by=world.operator)
    order.refresh_from_db()
    assert (request.state, order.state) == (PaperState.ACCEPTED, Order.State.AWAITING_PAYMENT)
    assert len(subjects("papers_accepted")) == 1
    with pytest.raises(Refused, match="受理されています"):
        submissions.hand_in(request, [picture()], by=world.taro)
    submissions.mark_sent(request, by=world.operator)
    assert request.state == PaperState.SENT


def test_an_accepted_proof_is_asked_for_only_once(world: World) -> None:
    waiting, order = order_of(world, "TREND-ACA"), order_of(world, "TREND-ACA")
    request = order.document_requests.get()
    submissions.hand_in(request, [picture()], by=world.taro)
    [seen] = submissions.counting(request)
    day = clock.today() + timedelta(days=30)
    submissions.accept(request, seen=seen.pk, remember=True, valid_until=day, by=world.operator)
    waiting.refresh_from_db()
    assert waiting.state == Order.State.AWAITING_PAYMENT
    proof = CompanyProof.objects.get()
    assert (proof.vendor, proof.valid_until) == (None, day)
    again = order_of(world, "TREND-ACA")
    assert again.state == Order.State.AWAITING_PAYMENT
    assert again.document_requests.get().proof == proof
    submissions.send_back(request, seen=seen.pk, reason="別の学校のものでした。", by=world.operator)
    assert request.proof is None
    assert order_of(world, "TREND-ACA").state == Order.State.AWAITING_PAPERS


def accepted(request: DocumentRequest, world: World) -> int:
    """Handed in and kept as the company's proof; answers the file that was seen."""
    submissions.hand_in(request, [picture(f"#{request.pk:06x}")], by=world.taro)
    seen = submissions.counting(request)[-1].pk
    submissions.accept(request, seen=seen, remember=True, by=world.operator)
    return seen


def test_a_proof_that_is_taken_back_is_asked_for_again_where_nothing_was_sent(
    world: World, client_of: ClientOf
) -> None:
    own, first = order_of(world, "TREND-ACA"), order_of(world, "TREND-ACA")
    submissions.hand_in(own.document_requests.get(), [picture("red")], by=world.taro)
    request = first.document_requests.get()
    seen = accepted(request, world)
    plain, sent, paid = (order_of(world, "TREND-ACA") for _order in range(3))
    submissions.mark_sent(sent.document_requests.get(), by=world.operator)
    orders.record_transfer(
        paid, amount_yen=paid.total_yen, received_on=clock.today(), payer_name="x", by=world.operator
    )
    submissions.send_back(request, seen=seen, reason="別の学校のものでした。", by=world.operator)
    for order, state, paper in (
        (own, Order.State.IN_REVIEW, PaperState.HANDED_IN),  # the file of its own is looked at
        (plain, Order.State.AWAITING_PAPERS, PaperState.NEEDED),
        (paid, Order.State.AWAITING_PAPERS, PaperState.NEEDED),
        (sent, Order.State.AWAITING_PAYMENT, PaperState.SENT),
    ):
        order.refresh_from_db()
        assert (order.state, order.document_requests.get().state) == (state, paper)
    told = Message.objects.filter(kind="sales/paper_asked_again")
    assert [order.number in one.subject for order, one in zip((own, plain, paid), told.order_by("id"), strict=True)]
    assert all("別の学校のものでした。" in one.text for one in told)
    for words in ("ご提出期限", "ご提出もこちらから"):  # not of who has handed in a file of their own
        assert [words in one.text and words in one.html for one in told.order_by("id")] == [False, True, True]
    page = client_of(world.taro).get(f"/87465/member/orders/{plain.number}/papers").content.decode()
    assert "別の学校のものでした。" in page
    desk = client_of(world.operator)
    task = f"/backoffice/papers/87465/{sent.document_requests.get().pk}/"
    assert task in desk.get("/backoffice/?kind=proof").content.decode()
    accepted(request, world)  # the right one: all stand on it, also what was sent
    states = DocumentRequest.objects.values_list("state", flat=True)
    assert set(states) == {PaperState.ACCEPTED, PaperState.SENT}
    assert task not in desk.get("/backoffice/?kind=proof").content.decode()


def test_what_another_proof_covers_stays_accepted(world: World) -> None:
    first, second = (order_of(world, "TREND-ACA").document_requests.get() for _order in range(2))
    submissions.hand_in(second, [picture("red")], by=world.taro)
    seen = accepted(first, world)
    second.refresh_from_db()
    submissions.send_back(second, seen=submissions.counting(second)[0].pk, reason="読めません。", by=world.operator)
    last = accepted(second, world)
    third = order_of(world, "TREND-ACA").document_requests.get()
    submissions.send_back(second, seen=last, reason="別の学校のものでした。", by=world.operator)
    third.refresh_from_db()
    assert (third.state, third.proof) == (PaperState.ACCEPTED, CompanyProof.objects.get(withdrawn_at=None))
    assert submissions.counting(first)[0].pk == seen


def test_others_cannot_hand_in_and_the_desk_files_with_its_source(world: World) -> None:
    request = order_of(world, "TREND-ACA").document_requests.get()
    with pytest.raises(NotVisible):
        submissions.hand_in(request, [picture()], by=world.hanako)
    with pytest.raises(Refused, match="1つ以上"):
        submissions.hand_in(request, [], by=world.taro)
    with pytest.raises(Refused, match="方法"):
        submissions.file_for(request, [picture()], source="web", by=world.operator)
    submissions.file_for(request, [picture()], source="fax", by=world.operator)
    [filed] = submissions.counting(request)
    assert (filed.source, filed.filed_by, filed.member) == ("fax", world.operator, world.taro)
    submissions.not_needed(request, by=world.operator)
    assert Order.objects.get(pk=request.order_id).state == Order.State.AWAITING_PAYMENT


def test_a_paper_is_reminded_of_once_before_it_is_due(world: World) -> None:
    request = order_of(world, "TREND-ACA").document_requests.get()
    paper_reminders.remind_all(0)
    run_jobs()
    assert subjects("papers_reminder") == []
    DocumentRequest.objects.update(due_on=clock.today() + timedelta(days=2))
    for _ in range(2):
        paper_reminders.remind_all(0)
        run_jobs()
    assert len(subjects("papers_reminder")) == 1
    request.refresh_from_db()
    assert request.reminded_at is not None
