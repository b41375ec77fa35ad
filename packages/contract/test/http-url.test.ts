// Which URLs a browser may be sent to.
import { isHttpUrl } from '../src/index.ts'
import { expect, test } from 'vitest'

test.each([
  'https://login.example.com',
  'https://login.example.com:8443/authorize?state=1#top',
  'http://login.idp.localhost:4000/',
  'HTTPS://LOGIN.EXAMPLE.COM/',
  'https://[::1]:4000/',
  'https://bücher.example/',
])('%s is a place to navigate to', (url) => {
  expect(isHttpUrl(url)).toBe(true)
})

test.each([
  ['script', 'javascript:alert(1)'],
  ['script that looks like a host', 'javascript://login.example.com/%0aalert(1)'],
  ['data', 'data:text/html,<script>alert(1)</script>'],
  ['a blob of an http origin', 'blob:https://login.example.com/1'],
  ['a leading space', ' https://login.example.com/'],
  ['a trailing line break', 'https://login.example.com/\n'],
  ['a tab in the scheme', 'ht\ttps://login.example.com/'],
  ['a tab in the host', 'https://login\t.example.com/'],
  ['a control character', 'https://login.example.com/\u0000'],
  ['no slashes', 'https:login.example.com'],
  ['one slash', 'https:/login.example.com'],
  ['three slashes', 'https:///login.example.com'],
  ['backslashes', 'https:\\\\login.example.com'],
  ['a backslash that moves the host', 'https://login.example.com\\@evil.example'],
  ['no scheme', '//login.example.com'],
  ['a path', '/authorize'],
  ['no host', 'https://'],
  ['a broken host', 'https://['],
  ['nothing', ''],
  ['a number', 7],
  ['a URL object', new URL('https://login.example.com')],
  ['null', null],
])('%s is not', (_what, value) => {
  expect(isHttpUrl(value)).toBe(false)
})
