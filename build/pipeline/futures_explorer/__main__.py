"""`python -m futures_explorer` is the command line too."""

from futures_explorer.cli import main

main()
