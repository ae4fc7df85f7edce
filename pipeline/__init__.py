"""liasse: from a filled formulaire préalable to a signed-ready packet of internship papers."""

__version__ = "0.1.0"
