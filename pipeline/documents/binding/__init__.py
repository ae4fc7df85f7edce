"""Papers put together: boxes and codes found on them, one PDF with fields and bookmarks, its manifest."""
