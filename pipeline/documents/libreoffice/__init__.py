"""LibreOffice subprocess: Word files that we filled, converted to PDF in a sandbox. Never a file of a stranger."""

from pipeline.documents.libreoffice.bridge import find_bridge
from pipeline.documents.libreoffice.cage import Cage, CageStatus, cage_status
from pipeline.documents.libreoffice.choice import convert, convert_each, warm_office
from pipeline.documents.libreoffice.program import find_soffice, jemalloc, one_line
from pipeline.documents.libreoffice.warm import WarmOffice

__all__ = [
    "Cage",
    "CageStatus",
    "WarmOffice",
    "cage_status",
    "convert",
    "convert_each",
    "find_bridge",
    "find_soffice",
    "jemalloc",
    "one_line",
    "warm_office",
]
