"""Pictures of a form for the person who decides: the zone of each doubt, pages with what was read on them."""
