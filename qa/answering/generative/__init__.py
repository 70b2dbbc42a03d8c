"""Answers written by a language model that names the sentences they rest on."""
