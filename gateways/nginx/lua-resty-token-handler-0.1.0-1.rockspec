package = "lua-resty-token-handler"
version = "0.1.0-1"
source = {
  url = "git+https://github.com/token-handler/token-handler.git",
}
description = {
  summary = "The OAuth Proxy of the token handler pattern, inside nginx",
  homepage = "https://github.com/token-handler/token-handler",
  license = "Apache-2.0",
}
dependencies = { "lua >= 5.1, < 5.2" }
build = {
  type = "builtin",
  modules = {
    ["token_handler"] = "gateways/nginx/token-handler/lib/token_handler.lua",
    ["token_handler.access_token"] = "gateways/nginx/token-handler/lib/token_handler/access_token.lua",
    ["token_handler.aes_gcm"] = "gateways/nginx/token-handler/lib/token_handler/aes_gcm.lua",
    ["token_handler.answers"] = "gateways/nginx/token-handler/lib/token_handler/answers.lua",
    ["token_handler.api_cookies"] = "gateways/nginx/token-handler/lib/token_handler/api_cookies.lua",
    ["token_handler.audiences"] = "gateways/nginx/token-handler/lib/token_handler/audiences.lua",
    ["token_handler.base64url"] = "gateways/nginx/token-handler/lib/token_handler/base64url.lua",
    ["token_handler.cache_control"] = "gateways/nginx/token-handler/lib/token_handler/cache_control.lua",
    ["token_handler.cookie_worth"] = "gateways/nginx/token-handler/lib/token_handler/cookie_worth.lua",
    ["token_handler.cookies"] = "gateways/nginx/token-handler/lib/token_handler/cookies.lua",
    ["token_handler.cors"] = "gateways/nginx/token-handler/lib/token_handler/cors.lua",
    ["token_handler.decide"] = "gateways/nginx/token-handler/lib/token_handler/decide.lua",
    ["token_handler.ended_sessions"] = "gateways/nginx/token-handler/lib/token_handler/ended_sessions.lua",
    ["token_handler.handler"] = "gateways/nginx/token-handler/lib/token_handler/handler.lua",
    ["token_handler.header_names"] = "gateways/nginx/token-handler/lib/token_handler/header_names.lua",
    ["token_handler.http_client"] = "gateways/nginx/token-handler/lib/token_handler/http_client.lua",
    ["token_handler.json"] = "gateways/nginx/token-handler/lib/token_handler/json.lua",
    ["token_handler.jwe"] = "gateways/nginx/token-handler/lib/token_handler/jwe.lua",
    ["token_handler.key_file"] = "gateways/nginx/token-handler/lib/token_handler/key_file.lua",
    ["token_handler.matches"] = "gateways/nginx/token-handler/lib/token_handler/matches.lua",
    ["token_handler.memory"] = "gateways/nginx/token-handler/lib/token_handler/memory.lua",
    ["token_handler.origin_guard"] = "gateways/nginx/token-handler/lib/token_handler/origin_guard.lua",
    ["token_handler.packed_text"] = "gateways/nginx/token-handler/lib/token_handler/packed_text.lua",
    ["token_handler.proxy_cookie"] = "gateways/nginx/token-handler/lib/token_handler/proxy_cookie.lua",
    ["token_handler.public_urls"] = "gateways/nginx/token-handler/lib/token_handler/public_urls.lua",
    ["token_handler.remember"] = "gateways/nginx/token-handler/lib/token_handler/remember.lua",
    ["token_handler.request_headers"] = "gateways/nginx/token-handler/lib/token_handler/request_headers.lua",
    ["token_handler.response_headers"] = "gateways/nginx/token-handler/lib/token_handler/response_headers.lua",
    ["token_handler.response_rules"] = "gateways/nginx/token-handler/lib/token_handler/response_rules.lua",
    ["token_handler.routes"] = "gateways/nginx/token-handler/lib/token_handler/routes.lua",
    ["token_handler.settings"] = "gateways/nginx/token-handler/lib/token_handler/settings.lua",
    ["token_handler.shared"] = "gateways/nginx/token-handler/lib/token_handler/shared.lua",
    ["token_handler.target"] = "gateways/nginx/token-handler/lib/token_handler/target.lua",
    ["token_handler.tenants"] = "gateways/nginx/token-handler/lib/token_handler/tenants.lua",
    ["token_handler.utf8"] = "gateways/nginx/token-handler/lib/token_handler/utf8.lua",
    ["token_handler.vary"] = "gateways/nginx/token-handler/lib/token_handler/vary.lua",
    ["token_handler.web_socket"] = "gateways/nginx/token-handler/lib/token_handler/web_socket.lua",
  },
  copy_directories = { "gateways/nginx/token-handler", "gateways/nginx/example" },
}
