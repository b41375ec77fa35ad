// The portal of LemonLDAP::NG from Debian, with its demonstration users.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { callbackOf, pageOf } from '../browser.ts'
import { createClients } from '../clients.ts'
import type { Clients, RegisteredClient } from '../clients.ts'
import { readDebianVersion } from '../debian-version.ts'
import { findFreePort } from '../../../packages/reference-handler/test/support/free-port.ts'
import { startProgram } from '../program.ts'
import type { RunningServer, ServerKind, SpaUrls } from '../server-kind.ts'

const PACKAGES = [
  'liblemonldap-ng-portal-perl',
  'lemonldap-ng-handler',
  'libplack-perl',
  // The portal does not start without these, and depends on none of them.
  'libconvert-base32-perl',
  'libcrypt-openssl-bignum-perl',
  'libemail-sender-perl',
  'libgd-securityimage-perl',
  'libhttp-browserdetect-perl',
  'libimage-magick-perl',
  'libio-string-perl',
  'libmime-tools-perl',
  'libstring-random-perl',
  'libunicode-string-perl',
]

const portal = '/usr/share/lemonldap-ng/portal/htdocs/index.psgi'

/** A user of the module `Demo`, whose password is the name. */
const USER = 'dwho'

const registration = ({ id, secret }: RegisteredClient, urls: SpaUrls) => ({
  oidcRPMetaDataOptionsClientID: id,
  oidcRPMetaDataOptionsClientSecret: secret,
  oidcRPMetaDataOptionsRedirectUris: urls.redirectUri,
  oidcRPMetaDataOptionsPostLogoutRedirectUris: urls.postLogoutRedirectUri,
  oidcRPMetaDataOptionsIDTokenSignAlg: 'RS256',
  oidcRPMetaDataOptionsIDTokenForceClaims: 1,
  oidcRPMetaDataOptionsRefreshToken: 1,
  oidcRPMetaDataOptionsRequirePKCE: 1,
})

/** The portal's configuration, as its manager writes it. */
function configure(issuer: string, folder: string, clients: Clients, urls: SpaUrls): object {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const registered = [clients.client, clients.punctuatedClient, clients.postClient]
  const named = <T>(value: (client: RegisteredClient) => T): Record<string, T> =>
    Object.fromEntries(registered.map((client, index) => [`spa${index}`, value(client)]))
  const files = (name: string) => ({
    Directory: `${folder}/${name}`,
    LockDirectory: `${folder}/${name}/lock`,
  })
  return {
    cfgNum: 1,
    cfgAuthor: 'The tests',
    cfgDate: '1795910400',
    cfgVersion: '2.16.1',
    key: randomBytes(16).toString('hex'),
    portal: issuer,
    domain: '127.0.0.1',
    authentication: 'Demo',
    userDB: 'Same',
    passwordDB: 'Demo',
    registerDB: 'Null',
    demoExportedVars: { cn: 'cn', mail: 'mail', uid: 'uid' },
    macros: { _whatToTrace: 'lc($_user)' },
    whatToTrace: '_whatToTrace',
    locationRules: { '127.0.0.1': { default: 'accept' } },
    globalStorage: 'Apache::Session::File',
    globalStorageOptions: {
      ...files('sessions'),
      generateModule: 'Lemonldap::NG::Common::Apache::Session::Generate::SHA256',
    },
    persistentStorage: 'Apache::Session::File',
    persistentStorageOptions: files('psessions'),
    issuerDBOpenIDConnectActivation: 1,
    oidcServicePrivateKeySig: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    oidcServicePublicKeySig: publicKey.export({ type: 'spki', format: 'pem' }),
    oidcServiceKeyIdSig: 'k1',
    oidcServiceAccessTokenExpiration: 600,
    oidcRPMetaDataOptions: named((client) => registration(client, urls)),
    oidcRPMetaDataExportedVars: named(() => ({ name: 'cn', email: 'mail' })),
  }
}

const settingsFile = (folder: string): string => `
[all]
logger = Lemonldap::NG::Common::Logger::Std
logLevel = error
[configuration]
type = File
dirName = ${folder}/conf
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
`

async function start(urls: SpaUrls): Promise<RunningServer> {
  const clients = createClients()
  const port = await findFreePort()
  const origin = `http://127.0.0.1:${port}`
  const issuer = `${origin}/`
  let sessions = ''
  const program = await startProgram(async (folder) => {
    sessions = `${folder}/sessions`
    for (const name of ['conf', 'sessions/lock', 'psessions/lock']) {
      await mkdir(`${folder}/${name}`, { recursive: true })
    }
    const configuration = configure(issuer, folder, clients, urls)
    await writeFile(`${folder}/conf/lmConf-1.json`, JSON.stringify(configuration))
    await writeFile(`${folder}/lemonldap-ng.ini`, settingsFile(folder))
    return {
      command: '/usr/bin/plackup',
      args: ['--env', 'production', '--host', '127.0.0.1', '--port', String(port), portal],
      env: { LLNG_DEFAULTCONFFILE: `${folder}/lemonldap-ng.ini` },
      readyUrl: `${origin}/.well-known/openid-configuration`,
    }
  })

  return {
    version: await readDebianVersion('liblemonldap-ng-portal-perl'),
    issuer,
    tokenEndpoint: `${origin}/oauth2/token`,
    ...clients,
    settings: { client: { scope: 'openid profile email' }, refresh: { endsOn: 'refusal' } },
    tokenCheck: {
      kind: 'introspection',
      endpoint: `${origin}/oauth2/introspect`,
      client: clients.client,
    },
    async signIn(browser, authorizationUrl) {
      const signIn = pageOf(await browser.open(authorizationUrl))
      const landing = await signIn.submit({ user: USER, password: USER }, '#lform')
      // What a user has allowed a client once is not asked again.
      return callbackOf(landing.kind === 'spa' ? landing : await landing.page.submit())
    },
    isSignInPage: ({ html }) => html.includes('name="password"'),
    confirmSignOut: async (_browser, page) => callbackOf(await page.submit()),
    endGrant: () => endUserSessions(sessions),
    stop: program.stop,
  }
}

/** Ends every session of a user, as an administrator does; those of tokens stay. */
async function endUserSessions(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = `${folder}/${entry.name}`
    if (entry.isFile() && (await readFile(file, 'utf8')).includes('"_session_kind":"SSO"')) {
      await rm(file)
    }
  }
}

/** LemonLDAP::NG, configured as its page in docs/authorization-servers says. */
export const lemonLdap: ServerKind = {
  id: 'lemonldap-ng',
  name: 'LemonLDAP::NG',
  version: '2.16.1',
  requirement: { files: [portal, '/usr/bin/plackup'], packages: PACKAGES },
  traits: {
    claims: { sub: USER, name: 'Doctor Who', email: 'dwho@badwolf.org' },
    accessToken: 'by introspection',
    rotation: 'does not rotate',
    idTokenAtRefresh: true,
    reuse: 'is accepted',
    codeReuse: 'leaves the session',
    revocation: 'revokes nothing',
    logout: 'after a question',
    silentSignIn: 'shows its sign-in page',
    wrongSecret: 'is refused',
  },
  skipped: {},
  faults: {},
  start,
}
