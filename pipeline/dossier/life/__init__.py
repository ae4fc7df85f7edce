"""The life of a dossier after its packet: terms in force, avenants, presence, papers issued, closing."""
