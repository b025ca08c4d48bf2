"""The show as pages that listeners read and hear: a website of files, made when the config asks for one.

`site.Pages` makes them; nothing here is loaded, and jinja2 least of all, unless pages are wanted.
"""
