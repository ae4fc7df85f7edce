"""What the eye sees: a PDF's pages are rendered as a viewer shows them, and what was read is held against them.

``sheets`` (a page rendered, form fields drawn, with the letters that the file says are on it), ``shapes`` (whether the
ink of a letter looks like that letter), ``letters`` (a text held against letters and ink), ``fields`` (the fields of a
fillable form), ``prints`` (the words and ticks of a printed one), ``additions`` (what was drawn on pages), ``eyesight``
(crops that only OCR can tell). The bytes are a stranger's: all of it belongs in the jail.
"""
