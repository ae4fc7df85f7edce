"""Confirmation: what a person is shown of a doubtful value, and what becomes of the answer."""
