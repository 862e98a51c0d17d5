"""Entry point: `gunicorn -c gunicorn.conf.py wsgi:app`. Refuses to start on a wrong setting."""

from backend.core import settings
from miniprogram_api import compose

app = compose.build(settings.load())
