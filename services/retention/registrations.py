from unionops.casework.tasks import Job, register_job

from . import erasing


def register() -> None:
    register_job(Job("retention.erase", erasing.run, hours=(4,)))
