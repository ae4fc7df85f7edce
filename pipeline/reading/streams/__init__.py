"""Bytes in, one stream of tokens out: Word documents, PDF pages and PDF form fields look alike from here on."""
