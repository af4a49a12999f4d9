"""What is measured, each figure beside its target and its rivals in the same run; see docs/performance.md."""
