"""What there is to read: the files of the given places, compared with those that are indexed."""
