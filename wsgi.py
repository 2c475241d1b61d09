"""The WSGI application of the workspace that the environment names: `gunicorn wsgi:app`."""

from services.workspace import open_workspace
from web import create_app

app = create_app(open_workspace())
