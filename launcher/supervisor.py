"""The configuration with which supervisord keeps the demo's programs running."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from launcher import bound

HEADER = """\
[supervisord]
nodaemon=true
user={user}
logfile=/dev/null
logfile_maxbytes=0
loglevel=warn
pidfile={home}/supervisord.pid
childlogdir={home}
minfds=256
"""

PROGRAM = """\

[program:{name}]
command={command}
directory={directory}
autorestart=true
startsecs=2
startretries=100000
stopsignal=TERM
stopwaitsecs={stop_seconds}
killasgroup=true
stdout_logfile=/dev/fd/1
stdout_logfile_maxbytes=0
redirect_stderr=true
"""

# Groups stop one after the other, the programs of a group together.
GROUP = """\

[group:level-{priority}]
programs={programs}
priority={priority}
"""


@dataclass(frozen=True)
class Program:
    """Lower priorities start first and stop last, those of one priority together."""

    name: str
    module: tuple[str, ...]
    priority: int
    stop_seconds: int


WEB = Program("web", ("gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"), 30, 32)
WORKER = Program("worker", ("backend.jobs",), 30, 30)
POSTGRES = Program("postgres", ("launcher.postgres",), 10, 60)


def sandbox(port: int, web_port: int) -> Program:
    """Return the stand-in for WeChat, which pushes to the product as WeChat would."""
    push_url = f"http://127.0.0.1:{web_port}/wechat/push"
    module = ("wechat_sandbox", "--host", "127.0.0.1", "--port", str(port), "--push-url", push_url)
    return Program("sandbox", module, 20, 5)


def configuration(programs: list[Program], *, home: Path, directory: Path, user: str) -> str:
    """Return the text of supervisord.conf; `%` is doubled, for supervisord expands it."""
    parts = [HEADER.format(user=user, home=_value(home))]
    for program in programs:
        command = shlex.join(bound.command(*program.module))
        parts.append(
            PROGRAM.format(
                name=program.name,
                command=_value(command),
                directory=_value(directory),
                stop_seconds=program.stop_seconds,
            )
        )
    for priority in sorted({program.priority for program in programs}):
        names = ",".join(program.name for program in programs if program.priority == priority)
        parts.append(GROUP.format(priority=priority, programs=names))
    return "".join(parts)


def _value(text: object) -> str:
    return str(text).replace("%", "%%")
