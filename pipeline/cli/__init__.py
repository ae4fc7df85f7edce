"""The command line: commands that parse, call a service and draw."""
