// The primitives of a shared store with node:crypto: a call each, where WebCrypto takes a round trip through a thread.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
} from 'node:crypto'
import type { Bytes, StoreCrypto } from '../../store/store-crypto.ts'

const KEY_BYTES = 32
const ID_BYTES = 4
const TAG_BYTES = 16

/** Buffers of Node may lie in a pool; these are what WebCrypto would have given. */
const bytes = (buffer: Uint8Array): Bytes => new Uint8Array(buffer)

/** Does exactly what `webStoreCrypto` does. */
export const nodeStoreCrypto: StoreCrypto = {
  hash: (data) => bytes(createHash('sha256').update(data).digest()),

  deriveKeys(secret, { salt, infoOf }) {
    const derive = (purpose: Parameters<typeof infoOf>[0], length = KEY_BYTES) =>
      bytes(new Uint8Array(hkdfSync('sha256', secret, salt, infoOf(purpose), length)))
    const name = createSecretKey(derive('name'))
    const content = createSecretKey(derive('content'))
    const options = { authTagLength: TAG_BYTES }
    return {
      id: derive('id', ID_BYTES),
      mac: (data) => bytes(createHmac('sha256', name).update(data).digest()),

      seal(iv, additionalData, plaintext) {
        const cipher = createCipheriv('aes-256-gcm', content, iv, options)
        cipher.setAAD(additionalData)
        const ciphertext = [cipher.update(plaintext), cipher.final()]
        return bytes(Buffer.concat([...ciphertext, cipher.getAuthTag()]))
      },

      open(iv, additionalData, sealed) {
        const end = sealed.length - TAG_BYTES
        if (end < 0) throw new RangeError('There is no tag.')
        const decipher = createDecipheriv('aes-256-gcm', content, iv, options)
        decipher.setAAD(additionalData).setAuthTag(sealed.subarray(end))
        const plaintext = decipher.update(sealed.subarray(0, end))
        // GCM has nothing left to give here, but this is where it throws when the tag is wrong.
        decipher.final()
        return bytes(plaintext)
      },
    }
  },
}
