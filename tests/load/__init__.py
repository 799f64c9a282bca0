"""Many people at once: a hall full of members, real server processes, and clients that cost little.

Used by the short forms in the tests and by the long ones in ``bin/bench``.
"""
