"""The program that reads posts for a tortured process, which knows its kinds of channels too."""

import sys

from tests.torture.worker import know_lookup
from xuanfa.bootstrap.reading import main

if __name__ == "__main__":
    know_lookup()
    main(int(sys.argv[1]), int(sys.argv[2]))
