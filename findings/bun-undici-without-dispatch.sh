#!/usr/bin/env bash
# Bun puts a module of its own in the place of the npm package undici, and its Agent has no dispatch().
#
# Seen: 2026-11-29, Bun 1.4.5, undici 8.13.1, Node 24.21.0. `new Agent().dispatch`, with undici installed from npm:
#   Node:  function
#   Bun:   undefined, though node_modules has the package: import.meta.resolve('undici') is the bare "undici"
# Starting says nothing; the first call of dispatch() fails.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "type": "module" }' >package.json
npm install --silent --no-audit --no-fund node@24.21.0 bun@1.4.5 undici@8.13.1

cat >dispatch.js <<'JS'
import { Agent } from 'undici'
const resolved = import.meta.resolve('undici').split('/').slice(-3).join('/')
console.log(`${typeof new Agent().dispatch}, from ${resolved}`)
process.exit()
JS
node=$(npx node dispatch.js)
bun=$(npx bun dispatch.js)
echo "Node $(npx node --version), Bun $(npx bun --version), undici 8.13.1"
echo "Expected: function, from node_modules/undici/index.js, in both"
echo "Seen, Node: $node"
echo "Seen, Bun:  $bun"
[ "$node" = 'function, from node_modules/undici/index.js' ] && [ "$bun" = 'undefined, from undici' ]
