"""What runs the tests: packages, private servers, and the two passes over SQLite and PostgreSQL."""
