#!/usr/bin/env bash
# Caddy writes the pattern itself into a header where a rule replaces what matches by nothing.
#
# Seen: 2026-11-29, Caddy 2.6.2 (Debian 12). The API answers "X-Note: public; internal=yes", and the rule is
#   header_down X-Note "internal=[a-z]*" ""
# Expected: X-Note: public;
# Seen:     X-Note: internal=[a-z]*
# An empty last word counts as none, so the rule sets the header to its second word. Caddy's documentation has three
# words for a replacement (reverse_proxy, section "Headers"). A variable without a value as the last word does what is meant.
set -euo pipefail
command -v caddy >/dev/null || { echo 'Skipped: no caddy.'; [ -z "${REQUIRE_PROGRAMS-}" ]; exit; }
dir=$(mktemp -d)
trap '{ kill "$server" && wait "$server"; } 2>/dev/null || true; rm -rf "$dir"' EXIT

cat >"$dir/Caddyfile" <<CADDY
{
	admin off
	auto_https off
}
http://api.test {
	bind unix/$dir/api
	header X-Note "public; internal=yes"
	respond ok
}
http://written.test, http://variable.test {
	bind unix/$dir/front
	@written host written.test
	reverse_proxy @written unix/$dir/api {
		header_up Host api.test
		header_down X-Note "internal=[a-z]*" ""
	}
	reverse_proxy unix/$dir/api {
		header_up Host api.test
		header_down X-Note "internal=[a-z]*" {http.vars.nothing}
	}
}
CADDY
HOME=$dir caddy run --config "$dir/Caddyfile" --adapter caddyfile 2>"$dir/log" &
server=$!
for _ in $(seq 100); do [ -S "$dir/front" ] && [ -S "$dir/api" ] && break || sleep 0.1; done

note() { curl -si --unix-socket "$dir/front" "http://$1/" | tr -d '\r' | sed -n 's/^x-note: //Ip'; }
written=$(note written.test)
variable=$(note variable.test)
echo "Caddy $(caddy version)"
echo 'Expected: public;'
echo "Seen, with an empty text:            $written"
echo "Seen, with a variable without value: $variable"
[ "$written" = 'internal=[a-z]*' ] && [ "${variable%% *}" = 'public;' ]
