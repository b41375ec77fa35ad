#!/usr/bin/env bash
# nginx's auth_request turns every refusal but 401 and 403 into 500, and drops the body of all of them.
#
# Seen: 2026-11-29, nginx 1.22.1 (Debian 12). What the authorization endpoint answers, and what the browser gets:
#   204 -> 200, 401 -> 401, 403 -> 403, 302 -> 500, 404 -> 500, 405 -> 500, 429 -> 500, 503 -> 500
# Bodies are nginx's own HTML. nginx documents it (module ngx_http_auth_request_module: any other code is an error).
# An endpoint written for other gateways answers with the status and the JSON that the client should get.
set -euo pipefail
command -v nginx >/dev/null || { echo 'Skipped: no nginx.'; [ -z "${REQUIRE_PROGRAMS-}" ]; exit; }
dir=$(mktemp -d)
trap '{ kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$dir"' EXIT
chmod 755 "$dir"

statuses='204 401 403 302 404 405 429 503'
{
  echo "daemon off; pid $dir/pid; events {} http { access_log off; default_type application/json;"
  for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $dir/$kind;"; done
  echo "server { listen unix:$dir/socket;"
  echo "  location = /api { return 200 '{}'; }"
  for status in $statuses; do
    echo "  location = /decision/$status { internal; return $status '{\"error_code\":\"a reason\"}'; }"
    echo "  location = /api/$status { auth_request /decision/$status; try_files /none /api; }"
  done
  echo '} }'
} >"$dir/nginx.conf"
nginx -e "$dir/errors" -c "$dir/nginx.conf" &
server=$!
for _ in $(seq 100); do [ -S "$dir/socket" ] && break || sleep 0.1; done

nginx -v
echo 'Expected: the statuses and JSON bodies of the authorization endpoint'
seen=
for status in $statuses; do
  answer=$(curl -s --unix-socket "$dir/socket" -w '%{http_code}' "http://localhost/api/$status")
  grep -q 'a reason' <<<"$answer" && body=', its body' || body=
  seen+="$status->${answer: -3}$body "
done
echo "Seen:     $seen"
[ "$seen" = '204->200 401->401 403->403 302->500 404->500 405->500 429->500 503->500 ' ]
