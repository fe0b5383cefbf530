"""What the console says once the demo serves."""

from licenseonline.demo.logins import ALL, Desk, Login
from licenseonline.demo.place import Place


def text(place: Place) -> str:
    """Addresses and logins, the member of the first store first."""
    lines = [f"License Online demo (demo prices; nothing leaves this machine): {place.url}/", ""]
    lines += [_line(place, login) for login in ALL]
    lines += [
        "",
        f"  Staff also need a code, which changes every 30 seconds:  {place.url}/demo/logins",
        f"  Every mail the demo sent:                                {place.url}/demo/mail/",
        f"  Logs: {place.logs}",
        "",
        "Ctrl-C stops everything. bin/demo --reset begins anew.",
    ]
    return "\n".join(lines)


def _line(place: Place, login: Login) -> str:
    who = {Desk.STORE: "member", Desk.PARTNER: f"partner {login.spid}", Desk.OPERATOR: "operator"}[login.desk]
    return f"  {who:<16} {place.url + login.path:<36} {login.email:<30} {login.password}"
