"""A browser's name for its owner's list of sessions: enough to tell one's own devices apart, nothing to track them by."""

import re

# The first that fits: browsers claim to be each other, systems likewise.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh|Mac OS X", "Mac"),
    ("Linux|X11", "Linux"),
)


def name_of(user_agent: str) -> str:
    """`Chrome / Windows`; what is not known is left out, both unknown is empty."""
    found = [next((name for sign, name in signs if re.search(sign, user_agent)), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " / ".join(filter(None, found))
