"""Question sets as files: CSV, Excel, JSON and YAML to rows, each with its place."""
