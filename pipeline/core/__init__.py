"""The nouns: what passes between rooms, the dictionary of fields, formations, the law's figures, errors, French."""
