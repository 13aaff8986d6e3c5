"""Playing through a real sound server, compared with what should have been heard."""
