"""How an SQLite file is opened: what is refused before, its log, its errors made ours."""
