-- Opening what AES-256-GCM sealed, by OpenSSL's libcrypto: the one that nginx itself runs with.
local ffi = require "ffi"

-- Under names of ours, so that no other library's declaration of the same functions is in the way.
ffi.cdef [[
void *token_handler_cipher_context(void) __asm__("EVP_CIPHER_CTX_new");
void token_handler_free_cipher_context(void *context) __asm__("EVP_CIPHER_CTX_free");
const void *token_handler_aes_256_gcm(void) __asm__("EVP_aes_256_gcm");
int token_handler_decrypt_init(void *context, const void *cipher, void *engine, const unsigned char *key,
                               const unsigned char *iv) __asm__("EVP_DecryptInit_ex");
int token_handler_decrypt_update(void *context, unsigned char *out, int *out_length,
                                 const unsigned char *input, int length) __asm__("EVP_DecryptUpdate");
int token_handler_decrypt_final(void *context, unsigned char *out, int *out_length)
                                __asm__("EVP_DecryptFinal_ex");
int token_handler_cipher_control(void *context, int command, int argument, void *pointer)
                                 __asm__("EVP_CIPHER_CTX_ctrl");
void token_handler_clear_errors(void) __asm__("ERR_clear_error");
]]

local C = ffi.C

local KEY_BYTES = 32
local IV_BYTES = 12
local TAG_BYTES = 16

-- EVP_CTRL_AEAD_SET_TAG of <openssl/evp.h>.
local SET_TAG = 0x11

-- Whoever calls has limits of their own; no answer of the handler is longer.
local MAX_BYTES = 131072

-- The plaintext can be a block longer for a cipher that pads; GCM never is.
local plaintext = ffi.new("unsigned char[?]", MAX_BYTES + 32)
local tag_bytes = ffi.new("unsigned char[?]", TAG_BYTES)
local written = ffi.new("int[1]")

local M = { KEY_BYTES = KEY_BYTES, IV_BYTES = IV_BYTES, TAG_BYTES = TAG_BYTES }

-- Prepares a key: what OpenSSL derives from it is kept, and not derived for each cookie.
function M.new_key(key)
  if #key ~= KEY_BYTES then error("An AES-256 key has 32 bytes.") end
  local context = C.token_handler_cipher_context()
  if context == nil then error("OpenSSL has no memory for a key.") end
  context = ffi.gc(context, C.token_handler_free_cipher_context)
  if C.token_handler_decrypt_init(context, C.token_handler_aes_256_gcm(), nil, key, nil) ~= 1 then
    C.token_handler_clear_errors()
    error("OpenSSL offers no AES-256-GCM.")
  end
  return context
end

local function decrypt(context, iv, header, ciphertext, tag)
  if C.token_handler_decrypt_init(context, nil, nil, nil, iv) ~= 1 then return nil end
  if C.token_handler_decrypt_update(context, nil, written, header, #header) ~= 1 then return nil end
  if C.token_handler_decrypt_update(context, plaintext, written, ciphertext, #ciphertext) ~= 1 then return nil end
  local length = written[0]
  if length ~= #ciphertext then return nil end
  ffi.copy(tag_bytes, tag, TAG_BYTES)
  if C.token_handler_cipher_control(context, SET_TAG, TAG_BYTES, tag_bytes) ~= 1 then return nil end
  if C.token_handler_decrypt_final(context, plaintext + length, written) ~= 1 then return nil end
  return ffi.string(plaintext, length)
end

-- The plaintext, or nil unless key, additional data, ciphertext and tag belong together. Every length is
-- checked here, because C would read and write whatever it is told to.
function M.open(key, iv, header, ciphertext, tag)
  if #iv ~= IV_BYTES or #tag ~= TAG_BYTES or #ciphertext > MAX_BYTES then return nil end
  local opened = decrypt(key, iv, header, ciphertext, tag)
  -- A queue that is not empty would count as an error of the next TLS connection.
  if opened == nil then C.token_handler_clear_errors() end
  return opened
end

return M
