"""The scolarité's page and the API: a door beside the command line. Handlers parse, call a service and draw."""
