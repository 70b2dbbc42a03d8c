"""Readers of mail, single messages and whole mailboxes."""
