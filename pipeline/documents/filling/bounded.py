"""What a template may do, bounded: loops and macros counted, operations and calls held to the budget (``fuel``).

The sandbox keeps a template from our code; this keeps it from our memory and time. A template is changed as it is
parsed: each body that may run again begins with a count, each list and each ``a ~ b`` is looked at when it is made.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from jinja2 import nodes, pass_context
from jinja2.filters import do_join, do_replace
from jinja2.runtime import Context, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from pipeline.documents.filling.expressions import COUNT, GLUE, LOOK, spelled
from pipeline.documents.filling.fuel import LONGEST, SHORT, Fuel

FUEL = "the fuel"  # in the context of a rendering; no template can spell a name with a space in it
_A_CALL = 10  # steps
_LETTERS = 100  # of the template's own text that are written in the time of a step
_OPERATORS = {
    "+": "une addition",
    "-": "une soustraction",
    "*": "une multiplication",
    "/": "une division",
    "//": "une division",
    "%": "un reste ou un format",
    "**": "une puissance",
}
_OF_DATA = (
    str,
    bytes,
    int,
    float,
    Decimal,
    list,
    tuple,
    set,
    frozenset,
    range,
    Mapping,
    dt.date,
    dt.time,
    dt.timedelta,
)
_METHODS = frozenset(
    [
        "upper",
        "lower",
        "title",
        "capitalize",
        "swapcase",
        "casefold",
        "strip",
        "lstrip",
        "rstrip",
        "split",
        "rsplit",
        "splitlines",
        "partition",
        "rpartition",
        "startswith",
        "endswith",
        "removeprefix",
        "removesuffix",
        "count",
        "find",
        "rfind",
        "index",
        "isdigit",
        "isalpha",
        "isalnum",
        "isupper",
        "islower",
        "isspace",
        "items",
        "keys",
        "values",
        "get",
        "isoformat",
        "weekday",
        "isoweekday",
        "date",
        "time",
        "quantize",
        "as_tuple",
        "is_integer",
    ]
)
_PLAIN_DATE = re.compile(r"(?:[^%]|%-?[a-zA-Z%])*")
_PLAIN_FORMAT = re.compile(r"(?:[^%]|%(?:\(\w+\))?[-+ 0#]?\d{0,2}(?:\.\d{1,2})?[a-zA-Z%])*")


class BoundedSandbox(ImmutableSandboxedEnvironment):
    """A sandbox of which each rendering pays with the fuel of its context."""

    intercepted_binops = frozenset(_OPERATORS)

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 -- Jinja's own
        super().__init__(**options)
        self.filters |= {COUNT: _count, LOOK: _look, GLUE: _glue}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = _Counting().visit(super()._parse(source, name, filename))
        tree.set_environment(self)
        return tree

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """As in Jinja, for what stays small; raises TooMuch otherwise."""
        fuel, what = fuel_of(context), _OPERATORS[operator]
        fuel.burn(1, what)
        if isinstance(left, int | float | Decimal) and isinstance(right, int | float | Decimal):
            _hold_numbers(fuel, operator, left, right)
        elif operator == "*":
            longer, times = (left, right) if isinstance(right, int) else (right, left)
            if isinstance(times, int) and hasattr(longer, "__len__"):
                fuel.hold(len(longer) * max(times, 0), what)
        elif operator == "%" and isinstance(left, str | bytes):
            if not isinstance(left, str) or not _PLAIN_FORMAT.fullmatch(left):
                raise fuel.refusal("ce format n’est pas permis dans un modèle")
            fuel.hold(len(left) * 100 + left.count("%") * fuel.size(right, what), what)
        elif hasattr(left, "__len__") and hasattr(right, "__len__"):
            fuel.hold(len(left) + len(right), what)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, called: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        """As in Jinja; of what values can do by themselves, only what stays as long as they are."""
        fuel = fuel_of(context)
        fuel.burn(_A_CALL, "trop d’appels")
        for one in (*given, *named.values()):
            if not isinstance(one, str):
                fuel.size(one, "un appel")
        owner = getattr(called, "__self__", None)
        if isinstance(owner, _OF_DATA):
            _hold_method(fuel, owner, getattr(called, "__name__", "?"), given)
        return super().call(context, called, *given, **named)


def fuel_of(context: Context) -> Fuel:
    """The budget of the rendering; one of its own where a piece is rendered by itself."""
    found = context.parent.get(FUEL)
    return found if isinstance(found, Fuel) else Fuel()


def light(work: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that pays for its value first; a short text is a step of the body that it stands in."""

    @pass_context
    def paid(context: Context, value: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        if hasattr(value, "__len__") and (type(value) is not str or len(value) > SHORT):
            fuel = fuel_of(context)
            fuel.hold(fuel.size(value, "un filtre"), "un filtre")
        return work(value, *given, **named)

    return paid


@pass_context
def numbers(context: Context, *given: int) -> range:
    """Python's ``range``, for what stays short."""
    found, fuel = range(*given), fuel_of(context)
    if found[LONGEST:]:
        raise fuel.refusal(f"range({', '.join(map(str, given))}) a trop de nombres, {LONGEST} au plus")
    return found


@pass_context
def join(context: Context, value: Any, d: str = "", attribute: str | int | None = None) -> str:  # noqa: ANN401
    """Jinja's ``join``, for what stays small."""
    fuel = fuel_of(context)
    pieces = value if isinstance(value, list | tuple | str | Mapping | range) else list(value)
    fuel.hold(fuel.size(pieces, "join") + len(pieces) * fuel.size(d, "join"), "join")
    joined: str = do_join(context.eval_ctx, pieces, d, attribute)
    return joined


@pass_context
def replace(context: Context, value: Any, old: str, new: str, count: int | None = None) -> str:  # noqa: ANN401
    """Jinja's ``replace``, for what stays small."""
    fuel, text = fuel_of(context), value if isinstance(value, str) else ""
    fuel.hold(fuel.size(value, "replace") + text.count(str(old)) * fuel.size(new, "replace"), "replace")
    return do_replace(context.eval_ctx, value, old, new, count)


def _hold_numbers(fuel: Fuel, operator: str, left: Any, right: Any) -> None:  # noqa: ANN401 -- numbers
    bits = [abs(int(one)).bit_length() if isinstance(one, int) else 64 for one in (left, right)]
    if operator == "**":
        fuel.hold_number(bits[0] * min(abs(right), 10**6) if abs(right) <= 10**6 else 10**6, _OPERATORS[operator])
    elif operator == "*":
        fuel.hold_number(sum(bits), _OPERATORS[operator])


def _hold_method(fuel: Fuel, owner: Any, name: str, given: tuple[Any, ...]) -> None:  # noqa: ANN401
    fuel.hold(len(owner) if isinstance(owner, str) else 0, name)
    if name in _METHODS:
        return
    texts = [one for one in given if isinstance(one, str)]
    if name == "strftime" and texts and len(texts[0]) <= _LETTERS and _PLAIN_DATE.fullmatch(texts[0]):
        return
    if not isinstance(owner, str) or name not in {"replace", "join"} or not given:
        raise fuel.refusal(f"« .{name}() » n’est pas permis dans un modèle")
    if name == "join":
        count = len(given[0]) if hasattr(given[0], "__len__") else 0
        fuel.hold(fuel.size(given[0], name) + count * len(owner), name)
    else:
        fuel.hold(len(owner) + owner.count(texts[0] if texts else "") * sum(map(len, texts[1:])), name)


@pass_context
def _count(context: Context, steps: int, what: str) -> bool:
    fuel_of(context).burn(steps, what)
    return True


@pass_context
def _look(context: Context, made: Any) -> Any:  # noqa: ANN401 -- the list that a template makes
    fuel = fuel_of(context)
    fuel.hold(fuel.size(made, "une liste"), "une liste")
    return made


@pass_context
def _glue(context: Context, pieces: list[Any]) -> str:
    fuel = fuel_of(context)
    fuel.hold(fuel.size(pieces, "un texte assemblé"), "un texte assemblé")
    return (markup_join if context.eval_ctx.autoescape else str_join)(pieces)


class _Counting(NodeTransformer):
    """Puts the counts into a tree; bodies are weighed before anything is put into them."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 -- Jinja's own
        what, weight = f"la boucle « for {spelled(node.target)} in {spelled(node.iter)} »", _weight(node.body)
        self.generic_visit(node)
        node.body.insert(0, _counted(weight, what, node.lineno))
        if node.test is not None:
            node.test = nodes.And(_filter(nodes.Const(1), COUNT, node.lineno, nodes.Const(what)), node.test)
        return node

    def _again(self, node: Any) -> Any:  # noqa: ANN401 -- a macro, a call, a block
        name = getattr(node, "name", "")
        what, weight = f"la macro ou le bloc « {name} »", _weight(node.body)
        self.generic_visit(node)
        node.body.insert(0, _counted(weight, what, node.lineno))
        return node

    visit_Macro = visit_CallBlock = visit_Block = _again  # noqa: N815 -- Jinja's own

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 -- Jinja's own
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), GLUE, node.lineno)

    def _made(self, node: Any) -> nodes.Node:  # noqa: ANN401 -- a list, a tuple, a dict
        self.generic_visit(node)
        if getattr(node, "ctx", "load") != "load":
            return node  # type: ignore[no-any-return]
        return _filter(node, LOOK, node.lineno)

    visit_List = visit_Tuple = visit_Dict = _made  # noqa: N815 -- Jinja's own


def _weight(body: list[nodes.Node]) -> int:
    """The steps of running it once: its expressions, and its own text."""
    inside = [one for part in body for one in (part, *part.find_all(nodes.Node))]
    return 1 + len(inside) + sum(len(one.data) for one in inside if isinstance(one, nodes.TemplateData)) // _LETTERS


def _counted(weight: int, what: str, line: int) -> nodes.Node:
    return nodes.ExprStmt(_filter(nodes.Const(weight), COUNT, line, nodes.Const(what)), lineno=line)


def _filter(value: nodes.Expr, name: str, line: int, *given: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(value, name, list(given), [], None, None, lineno=line)
