"""`python -m bench pages …`: runs a measurement, once Django is set up on the bench's database: its models need that."""

import sys
from importlib import import_module

from bench import place

if __name__ == "__main__":
    place.set_up()
    del sys.argv[0]
    import_module(f"bench.{sys.argv[0]}").main()
