#!/usr/bin/env bash
# Builds the member app for one platform, where its sources have changed.
# usage: build.sh PYTHON h5|mp-weixin
set -euo pipefail
python=$PWD/$1 platform=$2
if [ "$platform" = mp-weixin ] && [ -z "${VITE_API_ORIGIN:-}" ]; then
    echo "Name the API's address: make weapp VITE_API_ORIGIN=https://api.example.gov.cn" >&2
    exit 1
fi

want=$(find miniprogram/src miniprogram/*.* packages/api/src -type f -not -name '*.log' -print0 \
    | sort -z | xargs -0 cksum; echo "${VITE_API_ORIGIN:-}" "${WECHAT_APPID:-}")
stamp=miniprogram/dist/$platform.built built=miniprogram/dist/build/$platform
if [ -d "$built" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(cksum <<< "$want")" ]; then
    exit 0
fi

echo "Building the app for $platform ..." >&2
rm -rf "$built" "$stamp"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! (cd miniprogram && npm run --silent "build:$platform") > "$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
if [ "$platform" = h5 ]; then
    # Compressed copies, which the server hands out.
    "$python" -m whitenoise.compress --quiet "$built"
else
    sed -i.bak "s/touristappid/${WECHAT_APPID:-touristappid}/" "$built/project.config.json"
    rm "$built/project.config.json.bak"
fi
cksum <<< "$want" > "$stamp"
