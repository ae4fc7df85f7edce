"""The commands, by what they are for; each imports the heavy parts only when it runs."""
