#!/usr/bin/env bash
# nginx -t finds nothing wrong with a configuration whose init_by_lua fails, and with which nginx does not start.
#
# Seen: 2026-11-29, nginx 1.22.1, lua-nginx-module 0.10.23 (Debian 12). The test is successful, exit status 0; the start
# ends with status 1 and the error of init_by_lua. Whatever Lua reads at the start, such as files, is not tested.
set -euo pipefail
modules=/usr/lib/nginx/modules
command -v nginx >/dev/null || { echo 'Skipped: no nginx.'; [ -z "${REQUIRE_PROGRAMS-}" ]; exit; }
[ -f "$modules/ngx_http_lua_module.so" ] || { echo 'Skipped: no Lua module.'; [ -z "${REQUIRE_PROGRAMS-}" ]; exit; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"

{
  echo "load_module $modules/ndk_http_module.so; load_module $modules/ngx_http_lua_module.so;"
  echo "daemon off; pid $dir/pid; events {} http {"
  for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $dir/$kind;"; done
  echo 'init_by_lua_block { error("a file is missing", 0) }'
  echo "server { listen unix:$dir/socket; } }"
} >"$dir/nginx.conf"

nginx -v
nginx -t -e "$dir/errors" -c "$dir/nginx.conf" >/dev/null 2>&1 && tested=successful || tested=failed
timeout 10 nginx -e "$dir/errors" -c "$dir/nginx.conf" >"$dir/output" 2>&1 && started=yes || started=no
grep -q 'a file is missing' "$dir/output" "$dir/errors" && reason=', because a file is missing' || reason=
echo 'Expected: nginx -t failed, nginx starts: no, because a file is missing'
echo "Seen:     nginx -t $tested, nginx starts: $started$reason"
[ "$tested $started$reason" = 'successful no, because a file is missing' ]
