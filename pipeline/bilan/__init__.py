"""The bilan: what became of a cohort, as a workbook, a page with a chart and a list to sign for."""
