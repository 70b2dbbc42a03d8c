"""What reading one file may take, and archives unpacked within it."""
