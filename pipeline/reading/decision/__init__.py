"""Validation and voting: two readings, the validators and the rest of the form decide together on each value."""
