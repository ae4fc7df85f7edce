"""Form writers: our own forms, empty or pre-filled, as fillable PDF (AcroForm) and as Word files."""
