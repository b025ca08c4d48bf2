"""All that is asked of the web, and only when the command says so: the host's feed, and what servers say of files.

`addresses` judges where a request may go, `connections` goes there, `patience` decides when to try again; `fetch`,
`audio` and `hosting` are what the rest of the program calls. Nothing else in feedbuilder opens a connection.
"""
