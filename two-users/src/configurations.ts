// What configurations of a program have in common, whatever it is started for.

const isRoot = process.getuid?.() === 0

/** What a program reads, and the parameters by which it finds it. */
export interface Setup {
  readonly text: string
  readonly parameters: readonly string[]
}

/** Where {@link Setup} texts are written to, in the folder of a program. */
export const configurationIn = (folder: string): string => `${folder}/configuration`

/** @param http - what belongs into the `http` context */
export function nginxSetup(http: string, folder: string): Setup {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const text = `${isRoot ? 'user root;' : ''} daemon off; pid ${folder}/pid; error_log ${folder}/errors;
    events {}
    http {
      access_log off;
      ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
      ${http}
    }`
  return { text, parameters: ['-e', `${folder}/errors`, '-c', configurationIn(folder)] }
}

/** @param modules - besides those of any reverse proxy */
export function apacheSetup(modules: readonly string[], server: string, folder: string): Setup {
  const all = ['mpm_event', 'authz_core', 'headers', 'proxy', 'proxy_http', ...modules]
  const loaded = all.map(
    (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
  )
  const text = `${loaded.join('\n')}
    ServerName www.example.com
    ${isRoot ? 'User www-data\nGroup www-data' : ''}
    DefaultRuntimeDir ${folder}
    PidFile ${folder}/pid
    ErrorLog ${folder}/errors
    # Tests that read until the connection is closed wait for this.
    KeepAliveTimeout 200ms
    ${server}`
  const parameters = ['-d', folder, '-f', configurationIn(folder), '-D', 'FOREGROUND']
  return { text, parameters }
}

export const haproxySetup = (text: string, folder: string): Setup => ({
  text,
  parameters: ['-f', configurationIn(folder), '-db'],
})

/**
 * @param listeners - as `-a` has them
 * @param settings - as `-p` has them
 */
export function varnishSetup(
  text: string,
  listeners: readonly string[],
  folder: string,
  settings: readonly string[] = [],
): Setup {
  const own = ['-F', '-n', folder, '-f', configurationIn(folder), '-j', 'none', '-s', 'malloc,16m']
  const more = [
    ...listeners.flatMap((listener) => ['-a', listener]),
    ...settings.flatMap((setting) => ['-p', setting]),
  ]
  return { text, parameters: [...own, ...more] }
}

export const caddySetup = (text: string, folder: string): Setup => ({
  text,
  parameters: ['run', '--config', configurationIn(folder), '--adapter', 'caddyfile'],
})
