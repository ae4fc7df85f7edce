"""liasse: from a filled formulaire préalable to a signed-ready packet of internship papers."""

from pipeline.core.late import install

install()

__version__ = "0.1.0"
