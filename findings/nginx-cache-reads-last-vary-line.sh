#!/usr/bin/env bash
# nginx 1.22 caches by the last Vary line of an answer; the ones before it count for nothing.
#
# Seen: 2026-11-29, nginx 1.22.1 (Debian 12), proxy_cache. An answer in the language of Accept-Language, asked for in
# English and then in German:
#   Vary: Accept-Language, Origin                  en, de
#   Vary: Origin  +  Vary: Accept-Language         en, de
#   Vary: Accept-Language  +  Vary: Origin         en, en: German readers get the cached English answer
# RFC 9110, section 5.2, has several lines of one field mean the same as one line with their values joined by commas.
# Newer versions of nginx were not tried.
set -euo pipefail
command -v nginx >/dev/null || { echo 'Skipped: no nginx.'; [ -z "${REQUIRE_PROGRAMS-}" ]; exit; }
dir=$(mktemp -d)
trap '{ kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$dir"' EXIT
chmod 755 "$dir"

answer='add_header Cache-Control max-age=60; return 200 $http_accept_language;'
cat >"$dir/nginx.conf" <<CONF
daemon off; pid $dir/pid; events {}
http {
  access_log off;
  client_body_temp_path $dir/client_body; proxy_temp_path $dir/proxy;
  fastcgi_temp_path $dir/fastcgi; uwsgi_temp_path $dir/uwsgi; scgi_temp_path $dir/scgi;
  proxy_cache_path $dir/cache keys_zone=answers:1m;
  server {
    listen unix:$dir/api;
    location = /one { add_header Vary "Accept-Language, Origin"; $answer }
    location = /language-last { add_header Vary Origin; add_header Vary Accept-Language; $answer }
    location = /language-first { add_header Vary Accept-Language; add_header Vary Origin; $answer }
  }
  server {
    listen unix:$dir/socket;
    proxy_cache answers;
    location / { proxy_pass http://unix:$dir/api; }
  }
}
CONF
nginx -e "$dir/errors" -c "$dir/nginx.conf" &
server=$!
for _ in $(seq 100); do [ -S "$dir/socket" ] && break || sleep 0.1; done

nginx -v
echo 'Expected: en, de for each'
seen=
for path in one language-last language-first; do
  seen+="$path:"
  for language in en de; do
    seen+=" $(curl -s --unix-socket "$dir/socket" -H "Accept-Language: $language" "http://localhost/$path")"
  done
  seen+='; '
done
echo "Seen:     $seen"
[ "$seen" = 'one: en de; language-last: en de; language-first: en en; ' ]
