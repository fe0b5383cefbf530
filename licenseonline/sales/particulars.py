"""What a quotation says besides its lines: to whom, for whom, until when, and in which form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Addressee:
    """The addressee (宛名); without one it is the member, as registered."""

    company: str
    person: str = ""
    department: str = ""
    postal_code: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class EndUser:
    """Who will use the licences, if it is not the buyer's company."""

    company: str
    kana: str = ""
    department: str = ""
    person: str = ""
    postal_code: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Particulars:
    """All of it; `note` is for the store and stands on the quotation.

    Public bodies may want the paper without its date (`blank_date`) or with the name of the seller's representative.
    """

    subject: str = ""
    addressee: Addressee | None = None
    wished_on: date | None = None
    po_number: str = ""
    note: str = ""
    end_user: EndUser | None = None
    blank_date: bool = False
    names_representative: bool = False

    def as_data(self) -> dict[str, Any]:
        """Plain data, to compare what was sent twice."""
        return asdict(self)


PLAIN = Particulars()


def of(told: Mapping[str, Any]) -> Particulars:
    """What a frozen quotation said besides its lines."""
    user, wished_on = told.get("end_user"), told.get("wished_on")
    return Particulars(
        subject=told["subject"],
        addressee=Addressee(**told["buyer"]),
        wished_on=date.fromisoformat(wished_on) if wished_on else None,
        po_number=told.get("po_number", ""),
        note=told["note"],
        end_user=EndUser(**user) if user else None,
        blank_date=told.get("blank_date", False),
        names_representative="representative" in told["seller"],
    )
