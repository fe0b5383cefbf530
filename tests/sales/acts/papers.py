"""Papers that an order needs."""

from licenseonline.accounts.models import Member, User
from licenseonline.catalog.models import Paper
from licenseonline.sales import papers, submissions
from licenseonline.sales.models import DocumentRequest, Order, PaperState
from tests.sales.acts.entering import act, scan
from tests.sales.play import Play


@act("desk", 2)
def ask_paper(play: Play, by: User) -> None:
    order = play.some(Order.objects.all())
    line = order.lines.order_by("pk")[play.chance.randrange(order.lines.count())]
    papers.ask(order, line, paper=play.chance.choice(Paper.values), why="メーカーの依頼です。", by=by)


def _request(play: Play, *states: str) -> DocumentRequest:
    asked = DocumentRequest.objects.select_related("order__store", "order__member")
    return play.some(asked, asked.filter(state__in=states))


@act("member", 8)
def hand_in(play: Play, by: Member) -> None:
    asked = DocumentRequest.objects.select_related("order")
    request = play.some(asked, asked.filter(order__company=by.company, state__in=papers.OPEN))
    submissions.hand_in(request, [scan() for _file in range(play.chance.randint(1, 2))], by=by)


@act("desk", 1)
def file_paper(play: Play, by: User) -> None:
    source = play.chance.choice(["fax", "mail", "web"])
    submissions.file_for(_request(play, *papers.OPEN), [scan()], source=source, by=by)


def _seen(play: Play, request: DocumentRequest) -> int:
    """The file on the reviewer's screen; sometimes one that was replaced."""
    handed = list(request.submissions.order_by("pk").values_list("pk", flat=True))
    return handed[-1 if play.often() else 0] if handed else 0


@act("desk", 8)
def accept_paper(play: Play, by: User) -> None:
    request = _request(play, PaperState.HANDED_IN)
    submissions.accept(request, seen=_seen(play, request), remember=play.chance.random() < 0.5, by=by)


@act("desk", 2)
def send_back(play: Play, by: User) -> None:
    request = _request(play, PaperState.HANDED_IN, PaperState.ACCEPTED)
    submissions.send_back(request, seen=_seen(play, request), reason="読めません。", by=by)


@act("desk", 2)
def do_without_paper(play: Play, by: User) -> None:
    submissions.not_needed(_request(play, *papers.OPEN), by=by)


@act("desk", 1)
def mark_sent(play: Play, by: User) -> None:
    submissions.mark_sent(_request(play, PaperState.ACCEPTED), by=by)
