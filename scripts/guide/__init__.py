"""The engine-free core: YAML facts in, a plain Markdown tree out.

load (YAML to typed records) -> check (rules over the whole library) -> view (plain values
for one component) -> render (page Markdown and macros to Markdown). Nothing in this package
imports a site engine but `mkdocs_plugin`, which nothing else here imports.
"""
