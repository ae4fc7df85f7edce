"""What the eye sees: a PDF's pages are rendered as a viewer shows them, and what was read is held against them.

``sheets`` (a rendered page, fields drawn, with the letters that the file says are on it), ``shapes`` (whether the
ink of a letter looks like that letter), ``inked_text`` (a text held against letters and ink), ``shown_fields``
(fields of a fillable form), ``strikes`` (level strokes through their letters), ``hollows`` (rings drawn within
their boxes), ``prints`` (words and ticks of a printed one), ``eyesight`` (crops that only OCR tells), ``eye`` (all
of it, on one document).
The bytes are a stranger's: all of it belongs in the jail.
"""
