"""PDF assembly: signature boxes and QR codes located, one PDF with fields and bookmarks, its manifest."""
