"""Accept against replace of a paper: the desk never accepts what it has not seen."""

import threading
from typing import Any

import pytest

from licenseonline.kit import scope, states
from licenseonline.sales import submissions
from licenseonline.sales.models import DocumentRequest, PaperState, Submission
from tests.sales.test_papers import order_of, picture
from tests.sales.test_races import PATIENCE, at_once
from tests.world import World


def handed_in(committed: World) -> tuple[int, int]:
    """A paper that waits for the desk: its id, and that of the file that the desk has on the screen."""
    with scope.platform():
        request = order_of(committed, "TREND-ACA").document_requests.get()
        submissions.hand_in(request, [picture()], by=committed.taro)
        return request.pk, submissions.counting(request)[0].pk


def both(committed: World, paper: int, seen: int, meeting: threading.Barrier | None) -> list[str]:
    """The member replaces the file while the desk accepts it."""
    with scope.platform():
        taro, operator = committed.taro, committed.operator

    def replace() -> str:
        with scope.stores([87465]):
            request = DocumentRequest.objects.select_related("order").get(pk=paper)
            if meeting:
                meeting.wait(PATIENCE)
            submissions.hand_in(request, [picture("red")], by=taro)
        return "replaced"

    def accept() -> str:
        with scope.stores([87465]):
            request = DocumentRequest.objects.select_related("order__store", "order__member").get(pk=paper)
            if meeting:
                meeting.wait(PATIENCE)
            submissions.accept(request, seen=seen, remember=True, by=operator)
        return "accepted"

    return at_once(replace, accept)


def test_one_of_accept_and_replace_wins_and_the_other_is_told(committed: World) -> None:
    paper, seen = handed_in(committed)
    outcomes = both(committed, paper, seen, threading.Barrier(2))
    assert outcomes in (["accepted", "refused: accepted"], ["refused: replaced", "replaced"])
    with scope.platform():
        request = DocumentRequest.objects.get(pk=paper)
        is_accepted = outcomes[0] == "accepted"
        assert request.state == (PaperState.ACCEPTED if is_accepted else PaperState.HANDED_IN)
        assert Submission.objects.get(replaced_at=None).pk == seen or not is_accepted


def test_without_the_lock_what_nobody_has_seen_is_accepted(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    paper, seen = handed_in(committed)
    looked, replaced = threading.Event(), threading.Event()
    look = submissions._seen

    def slow_look(request: DocumentRequest, wanted: int) -> Submission:
        found = look(request, wanted)
        looked.set()
        replaced.wait(PATIENCE)
        return found

    def no_lock(obj: Any) -> Any:
        return obj

    receive = submissions._receive

    def after_the_look(*args: Any, **options: Any) -> None:
        looked.wait(PATIENCE)
        receive(*args, **options)

    monkeypatch.setattr(states, "lock", no_lock)
    monkeypatch.setattr(submissions, "_seen", slow_look)
    monkeypatch.setattr(submissions, "_receive", after_the_look)
    with scope.platform():
        taro, operator = committed.taro, committed.operator

    def replace() -> str:
        with scope.stores([87465]):
            submissions.hand_in(
                DocumentRequest.objects.select_related("order").get(pk=paper), [picture("red")], by=taro
            )
        replaced.set()
        return "replaced"

    def accept() -> str:
        with scope.stores([87465]):
            request = DocumentRequest.objects.select_related("order__store", "order__member").get(pk=paper)
            submissions.accept(request, seen=seen, remember=False, by=operator)
        return "accepted"

    assert at_once(replace, accept) == ["accepted", "replaced"]
    with scope.platform():
        assert DocumentRequest.objects.get(pk=paper).state == PaperState.ACCEPTED
        assert Submission.objects.get(replaced_at=None).pk != seen
