"""Courses, lessons, quizzes and certificates, as Wagtail pages. Nothing here yet."""
