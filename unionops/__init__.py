"""UnionOps: case management for the field work of a trade-union district."""

__version__ = "0.1.0"
