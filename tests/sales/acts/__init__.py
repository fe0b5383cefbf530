"""Acts of members, partners, the desk and time on the small world, as their pages would call the verbs.

Rows are chosen whoever they belong to, and whether or not the act fits them: a verb says no by itself. A new act stands
in the file of its noun; every file here is found.
"""

import pkgutil
from importlib import import_module

from tests.sales.acts.entering import ACTS

__all__ = ["ACTS"]

for _file in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_file.name}")
