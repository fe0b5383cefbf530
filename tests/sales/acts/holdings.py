"""Acts of the desk on what companies hold from elsewhere."""

from licenseonline.accounts.models import Company, User
from licenseonline.catalog.models import Product
from licenseonline.kit import clock
from licenseonline.licensing.holding_entries import Entry
from licenseonline.licensing.models import Holding
from licenseonline.sales import holding_uses
from tests.sales.acts.entering import act
from tests.sales.play import Play


@act("desk")
def enter_holding(play: Play, by: User) -> None:
    """Of the product that is renewed, or a competitor's."""
    product = Product.objects.select_related("vendor").get(code="vbbss") if play.often() else None
    entry = Entry(quantity=play.chance.randint(0, 12), product=product, name="他社製品", ends_on=clock.today())
    holding_uses.enter(play.some(Company.objects.select_related("store")), entry, by=by)


@act("desk", 1)
def withdraw_holding(play: Play, by: User) -> None:
    holding_uses.withdraw(play.some(Holding.objects.select_related("company")), by=by)
