#!/bin/sh
# Say in one line what Debian must provide for the tests; a missing browser or database fails the run, it does not skip.
missing=""
command -v "${CHROMIUM:-chromium}" >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium fonts-noto-cjk"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v java >/dev/null 2>&1 || missing="$missing openjdk-17-jre-headless"
command -v faketime >/dev/null 2>&1 || missing="$missing faketime libfaketime"
if [ -n "$missing" ]; then
    echo "测试还缺少系统软件包,请运行 / the tests need these system packages, please run:"
    echo "  apt-get update && apt-get install -y --no-install-recommends$missing"
    exit 1
fi
