"""The product's own settings with two addresses more: the bare peers that a benchmark compares it with."""

from unionops.settings.dev import *  # noqa: F403
from unionops.settings.dev import MIDDLEWARE

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.peers.count_statements", *MIDDLEWARE]
