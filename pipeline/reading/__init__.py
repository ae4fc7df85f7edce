"""Form → Reading: what a stranger's file says, and how sure we are."""
