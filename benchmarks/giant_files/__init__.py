"""Large and hostile files, each made by a function that writes it to a path; see `giants.py`."""
