"""Values as people write them on a form, read: dates, hours, amounts, keys, names, to canonical values."""
