"""Forms taken in and worked on: once at a command, or for ever beside the inbox, by one worker or several."""
