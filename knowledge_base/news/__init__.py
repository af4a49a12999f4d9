"""News and release notes: who reads them, where they are shown, who is written to."""
