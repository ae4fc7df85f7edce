"""Trial rendering of a template: each expression that prints is watched, so that every fault has its place.

The sandbox and the filters are those of packets. A paragraph whose tags cannot be followed is told, then left out,
and the rest is rendered again: all faults at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer

from pipeline.core.errors import TemplateError
from pipeline.core.grammar import nobreak
from pipeline.documents.filling.expressions import spelled
from pipeline.documents.filling.language import ENVIRONMENT, FAULTS, Notes, with_notes
from pipeline.documents.filling.plain import words_in
from pipeline.documents.printable import Hidden, show
from pipeline.documents.rehearsal.naming import missing_name, names_of, nearest

_WATCH, _LOG = "the watch", "the log"  # no template can spell a name with a space in it
_BEFORE = re.compile(r"(?=<w:p[ >])|(?<=</w:p>)|(?<=</w:tr>)")
_XML = re.compile(r"<[^>]*>")
_TAG = re.compile(r"\{\{(.*?)\}\}|\{%-?\s*(if|elif|for\s[^%]*?\sin)\s(.*?)-?%\}", re.DOTALL)
_RAW = re.compile(
    r"\[['\"]|\{['\"]|\b(?:Decimal|Hours|Euros|datetime|Noun|Address)\(|\bNone\b|\bNONE\b|<[\w.]+ object"
)
_ROW = re.compile(r"t[rc]\s")
_QUOTES = re.compile("[«»„‹›]")
_MOST = 60  # paragraphs that are left out one after the other


@dataclass(frozen=True)
class Fault:
    """What is wrong in one paragraph (``line`` of the source)."""

    line: int
    said: str
    name: str = ""  # the expression that it is about: of one paragraph, told once


@dataclass
class Log:
    """What one rendering printed, by line and expression, and what was wrong."""

    printed: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    known: tuple[str, ...] = ()


@dataclass
class Source:
    """A part of a template, a paragraph to a line, that can be rendered for many dossiers."""

    part: str
    text: str
    _lines: tuple[str, ...]
    faults: list[Fault] = field(default_factory=list)
    _dead: set[int] = field(default_factory=set)
    _compiled: Template | None = None

    @classmethod
    def of(cls, part: str, patched: str) -> Source:
        """From the source that docxtpl made of the part's XML; what no expression can be made of is told and cut."""
        lines = _BEFORE.split(re.sub(r"[\r\n]+", " ", patched))
        source = cls(part, "\n".join(lines), tuple(lines))
        try:
            ENVIRONMENT.parse(source.text)
        except TemplateSyntaxError:
            source.text = _TAG.sub(source._sound, source.text)
        return source

    def words(self, line: int) -> str:
        """The words of a paragraph, with its tags."""
        return _XML.sub("", self._lines[line - 1]) if line else ""

    def tree(self) -> nodes.Template | None:
        """The parsed source; ``None``, and a fault, where its blocks do not close."""
        try:
            return ENVIRONMENT.parse(self.text)
        except TemplateSyntaxError as error:
            self.tell(Fault(error.lineno, f"la balise ne se ferme pas, ou n’est pas connue ({error.message})"))
            return None

    def render(self, context: Mapping[str, Any]) -> Log:
        """Render it for one dossier, without what was told to be wrong before."""
        known = tuple(names_of(context))
        for _ in range(_MOST):
            log = Log(known=known)
            try:
                template = self._template()
                if template is None:
                    return log
                template.render({**with_notes(context, Notes()), _LOG: log})
            except FAULTS as error:
                line = _line_of(error)
                if line in self._dead:
                    return log
                self.tell(Fault(line, _why(error)))
                self._dead.add(line)
                self._compiled = None
                continue
            return log
        return log

    def leave_out(self, line: int, said: str) -> None:
        """Tell what is wrong with a paragraph, and render without its tags from now on."""
        self.tell(Fault(line, said))
        self._dead.add(line)

    def tell(self, fault: Fault) -> None:
        """Note a fault, once."""
        same = ((one.line, one.name or one.said) for one in self.faults)
        if (fault.line, fault.name or fault.said) not in same:
            self.faults.append(fault)

    def _template(self) -> Template | None:
        if self._compiled is None and (tree := self.tree()) is not None:
            tree = _Watching(self._dead).visit(tree)
            self._compiled = Template.from_code(_WATCHED, _WATCHED.compile(tree), _WATCHED.make_globals(None))
        return self._compiled

    def _sound(self, tag: re.Match[str]) -> str:
        """The tag, if its expression can be followed; else nothing in its place, and a fault."""
        expression = tag[1] if tag[1] is not None else tag[3]
        try:
            ENVIRONMENT.compile_expression(expression.strip().strip("-"))
        except (TemplateSyntaxError, SyntaxError) as error:
            line = tag.string.count("\n", 0, tag.start()) + 1
            if not _ROW.match(expression):  # told of the paragraph that it stands in
                self.tell(Fault(line, _unreadable(expression, str(error))))
            if tag[1] is not None:
                return ""
            return f"{{% {tag[2]} {'()' if tag[2].startswith('for') else 'true'} %}}"
        return tag[0]


def _unreadable(expression: str, why: str) -> str:
    flat = " ".join(expression.split())
    if not flat:
        return "une balise est vide : écrivez-y le nom d’un champ"
    if _QUOTES.search(flat):
        return f'« {{{{ {flat} }}}} » contient des guillemets français : tapez des guillemets droits (")'
    return f"« {flat} » ne se lit pas ({why}) : écrivez par exemple {{{{ stagiaire.nom }}}}"


