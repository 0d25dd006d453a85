"""What the commands of the Makefile do; it starts servers and knows nothing of Django."""
