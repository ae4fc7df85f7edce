"""The second reader: a value is found by the printed label before it, within its section, whatever the blank was."""

from pipeline.intake.labels.reader import read_labels

__all__ = ["read_labels"]
