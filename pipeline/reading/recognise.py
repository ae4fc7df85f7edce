"""Refusals of what is no form of ours to read, and the XML parser that every part goes through."""

from __future__ import annotations

from lxml import etree

from pipeline.core.errors import FormRejected

AGAIN = "Téléchargez le formulaire de l’année auprès de la scolarité, remplissez-le, puis renvoyez-le."


def modified(where: str) -> FormRejected:
    """The refusal of a form whose boxes are not those of this year's blank."""
    return FormRejected("VERSION_MODIFIEE", f"Ce formulaire est d’une version modifiée ({where}). {AGAIN}")


def unknown() -> FormRejected:
    """The refusal of a readable document that is not one of our forms."""
    return FormRejected(
        "FORMULAIRE_INCONNU",
        "Ce document n’est pas notre formulaire préalable : c’est peut-être le formulaire d’un autre établissement, "
        f"ou une copie sans le repère imprimé au pied de chaque page. {AGAIN}",
    )


def parse_xml(part: bytes) -> etree._Element:
    """An XML part as a tree: no entity is resolved, nothing is fetched; raises FormRejected if it is not XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise FormRejected(
            "WORD_ENDOMMAGE", f"Ce document Word est endommagé : une de ses parties est illisible. {AGAIN}"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise FormRejected("WORD_DOCTYPE", f"Ce document Word contient une déclaration interdite. {AGAIN}")
    return root
