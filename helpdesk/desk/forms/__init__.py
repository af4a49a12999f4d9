"""What people write to the desk. The rules are the domain's; here are the fields."""
