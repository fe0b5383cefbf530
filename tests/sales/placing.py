"""A process that orders a quotation: `python -m tests.sales.placing <number> <mail address>`.

It reads the quotation, says `read`, waits for a line, and orders it as it was read, as two clicks in two processes do.
"""

import sys

import django

django.setup()

from licenseonline.accounts.models import Member
from licenseonline.kit import scope
from licenseonline.kit.errors import Refused
from licenseonline.sales import orders
from licenseonline.sales.models import Quote


def place(number: str, email: str) -> str:
    with scope.stores([87465]):
        member = Member.objects.select_related("company", "store").get(email=email)
        quote = Quote.objects.visible_to(member).get(number=number)
        print("read", flush=True)
        sys.stdin.readline()
        try:
            return orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=member).number
        except Refused as refusal:
            return f"refused: {refusal.code}"


if __name__ == "__main__":
    print(place(*sys.argv[1:]))
