"""Files on disk: the spool of received files, atomic and durable publication, temporary files, kill points."""
