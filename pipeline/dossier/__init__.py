"""The story of one internship: context, journey of a form, versions, receipt."""
