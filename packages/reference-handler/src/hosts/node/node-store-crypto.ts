// The primitives of a shared store with node:crypto: a call each, where WebCrypto takes a round trip through a thread.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import type { KeyPurpose, StoreCrypto } from '../../store/store-crypto.ts'

const KEY_BYTES = 32
const ID_BYTES = 4
const IV_BYTES = 12
const TAG_BYTES = 16

/** Makes and opens what `webStoreCrypto` does. */
export const nodeStoreCrypto: StoreCrypto = {
  hash: (text) => new Uint8Array(createHash('sha256').update(text).digest()),

  deriveKeys(secret, { salt, infoOf }) {
    const derive = (purpose: KeyPurpose, length = KEY_BYTES) =>
      Buffer.from(hkdfSync('sha256', secret, salt, infoOf(purpose), length))
    const name = createSecretKey(derive('name'))
    const content = createSecretKey(derive('content'))
    const options = { authTagLength: TAG_BYTES }
    return {
      id: derive('id', ID_BYTES).toString('base64url'),
      mac: (data) => createHmac('sha256', name).update(data).digest('base64url'),

      seal(additionalData, plaintext) {
        const iv = randomBytes(IV_BYTES)
        const cipher = createCipheriv('aes-256-gcm', content, iv, options)
        cipher.setAAD(additionalData)
        const ciphertext = [cipher.update(plaintext, 'utf8'), cipher.final()]
        const sealed = Buffer.concat([...ciphertext, cipher.getAuthTag()])
        return `${iv.toString('base64url')}.${sealed.toString('base64url')}`
      },

      open(additionalData, text) {
        const [iv = '', ciphertext = ''] = text.split('.')
        const sealed = Buffer.from(ciphertext, 'base64url')
        const end = sealed.length - TAG_BYTES
        if (end < 0) throw new RangeError('There is no tag.')
        const nonce = Buffer.from(iv, 'base64url')
        const decipher = createDecipheriv('aes-256-gcm', content, nonce, options)
        decipher.setAAD(additionalData).setAuthTag(sealed.subarray(end))
        return decipher.update(sealed.subarray(0, end), undefined, 'utf8') + decipher.final('utf8')
      },
    }
  },
}
