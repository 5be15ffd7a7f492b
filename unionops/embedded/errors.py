class ServerError(Exception):
    """Why an embedded server cannot run, in one sentence for the person who started it."""
