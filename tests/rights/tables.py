"""The shape of a table: which verbs of an app who may call."""

from dataclasses import dataclass, field
from typing import Final

from licenseonline.kit.rights import StaffRole

ADMIN: Final = (StaffRole.ADMIN,)  # 管理者, who may do all of the other tables too
ORDERS: Final = (StaffRole.ORDERS,)
ACCOUNTING: Final = (StaffRole.ACCOUNTING,)
CATALOGUE: Final = (StaffRole.CATALOGUE,)
HEAD: Final = (StaffRole.HEAD,)
SELLERS: Final = (StaffRole.HEAD, StaffRole.SALES)  # of a partner, for its customers
ALL_OF_A_PARTNER: Final = (*SELLERS, StaffRole.BOOKS, StaffRole.VIEWER)


@dataclass(frozen=True)
class Table:
    """Of members' verbs it only says in which role of the company; whose the thing is is asked by the verb itself."""

    staff: dict[tuple[StaffRole, ...], set[str]] = field(default_factory=dict)
    buyers: set[str] = field(default_factory=set)
    admins: set[str] = field(default_factory=set)
    oneself: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)  # no verbs: they check, or write down what a verb did
