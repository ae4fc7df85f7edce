"""Label-based parser, the second reader: a value is found by the printed label before it, within its section.

For a form that nobody described, sentences are read too: what they announce is proposed, never believed.
"""
