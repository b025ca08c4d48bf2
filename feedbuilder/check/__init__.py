"""Read back what was rendered, as strictly as the strictest reader, before any of it is published."""
