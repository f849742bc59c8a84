"""YAML in, one immutable library out; and all arithmetic on its facts."""
