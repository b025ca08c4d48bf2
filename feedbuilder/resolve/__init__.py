"""Records + config + the files' facts → the show. Pure functions on values; the clock is an argument.

`show` is the way through: dates, identity, then each episode's people, enclosure, notes, pictures, chapters,
transcript.
"""
