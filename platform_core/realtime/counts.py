"""What this process has done since it started, for those who look after it and for the tests."""

from collections import Counter

counts: Counter[str] = Counter()
"""encoded: events turned into frames; joined: channel groups joined; read: pages of entries read from the database;
delivered: frames handed to sockets; slow: sockets closed because they did not read."""
