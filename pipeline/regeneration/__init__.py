"""What a changed template, rule or setting changes in packets already made, and packets made again."""
