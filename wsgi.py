"""Entry point: `gunicorn -c gunicorn.conf.py wsgi:app`. Refuses to start on a wrong setting."""

import backend.core.garbage  # noqa: F401  # before all that stays
from backend.core import settings
from miniprogram_api import compose

app = compose.build(settings.load())