def _why(error: BaseException) -> str:
    """What went wrong with a paragraph, in French where it is known."""
    text = (error.message if isinstance(error, TemplateSyntaxError) else None) or str(error)
    empty = re.search(r"'None' has no attribute '(\w+)'", text)
    if empty:
        return f"ce qui précède « .{empty[1]} » peut être sans valeur : entourez-le de {{% if … %}}"
    found = re.search(r"has no attribute '(\w+)'|'(\w+)' is undefined|no filter named '(\w+)'", text, re.IGNORECASE)
    if found and found[3]:
        return f"le filtre « {found[3]} » n’existe pas{nearest(found[3], _filters())}"
    if found:
        return f"« {found[1] or found[2]} » n’existe pas"
    if "tag" in text:
        return f"la balise n’est pas connue ({text})"
    return f"la balise ne peut pas être suivie ({text})"


def _filters() -> list[str]:
    return [name for name in ENVIRONMENT.filters if not name.startswith("the ")]


def _line_of(error: BaseException) -> int:
    """The line of a template that an error comes from."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>" or "__jinja_exception__" in trace.tb_frame.f_globals:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


class _Watching(NodeTransformer):
    """Puts a watch on each expression that prints; takes out what stands in a paragraph that cannot be followed."""

    def __init__(self, dead: set[int]) -> None:
        self._dead = dead

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802 -- Jinja's own
        node.nodes = [
            one if isinstance(one, nodes.TemplateData) else self._watched(one)
            for one in node.nodes
            if isinstance(one, nodes.TemplateData) or one.lineno not in self._dead
        ]
        return node

    def visit_If(self, node: nodes.If) -> nodes.If:  # noqa: N802 -- Jinja's own
        if node.lineno in self._dead:
            node.test = nodes.Const(True)  # noqa: FBT003 -- a value
        self.generic_visit(node)
        return node

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 -- Jinja's own
        if node.lineno in self._dead:
            node.iter, node.test = nodes.Tuple([], "load"), None
        self.generic_visit(node)
        return node

    def visit_Assign(self, node: nodes.Assign) -> nodes.Assign:  # noqa: N802 -- Jinja's own
        if node.lineno in self._dead:
            node.node = nodes.Const("")
        return node

    def _watched(self, one: nodes.Expr) -> nodes.Expr:
        line = one.lineno
        given: list[nodes.Expr] = [nodes.Const(line), nodes.Const(spelled(one))]
        return nodes.Filter(one, _WATCH, given, [], None, None, lineno=line)


@pass_context
def _watch(context: Context, value: Any, line: int, name: str) -> Any:  # noqa: ANN401 -- whatever is printed
    """The text that is printed, noted; nothing, and a fault, for what cannot be."""
    log: Log = context.parent[_LOG]
    wrong, text = "", ""
    if isinstance(value, StrictUndefined):
        wrong = _undefined(value, name, log.known)
    elif value is None:
        wrong = f'« {name} » peut être sans valeur : écrivez {{{{ {name} or "—" }}}}, ou {{% if {name} %}} autour'
    elif hasattr(value, "__html__"):
        log.printed.append((line, name, words_in(value.__html__())))
        return ""
    else:
        try:
            text = nobreak(show(value))
        except TemplateError:
            wrong = _bare(value, name)
        if _RAW.search(text):
            wrong = f"« {name} » imprime une valeur brute (« {text[:40]} ») : nommez un seul champ, ou une boucle"
    if wrong:
        log.faults.append(Fault(line, wrong, name))
        return ""
    if not isinstance(value, Hidden):
        log.printed.append((line, name, text))
    return value


_WATCHED = ENVIRONMENT.overlay()
_WATCHED.filters = {**ENVIRONMENT.filters, _WATCH: _watch}


def _undefined(value: StrictUndefined, name: str, known: tuple[str, ...]) -> str:
    """What is said of a name that does not exist, or that stands in a group without a value."""
    if value._undefined_obj is None:  # noqa: SLF001
        return f"« {name.rpartition('.')[0]} » peut être sans valeur : entourez-le de {{% if … %}}"
    near = [str(one) for one in owner] if isinstance(owner := value._undefined_obj, Mapping) else []  # noqa: SLF001
    stem = name.rpartition(".")[0]
    full = [f"{stem}.{one}" for one in near] if stem and "|" not in stem else list(known)
    return f"« {name} » n’existe pas{nearest(name, full or known)}"


def _bare(value: Any, name: str) -> str:  # noqa: ANN401 -- whatever is printed
    if isinstance(value, list | tuple):
        lined = value and isinstance(value[0], str)
        told = f'{{{{ {name} | lignes }}}} ou {{{{ {name} | join(", ") }}}}' if lined else "une boucle {% for … %}"
        return f"« {name} » est une liste : écrivez {told}"
    inside = value if isinstance(value, Mapping) else {one: 0 for one in dir(value) if one[:1] != "_"}
    among = ", ".join(f"{name}.{one}" for one in list(inside)[:4])
    return f"« {name} » est un groupe de champs : nommez l’un d’eux ({among}…)"


def unknown_names(source: Source, chained: Iterator[tuple[int, str]], contexts: list[Mapping[str, Any]]) -> None:
    """Tell each dotted name that no dossier has, with the nearest that exists."""
    known = tuple(dict.fromkeys(name for context in contexts for name in names_of(context)))
    for line, path in chained:
        if missing_name(path, contexts):
            source.leave_out(line, f"« {path} » n’existe pas{nearest(path, known)}")
