"""Questions, answers, news and release notes, as Wagtail pages. Nothing here yet."""
