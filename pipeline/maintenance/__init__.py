"""Maintenance: the machine examined (doctor), personal data purged, exported, erased; formations inspected."""
