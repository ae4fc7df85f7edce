"""LibreOffice: Word files that we filled, made into PDF, in a cage. Never a file that a stranger sent."""

from pipeline.documents.libreoffice.cage import Cage, CageStatus, cage_status
from pipeline.documents.libreoffice.conversion import convert, count_pages
from pipeline.documents.libreoffice.office import find_soffice

__all__ = ["Cage", "CageStatus", "cage_status", "convert", "count_pages", "find_soffice"]
