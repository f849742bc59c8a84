"""Plain values for components: what a macro prints, and nothing it must decide."""
