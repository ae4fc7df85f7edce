"""Expressions of templates, spelled as somebody would find them there."""

from __future__ import annotations

from jinja2 import nodes

COUNT, LOOK, GLUE = COUNTS = ("the count", "the look", "the glue")  # filters that bound a template's work
_UNSEEN = ("attribut", "paragraphes", *COUNTS)  # put there by us


def spelled(node: nodes.Node) -> str:
    """An expression as it stands in the template; what is rare, by what kind it is."""
    match node:
        case nodes.Name():
            told = node.name
        case nodes.Getattr():
            told = f"{spelled(node.node)}.{node.attr}"
        case nodes.Getitem():
            told = f"{spelled(node.node)}[{spelled(node.arg)}]"
        case nodes.Const():
            told = f'"{node.value}"' if isinstance(node.value, str) else str(node.value)
        case nodes.Filter(node=nodes.Node() as inner):
            told = spelled(inner) if node.name in _UNSEEN else f"{spelled(inner)} | {node.name}"
        case nodes.BinExpr():
            told = f"{spelled(node.left)} {node.operator} {spelled(node.right)}"
        case nodes.Concat(nodes=pieces) | nodes.List(items=pieces):
            told = " ~ ".join(map(spelled, pieces))
        case nodes.Tuple():
            told = ", ".join(map(spelled, node.items))
        case nodes.Call():
            told = f"{spelled(node.node)}({', '.join(map(spelled, node.args))})"
        case _:
            told = f"{type(node).__name__.lower()} …"
    return told
