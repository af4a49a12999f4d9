"""Courses, lessons, quizzes and certificates: Wagtail pages that people take, each in the version that they began."""
