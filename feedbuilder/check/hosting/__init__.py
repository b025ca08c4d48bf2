"""What servers do with what was published: what to ask them, what they answered, and the rules for it.

`plan` says what to ask, somebody else asks, `published` holds what came of it, and the other modules judge that.
Nothing here opens a connection.
"""
