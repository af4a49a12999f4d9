"""The pages under /suport/: permission, form, domain, template."""
