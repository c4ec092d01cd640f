#!/usr/bin/env bash
# Install those of the named Debian packages that are missing; says what to do where it cannot.
set -euo pipefail
missing=()
for name in "$@"; do
  dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
done
[ ${#missing[@]} -eq 0 ] && exit 0
command -v apt-get >/dev/null || { echo "请安装 / please install: ${missing[*]}" >&2; exit 1; }
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "请以管理员身份安装 / install as root: apt-get install ${missing[*]}" >&2; exit 1; }
  sudo="sudo"
fi
echo "正在安装缺少的软件包${sudo:+（用 sudo，可能要输入密码）} / installing missing packages${sudo:+ with sudo}: ${missing[*]}" >&2
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
