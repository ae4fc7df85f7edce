"""Form definitions: plan and page layout of our own form, layouts of other schools, drawing and pre-filling."""
