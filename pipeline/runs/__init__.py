"""Programs that work on forms: once at a command, or for ever beside the inbox, by one worker or several."""
