"""Domain model: what passes between rooms, the field dictionary, formations, the law's figures, errors, French."""
