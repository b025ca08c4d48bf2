"""A look at the show before it is out: its pages, feed and files on this machine only, anew with every change.

Nothing is written, neither into the output folder nor into the ledger: files are rendered when they are asked for.
"""
