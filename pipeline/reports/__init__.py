"""Reports: a cohort's workbook and PDFs (bilan, bordereau), and the evaluation of the reader."""
