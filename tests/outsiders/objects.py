"""One of each thing that an address leads to; all belong to the company of one member."""

from dataclasses import dataclass
from typing import Final

from licenseonline.accounts import links
from licenseonline.accounts.models import MailLink
from licenseonline.kit import clock
from licenseonline.licensing.models import Key
from licenseonline.records import files
from licenseonline.sales import deliveries
from licenseonline.sales.models import Order, Quote
from tests.world import World

MARK: Final = "ひみつの件名"
INVITE: Final = MailLink.Purpose.INVITE
PDF: Final = b"%PDF-1.7\n%%EOF\n"


@dataclass
class Objects:
    """One of each thing, all hanako's company's."""

    world: World
    quote: Quote
    order: Order
    delivered: Order
    key: Key
    certificate: Key
    invitation: MailLink
    invitation_secret: str

    @classmethod
    def of(cls, world: World) -> "Objects":
        delivered = world.arranged_order()
        certificate = deliveries.Certificate(PDF, "証書.pdf", "application/pdf")
        item = deliveries.Item(starts_on=clock.today(), key="SECRET-KEY-99999", certificate=certificate)
        deliveries.deliver(delivered, items={1: item}, by=world.operator)
        order, quote = world.order(), world.quote()
        Quote.objects.update(subject=MARK)
        file = files.keep(
            PDF, name="見積書.pdf", content_type="application/pdf", store_id=87465, company_id=quote.company_id
        )
        Quote.objects.filter(pk=quote.pk).update(pdf=file)  # drawing it is the job's and has its own tests
        keys = Key.objects.order_by("id")
        key, proof = keys.get(kind=Key.Kind.KEY), keys.get(kind=Key.Kind.CERTIFICATE)
        company = world.hanako.company
        invited = links.issue(INVITE, company=company, address="new@aozora.example", role="buyer", by=world.hanako)
        return cls(world, quote, order, delivered, key, proof, *invited)

    @property
    def contract_number(self) -> str:
        return str(self.delivered.lines.get().contract.number)
