"""Who may call which verb. A new verb is entered in the table of its app; a member's also in `member_verbs`."""

from licenseonline.kit.rights import StaffRole
from tests.rights.accounts import ACCOUNTS
from tests.rights.catalog import CATALOG
from tests.rights.licensing import LICENSING
from tests.rights.sales import SALES
from tests.rights.stores import STORES

TABLES = (STORES, ACCOUNTS, CATALOG, LICENSING, SALES)
# What each role of the staff may do, verb by verb. 管理者 may do all of it.
MAY: dict[StaffRole, set[str]] = {
    role: {
        name
        for table in TABLES
        for roles, names in table.staff.items()
        if role in roles or role == StaffRole.ADMIN
        for name in names
    }
    for role in StaffRole
}
OF_BUYERS = {name for table in TABLES for name in table.buyers}
OF_ADMINS = {name for table in TABLES for name in table.admins}
OF_ONESELF = {name for table in TABLES for name in table.oneself}
PARTS = {name for table in TABLES for name in table.parts}
