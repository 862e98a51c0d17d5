"""gunicorn's settings, each with its reason."""

import os
from pathlib import Path

from gunicorn.http import wsgi

from backend.core import logging, settings

# The API is spoken to by a proxy or by the demo's browser on this machine, never by the world.
bind = os.environ.get("API_BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"

# Two processes use two cores; raise it with the cores.
workers = int(os.environ.get("WEB_WORKERS", "2"))

# Loaded once and forked, not loaded by each: starting costs half, and they share the memory of what
# they have in common. Nothing runs or is open before: a connection comes with the first request.
preload_app = True

# Threads, so that a call waiting for WeChat does not hold a process. Few calls may wait at once
# (WECHAT_CONCURRENCY), so there are always threads left for those who do not need WeChat.
# Slow clients hold none: a thread begins when the request is there.
worker_class = "miniprogram_api.serving.PatientWorker"
threads = int(os.environ.get("WEB_THREADS", "16"))

# Of a process; beyond that they wait before the door, where they cost nothing.
worker_connections = 512

# A request ends within seconds (WeChat 5 s, statements 30 s); a worker silent for longer is dead.
timeout = 60

# On SIGTERM what has begun is answered.
graceful_timeout = 30

# Shorter than a proxy's usual 60 s, so that the proxy never reuses a closing connection.
keepalive = 20

# The heartbeat file must not wait for a disk.
if Path("/dev/shm").is_dir():  # noqa: S108  # gunicorn makes a private file there
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# Version 27 opens a management socket by default, shared by all instances of a user.
control_socket_disable = True

# What serves is nobody's business outside.
wsgi.SERVER = "web"

# The application writes one JSON line a request itself, without paths and query strings.
accesslog = None


def on_starting(_server: object) -> None:
    """Send gunicorn's own messages through our handler, as JSON."""
    logging.configure(settings.load().log_level)


# Let gunicorn's loggers reach the root handler instead of writing plain text.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True}},
    "root": {"level": "INFO", "handlers": []},
}
