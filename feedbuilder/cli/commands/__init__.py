"""One module a command: its arguments, what it prints, its exit code. What it does is told elsewhere."""
