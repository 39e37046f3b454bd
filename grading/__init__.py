"""Grade inspections from evidence by a declarative rule pack."""
