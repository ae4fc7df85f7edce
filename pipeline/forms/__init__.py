"""What a form is: the plan and placement of our own, the layouts of other schools; filled in, drawn."""
