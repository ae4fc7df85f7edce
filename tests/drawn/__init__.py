"""Forms of invented schools drawn at random, filled by invented people, and the measure of what is read of them.

Written by someone who had not read the readers: from the schema and the manual for secretaries.
"""
