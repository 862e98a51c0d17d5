#!/usr/bin/env bash
# Makes the virtual environment, once for each version of the requirements and each place.
# usage: setup.sh PYTHON VENV REQUIREMENTS...
set -euo pipefail
python=$1 venv=$2
shift 2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 ..." >&2
    exit 1
fi

want=$({ "$python" -V; pwd; cat "$@"; } | cksum)
stamp="$venv/.installed"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    exit 0
fi

echo "Setting up $venv (once; a minute or two) ..." >&2
# `python` may be the one of the environment that goes away.
base=$("$python" -I -c 'import sys; print(sys._base_executable)')
rm -rf "$venv"
if ! "$base" -I -m venv "$venv"; then
    echo "Python's venv module is missing; on Debian: apt install python3-venv" >&2
    exit 1
fi
for file in "$@"; do
    # Only into this environment, whatever the machine's pip and PYTHONPATH say.
    PIP_USER=0 "$venv/bin/python" -I -m pip --require-virtualenv --disable-pip-version-check \
        --no-input --quiet install -r "$file"
done
# Last, so that a set-up that was cut short is made again.
printf '%s' "$want" > "$stamp"
