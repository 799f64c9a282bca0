from ecabinet.formats.day_first import *  # noqa: F403 - Django reads the names from here
