"""Repairs: what is derived made anew, damaged sources read again, a damaged file replaced."""
