"""Communities (àgores): forums, topics and posts. Nothing here yet."""
