"""Use cases: what a person may ask, and what they are shown. No terminal, no HTTP."""
