#!/usr/bin/env bash
# Installs a folder's npm packages, once for each version of its lock file.
# usage: node.sh FOLDER
set -euo pipefail
cd "$1"

if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null; then
    echo "Node.js 20 or newer with npm is needed." >&2
    exit 1
fi

want=$(cat package.json package-lock.json | cksum)
stamp=node_modules/.installed
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
    exit 0
fi

echo "Installing the packages of $(basename "$PWD") (once; half a minute) ..." >&2
# No package may run a script of its own on this machine.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
# Last, so that an installation that was cut short is made again.
printf '%s' "$want" > "$stamp"
