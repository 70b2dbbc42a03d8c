"""Receipts: the citations of saved answers, compared with the files as they are now (`qa verify`)."""
