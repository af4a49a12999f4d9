"""The demo world: made-up people in two made-up municipalities. Nobody here exists."""
