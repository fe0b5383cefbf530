"""The house rules of the design, checked by machine. Each check is tried on a breach of its rule as well.

A rule broken for a reason names the reason: `# house: <reason>` on the line, or an entry in a table here.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).parent.parent
CODE = ROOT / "licenseonline"
FILE_LINES, FUNCTION_LINES, VIEW_LINES, TEMPLATE_LINES = 400, 50, 20, 120
DOMAIN = ["kit", "records", "stores", "accounts", "catalog", "licensing", "billing", "content", "sales"]
FORBIDDEN_NAMES = {"services", "selectors", "managers", "repositories", "signals", "utils", "tasks", "helpers"}
JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
Check = Callable[[str, str], Iterator[str]]


def python_files() -> list[Path]:
    return [path for path in sorted(CODE.rglob("*.py")) if "migrations" not in path.parts]


def templates() -> list[Path]:
    return sorted([*CODE.rglob("*.html"), *CODE.rglob("*.txt")])


def own_reason(source: str, line: int) -> bool:
    return "# house:" in source.splitlines()[line - 1]


def functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_view(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return bool(node.args.args) and node.args.args[0].arg == "request" and not node.name.startswith("_")


def file_length(path: str, source: str) -> Iterator[str]:
    if len(source.splitlines()) > FILE_LINES:
        yield f"{path}: more than {FILE_LINES} lines"


def function_length(path: str, source: str) -> Iterator[str]:
    in_web = path.startswith(("licenseonline/web/", "licenseonline/backoffice/", "licenseonline/demo/"))
    for node in functions(source):
        most = VIEW_LINES if in_web and is_view(node) else FUNCTION_LINES
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > most:
            yield f"{path}:{node.lineno} {node.name} has {length} lines, {most} are allowed"


def imports_inside_functions(path: str, source: str) -> Iterator[str]:
    for function in functions(source):
        for node in ast.walk(function):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if any(str(name).startswith("licenseonline") for name in [module, *names]):
                yield f"{path}:{function.lineno} first-party import inside a function"


def signals(path: str, source: str) -> Iterator[str]:
    if re.search(r"django\.(db\.models|core|contrib\.auth|test)\.signals|django\.dispatch|@receiver", source):
        yield f"{path}: signals"


def state_changes(path: str, source: str) -> Iterator[str]:
    """`.state =` and `state=` in update() stand in kit/states.py only."""
    if path == "licenseonline/kit/states.py":
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and any(getattr(target, "attr", "") == "state" for target in node.targets):
            yield f"{path}:{node.lineno} assigns .state"
        if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") != "update":
            continue
        if any(keyword.arg == "state" for keyword in node.keywords):
            yield f"{path}:{node.lineno} updates state"


def unscoped_reads(path: str, source: str) -> Iterator[str]:
    """In web, `objects` is followed by visible_to or public; sessions and staff accounts are no store rows."""
    if not path.startswith("licenseonline/web/"):
        return
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Attribute) or getattr(node.value, "attr", "") != "objects":
            continue
        if node.attr not in {"visible_to", "public"} and not own_reason(source, node.lineno):
            yield f"{path}:{node.lineno} objects.{node.attr}"


def raw_time(path: str, source: str) -> Iterator[str]:
    """Time comes from kit/clock.py; business SQL does not ask PostgreSQL for it."""
    if path == "licenseonline/kit/clock.py":
        return
    if re.search(
        r"datetime\.now\(|date\.today\(|timezone\.now\(|time\.time\(|CURRENT_DATE|CURRENT_TIMESTAMP|\bNow\(\)", source
    ):
        yield f"{path}: reads the time past kit/clock.py"


def module_names(path: str, source: str) -> Iterator[str]:
    if set(Path(path).with_suffix("").parts) & FORBIDDEN_NAMES:
        yield f"{path}: not a name for a module here"


def web_in_domain(path: str, source: str) -> Iterator[str]:
    if path.split("/")[1] in DOMAIN and re.search(
        r"^(from|import) django\.(http|shortcuts|views)\b", source, re.MULTILINE
    ):
        yield f"{path}: a domain app imports the web"


def unfinished(path: str, source: str) -> Iterator[str]:
    if re.search(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|pragma: no cover|Being written", source):
        yield f"{path}: unfinished"


def bare_japanese(path: str, source: str) -> Iterator[str]:
    """What users read goes through gettext: a Japanese string constant stands inside a call of _ or gettext.

    Data (demo, settings' names, folding tables) is not text of the interface.
    """
    tree = ast.parse(source)
    translated = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in GETTEXT
        for inner in ast.walk(node)
    }
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not JAPANESE.search(str(node.value)):
            continue
        if id(node) not in translated | docstrings and not own_reason(source, node.lineno):
            yield f"{path}:{node.lineno} {str(node.value)[:20]}"


GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
NOT_INTERFACE = (
    "licenseonline/demo/",
    "licenseonline/kit/text.py",
    "licenseonline/kit/romaji.py",
    "licenseonline/kit/pdf.py",
    "licenseonline/settings.py",
)

PYTHON_CHECKS: list[Check] = [
    file_length, function_length, imports_inside_functions, signals, state_changes, unscoped_reads, raw_time,
    module_names, web_in_domain, unfinished,
]  # fmt: skip


@pytest.mark.parametrize("check", PYTHON_CHECKS, ids=lambda check: check.__name__)
def test_python(check: Check) -> None:
    found = [line for path in python_files() for line in check(str(path.relative_to(ROOT)), path.read_text())]
    assert found == []


def test_the_worker_imports_every_module_that_has_jobs() -> None:
    """What no page happens to import would never run; its jobs by the clock would be missing without a word."""
    having = [path.relative_to(ROOT) for path in python_files() if "@app.task(" in path.read_text()]
    modules = {".".join(path.with_suffix("").parts) for path in having}
    assert modules - set(settings.PROCRASTINATE_IMPORT_PATHS) == set()


def test_no_file_of_tests_is_longer_than_one_of_the_product() -> None:
    paths = sorted((ROOT / "tests").rglob("*.py"))
    assert [line for path in paths for line in file_length(str(path.relative_to(ROOT)), path.read_text())] == []


def test_japanese_goes_through_gettext() -> None:
    paths = [(str(path.relative_to(ROOT)), path) for path in python_files()]
    found = [
        line
        for name, path in paths
        if not name.startswith(NOT_INTERFACE)
        for line in bare_japanese(name, path.read_text())
    ]
    assert found == []


def template_length(path: str, source: str) -> Iterator[str]:
    if len(source.splitlines()) > TEMPLATE_LINES:
        yield f"{path}: more than {TEMPLATE_LINES} lines"


def inline_code(path: str, source: str) -> Iterator[str]:
    """No inline script, style or handler: the content security policy forbids them. Mails have no policy."""
    if "/mail/" in path:
        return
    if re.search(r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:|<script(?![^>]*\bsrc=)", source):
        yield f"{path}: inline script or style"


def untranslated(path: str, source: str) -> Iterator[str]:
    """Japanese in a template stands inside _() or trans (Jinja2), translate or blocktranslate (Django)."""
    rest = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", source, flags=re.DOTALL)
    rest = re.sub(r"{% (blocktranslate|trans)\b.*?{% end\1 %}", "", rest, flags=re.DOTALL)
    rest = re.sub(r"{%\s*translate\s.*?%}|_\((\"[^\"]*\"|'[^']*')\)", "", rest)
    for number, line in enumerate(rest.splitlines(), start=1):
        if JAPANESE.search(line):
            yield f"{path}: {line.strip()[:60]} (about line {number})"


TEMPLATE_CHECKS: list[Check] = [template_length, inline_code, untranslated]


@pytest.mark.parametrize("check", TEMPLATE_CHECKS, ids=lambda check: check.__name__)
def test_templates(check: Check) -> None:
    found = [line for path in templates() for line in check(str(path.relative_to(ROOT)), path.read_text())]
    assert found == []


def test_no_registry_address_and_no_machine_path_in_any_tracked_text() -> None:
    hosts = "|".join(["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "deb" + r"\.debian\.org"])
    pattern = re.compile(hosts + "|/" + "work/|/" + r"root/\.")
    suffixes = {".py", ".txt", ".toml", ".md", ".html", ".css", ".js", ".typ", ".csv", ".json", ""}
    found = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*")
        if path.is_file()
        and path.suffix in suffixes
        and not {".git", ".venv", "var"} & set(path.relative_to(ROOT).parts)
        and not any(part.endswith("_cache") or part == ".hypothesis" for part in path.parts)
        and pattern.search(path.read_text(errors="ignore"))
    ]
    assert found == []


def long_function(lines: int, first: str) -> str:
    return f"def f({first}):\n" + "    x = 1\n" * (lines - 1)


BREACHES: list[tuple[Check, str, str]] = [
    (file_length, "licenseonline/sales/x.py", "x = 1\n" * 401),
    (function_length, "licenseonline/sales/x.py", long_function(51, "a")),
    (function_length, "licenseonline/web/x.py", long_function(21, "request")),
    (imports_inside_functions, "x.py", "def f():\n    from licenseonline.kit import clock\n"),
    (signals, "x.py", "from django.db.models.signals import post_save\n"),
    (state_changes, "x.py", "order.state = 'paid'\n"),
    (state_changes, "x.py", "Order.objects.filter(pk=1).update(state='paid')\n"),
    (unscoped_reads, "licenseonline/web/x.py", "Order.objects.all()\n"),
    (raw_time, "x.py", "datetime.now(UTC)\n"),
    (module_names, "licenseonline/sales/services.py", ""),
    (web_in_domain, "licenseonline/sales/x.py", "from django.http import Http404\n"),
    (unfinished, "x.py", "# TO" + "DO later\n"),
    (bare_japanese, "x.py", "x = '見積'\n"),
    (template_length, "x.html", "<p>\n" * 121),
    (inline_code, "x.html", "<p onclick='x()'>"),
    (inline_code, "x.html", "<script>x()</script>"),
    (inline_code, "x.html", "<p style='color:red'>"),
    (untranslated, "x.html", "<p>見積</p>"),
]


@pytest.mark.parametrize(("check", "path", "source"), BREACHES, ids=lambda value: getattr(value, "__name__", None))
def test_each_check_sees_a_breach(check: Check, path: str, source: str) -> None:
    assert list(check(path, source))


@pytest.mark.parametrize(
    ("check", "path", "source"),
    [
        (unscoped_reads, "licenseonline/web/x.py", "Order.objects.visible_to(actor).filter()\n"),
        (bare_japanese, "x.py", "x = _('見積')\n"),
        (untranslated, "x.html", '{% translate "見積" %}{% blocktranslate %}見積{% endblocktranslate %}'),
        (inline_code, "x.html", '<script src="/static/x.js" defer></script>'),
        (function_length, "licenseonline/web/x.py", long_function(21, "number")),
    ],
)  # fmt: skip
def test_each_check_lets_good_code_pass(check: Check, path: str, source: str) -> None:
    assert not list(check(path, source))
