"""The front door: `postkorb` and `python -m app`."""

import sys

from app.cli.main import run


def main() -> None:
    """Carry out the command line of this process and end it with its exit code."""
    sys.exit(run())


if __name__ == "__main__":
    main()
