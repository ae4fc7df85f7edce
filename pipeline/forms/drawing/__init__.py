"""Our own forms, empty or pre-filled: as a PDF to fill in, and in Word."""
