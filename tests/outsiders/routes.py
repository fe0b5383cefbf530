"""Every address of the product, from the URL map."""

from django.urls import URLPattern, URLResolver, get_resolver


def routes() -> dict[str, list[str]]:
    """Every named route with its arguments; a route without a name cannot be walked and fails here."""
    found: dict[str, list[str]] = {}

    def walk(resolver: URLResolver, namespaces: tuple[str, ...], names: tuple[str, ...]) -> None:
        for entry in resolver.url_patterns:
            arguments = (*names, *entry.pattern.converters, *entry.pattern.regex.groupindex)
            if isinstance(entry, URLResolver):
                inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
                walk(entry, inner, arguments)
            elif isinstance(entry, URLPattern):
                name = entry.name or ("catch_all" if "admin" in namespaces else None)
                assert name, f"a route without a name: {entry.pattern}"
                found[":".join((*namespaces, name))] = list(dict.fromkeys(arguments))

    walk(get_resolver(), (), ())
    return found


ROUTES = routes()
SHOP = sorted(name for name in ROUTES if not name.startswith(("backoffice:", "admin:", "demo:")))
DESKS = sorted(name for name in ROUTES if name.startswith(("backoffice:", "admin:")))
