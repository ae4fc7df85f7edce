"""Our own form on paper: where each label and each slot of the plan stands, for whoever draws it or reads it."""
