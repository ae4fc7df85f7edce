"""The second reader: a value is found by the printed label before it, within its section, whatever the blank was.

For a form that nobody described, sentences are read too: what they announce is proposed, never believed.
"""

from pipeline.reading.labels.label_reader import read_labels
from pipeline.reading.labels.prose import read_prose

__all__ = ["read_labels", "read_prose"]
