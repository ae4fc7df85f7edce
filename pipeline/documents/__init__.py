"""Document generation: Word templates filled, converted to PDF, checked and assembled into a packet."""
