"""Comes in: ``python -m voucher_rules``. Goes out: the command line."""

import sys

from voucher_rules.cli import main

if __name__ == "__main__":
    sys.exit(main())
