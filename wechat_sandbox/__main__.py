"""`python -m wechat_sandbox`: the stand-in for the WeChat server, on this machine only."""

import argparse
import contextlib
import logging
import sys
from typing import NoReturn

from werkzeug.serving import make_server

from wechat_sandbox import push_crypto
from wechat_sandbox.addresses import is_local_url, is_loopback
from wechat_sandbox.app import create_app
from wechat_sandbox.state import state


def main() -> None:
    given = _arguments()
    if not is_loopback(given.host):
        _refuse("The stand-in for WeChat lets made-up people in: it listens on loopback only.")
    if given.push_url and not is_local_url(given.push_url):
        _refuse("The stand-in for WeChat pushes to this machine only: http://127.0.0.1:PORT/...")
    if not push_crypto.is_key(state().push_key):
        _refuse("WECHAT_PUSH_AES_KEY must be 43 letters and digits.")
    state().push_url = given.push_url
    # Its log would hold the secret, which WeChat takes in the query string.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # Threaded: a request that hangs must not hold up the others.
    server = make_server(given.host, given.port, create_app(), threaded=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="wechat_sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--push-url", default="", help="where the product takes pushes")
    return parser.parse_args()


def _refuse(reason: str) -> NoReturn:
    sys.stderr.write(f"{reason}\n")
    sys.exit(2)


if __name__ == "__main__":
    main()
