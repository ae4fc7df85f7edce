"""What a person may ask, and what they are shown: use cases that know no terminal and no HTTP."""
