"""Who a session belongs to."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from .models import User
from .models.accounts import find_with_scope


class PeopleBackend(ModelBackend):
    """Passwords as in Django; whoever is signed in is read together with the rights of today."""

    def get_user(self, user_id: int) -> User | None:
        return find_with_scope(user_id)
