// Whether nginx with its Lua module is here.
import { existsSync } from 'node:fs'
import { findProgram } from '../../../two-users/src/programs.ts'

const needed = [
  '/usr/lib/nginx/modules/ndk_http_module.so',
  '/usr/lib/nginx/modules/ngx_http_lua_module.so',
  '/usr/share/lua/5.1/resty/core.lua',
]

/**
 * Whether tests have to be skipped because nginx, or a part of its Lua module, is missing; says so in the output. With
 * REQUIRE_PROGRAMS they run, and fail.
 */
export function isPluginMissing(): boolean {
  const isThere = findProgram('nginx') !== undefined && needed.every((file) => existsSync(file))
  if (isThere || process.env['REQUIRE_PROGRAMS']) return false
  process.stdout.write('skipped: there is no nginx with libnginx-mod-http-lua on this machine\n')
  return true
}
