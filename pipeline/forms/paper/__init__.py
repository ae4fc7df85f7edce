"""Page layout of our own form: where each label and each slot stands, for whoever draws it or reads it."""
