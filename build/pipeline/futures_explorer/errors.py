"""The one error that a person is meant to read."""


class ExplorerError(Exception):
    """Something a person can act on: the message says what, expected against got, and what to do.

    The command line prints it without a traceback and exits with code 1.
    """
