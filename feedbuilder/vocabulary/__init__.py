"""Closed word lists that directories and specs define: one module a list, each with its source and version or date."""
