"""``python -m xuanfa.cli``, and the installed command."""

import gc
import sys

# Starting is importing, and importing makes a hundred thousand objects of which none is garbage: a tenth of the time would go into looking
# for some. A command that stays switches it on again.
gc.disable()

from xuanfa.cli import main  # noqa: E402
from xuanfa.cli.tongue import be_utf8, speak  # noqa: E402


def run() -> None:
    """Run and exit."""
    be_utf8()
    speak()
    sys.exit(main())


if __name__ == "__main__":
    run()
