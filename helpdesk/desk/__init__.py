"""The desk: tickets and their promise, on the tables of django-helpdesk."""
