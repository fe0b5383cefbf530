"""Stop the bench's PostgreSQL; its data stays."""

from bench import place

if __name__ == "__main__":
    place.SERVER.stop()
