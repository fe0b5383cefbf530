"""Two processes, as two web workers or machines, order one quotation."""

import subprocess
import sys

from licenseonline.kit import scope
from licenseonline.records.models import Message
from licenseonline.sales.models import Order, OrderLine, Quote
from tests.environment import ROOT
from tests.world import World


def test_two_processes_make_one_order(committed: World) -> None:
    with scope.platform():
        quote = committed.quote()
    command = [sys.executable, "-m", "tests.sales.placing", quote.number]
    people = ("hanako@aozora.example", "ichiro@aozora.example")
    both = [
        subprocess.Popen([*command, email], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for email in people
    ]
    for process in both:  # each has read it as one that can be ordered before either writes
        assert process.stdout is not None
        assert process.stdout.readline() == "read\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = sorted(process.communicate()[0].strip() for process in both)
    with scope.platform():
        order = Order.objects.get()
        assert answers == [order.number, "refused: ordered"]
        assert (OrderLine.objects.count(), Message.objects.filter(kind="sales/order_placed").count()) == (1, 1)
        assert Quote.objects.get().state == Quote.State.ORDERED
