"""`python -m wechat_sandbox`: the stand-in for the WeChat server, on this machine only."""

import argparse
import ipaddress
import logging
import sys

from werkzeug.serving import make_server

from wechat_sandbox.app import create_app
from wechat_sandbox.state import state


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(prog="wechat_sandbox")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--push-url", default="")
    given = parser.parse_args()
    if not is_loopback(given.host):
        sys.stderr.write("The stand-in for WeChat accepts made-up people: loopback only.\n")
        sys.exit(2)
    state().push_url = given.push_url
    # Its log would hold the secret, which WeChat takes in the query string.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    make_server(given.host, given.port, create_app(), threaded=True).serve_forever()


if __name__ == "__main__":
    main()
