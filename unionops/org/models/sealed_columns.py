from django.db import models

from ..sealed import blind_index, seal, unseal


class SealedColumns(models.Model):
    """Personal data in three columns each: sealed (the value), hash (to find it) and masked (to show it).

    A model names its sealed values in ``SEALED`` and declares ``<name>_sealed``, ``<name>_hash`` and ``<name>_masked``.
    The row must have its primary key before a value is put: the key is sealed in with it.
    """

    SEALED: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def _place(self, name: str) -> str:
        assert self.pk is not None, "a sealed value needs the key of its row"
        return f"{self._meta.db_table}.{name}:{self.pk}"

    def put(self, name: str, value: str, masked: str) -> None:
        """Seal the value, or clear the three columns when it is empty."""
        setattr(self, f"{name}_sealed", seal(value, place=self._place(name)) if value else None)
        setattr(self, f"{name}_hash", blind_index(value) if value else "")
        setattr(self, f"{name}_masked", masked if value else "")

    def open(self, name: str) -> str:
        """Return the clear value. Only actions that log the reading may call this."""
        sealed = getattr(self, f"{name}_sealed")
        return unseal(sealed, place=self._place(name)) if sealed else ""
