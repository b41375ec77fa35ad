// What is accepted as a request body.
import { describe, expect, it } from 'vitest'
import { readForm } from '../../src/http/form.ts'

const form = 'application/x-www-form-urlencoded'

const read = (body?: BodyInit, contentType?: string) =>
  readForm(
    new Request('https://api.example.com/', {
      method: 'POST',
      headers: contentType === undefined ? {} : { 'content-type': contentType },
      ...(body !== undefined && { body }),
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    }),
  )

const bytes = (length: number) => new TextEncoder().encode('a'.repeat(length))

const endless = () =>
  new ReadableStream({
    pull: (controller) => {
      controller.enqueue(bytes(4096))
    },
  })

describe('reading a form', () => {
  it.each([form, `${form}; charset=UTF-8`, 'Application/X-WWW-Form-Urlencoded'])(
    'accepts content type %s',
    async (contentType) => {
      const reading = await read('code=a%20b&state=c+d', contentType)
      expect(reading).toEqual({
        kind: 'form',
        parameters: new URLSearchParams({ code: 'a b', state: 'c d' }),
      })
    },
  )

  it('needs no content type for an empty body', async () => {
    expect(await read()).toEqual({ kind: 'form', parameters: new URLSearchParams() })
    expect(await read('', 'text/plain')).toMatchObject({ kind: 'form' })
  })

  it.each(['text/plain', 'application/json', 'multipart/form-data; boundary=x', `${form}x`])(
    'refuses content type %s',
    async (contentType) => {
      expect(await read('a=b', contentType)).toMatchObject({ code: 'unsupported_media_type' })
    },
  )

  it('refuses a body without a content type', async () => {
    expect(await read(bytes(3))).toMatchObject({ code: 'unsupported_media_type' })
  })

  it('refuses a body over 16 KB and accepts one of 16 KB', async () => {
    expect(await read(bytes(16_384), form)).toMatchObject({ kind: 'form' })
    expect(await read(bytes(16_385), form)).toMatchObject({ code: 'payload_too_large' })
  })

  it('stops reading a body that has no announced length and no end', async () => {
    expect(await read(endless(), form)).toMatchObject({ code: 'payload_too_large' })
  })

  it('refuses a parameter that occurs twice, and names it', async () => {
    expect(await read('prompt=login&prompt=none', form)).toMatchObject({
      code: 'invalid_request',
      reason: expect.stringContaining('"prompt"') as unknown,
    })
  })

  it('quotes nothing that is no name: the body may be no form at all', async () => {
    const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl'
    const reading = await read(`${token}&${token}`, form)
    expect(reading).toMatchObject({ code: 'invalid_request' })
    expect(JSON.stringify(reading)).not.toContain('eyJ')
  })

  it('accepts several resources', async () => {
    const reading = await read('resource=https://a.example&resource=https://b.example', form)
    expect(reading).toMatchObject({ kind: 'form' })
  })
})
