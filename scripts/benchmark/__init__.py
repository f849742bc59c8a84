"""What size costs: our build beside stock MkDocs and Zensical on the same pages."""
