"""Search in Elasticsearch, beside the database: the same entries, its own analysis and ranking (ADR 0021)."""
