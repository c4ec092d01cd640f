"""``python -m xuanfa.cli``, and the installed command."""

import sys

from xuanfa.cli import main


def run() -> None:
    """Run and exit."""
    sys.exit(main())


if __name__ == "__main__":
    run()
