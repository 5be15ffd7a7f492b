import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionops.settings.prod")
# Only here: a pool of database connections would keep other processes from ending (settings/servers.py).
os.environ.setdefault("UNIONOPS_PROCESS", "web")

application = get_wsgi_application()
