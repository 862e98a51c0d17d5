#!/usr/bin/env bash
# Builds the member app for one platform, or the desktop console, where its sources have changed.
# usage: build.sh PYTHON h5|mp-weixin|console
set -euo pipefail
python=$PWD/$1 platform=$2
if [ "$platform" = mp-weixin ] && [ -z "${VITE_API_ORIGIN:-}" ]; then
    echo "Name the API's address: make weapp VITE_API_ORIGIN=https://api.example.gov.cn" >&2
    exit 1
fi

folder=miniprogram stamp=miniprogram/dist/$platform.built built=miniprogram/dist/build/$platform command=build:$platform
if [ "$platform" = console ]; then
    folder=console stamp=console/.built built=console/dist command=build
fi
want=$(find "$folder/src" "$folder"/*.* packages/*/src -type f -not -name '*.log' -print0 \
    | sort -z | xargs -0 cksum; echo "${VITE_API_ORIGIN:-}" "${WECHAT_APPID:-}")
if [ -d "$built" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(cksum <<< "$want")" ]; then
    exit 0
fi

echo "Building the $([ "$platform" = console ] && echo console || echo "app for $platform") ..." >&2
rm -rf "$built" "$stamp"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! (cd "$folder" && npm run --silent "$command") > "$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
if [ "$platform" != mp-weixin ]; then
    # Compressed copies, which the server hands out.
    "$python" -m whitenoise.compress --quiet "$built"
else
    sed -i.bak "s/touristappid/${WECHAT_APPID:-touristappid}/" "$built/project.config.json"
    rm "$built/project.config.json.bak"
fi
cksum <<< "$want" > "$stamp"
