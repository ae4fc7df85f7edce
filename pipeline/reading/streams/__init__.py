"""Tokenizers: Word documents, PDF pages and PDF form fields as one stream of tokens."""
