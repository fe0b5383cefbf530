"""A process that orders a quotation: `python -m tests.sales.placing <number> <mail address>`.

It reads the quotation, says `read`, waits for a line, and orders it as it was read, as two clicks in two processes do.
"""

import sys

import django

django.setup()

from licenseonline.accounts.models import Member  # noqa: E402
from licenseonline.kit import scope  # noqa: E402
from licenseonline.kit.errors import Refused  # noqa: E402
from licenseonline.sales import orders  # noqa: E402
from licenseonline.sales.models import Quote  # noqa: E402


def place(number: str, email: str) -> str:
    with scope.stores([87465]):
        member = Member.objects.select_related("company", "store").get(email=email)
        quote = Quote.objects.visible_to(member).get(number=number)
        print("read", flush=True)  # noqa: T201
        sys.stdin.readline()
        try:
            return orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=member).number
        except Refused as refusal:
            return f"refused: {refusal.code}"


if __name__ == "__main__":
    print(place(*sys.argv[1:]))  # noqa: T201
