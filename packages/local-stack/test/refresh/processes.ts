// The handler as processes of the operating system: they share their settings and nothing else.
import type { OAuthAgent } from '../../../reference-handler/src/agent/oauth-agent.ts'
import { startCommand } from '../../../reference-handler/test/support/command.ts'

/** A process that serves. */
export interface HandlerProcess {
  /** Its agent, over HTTP. */
  readonly agent: OAuthAgent
  /** Ends it in its own time, by SIGTERM. */
  readonly end: () => Promise<void>
  /** Ends it without giving it time for anything. */
  readonly kill: () => Promise<void>
}

/** Starts `token-handler serve` on a free port. */
export async function startProcess(
  environment: Readonly<Record<string, string>>,
): Promise<HandlerProcess> {
  const command = startCommand(['serve', '--port', '0'], environment)
  const address = await command.printed(/http:\/\/127\.0\.0\.1:\d+/)
  return {
    async agent(request) {
      const { method, headers, signal } = request
      const body = (await request.text()) || null
      return await fetch(address + new URL(request.url).pathname, { method, headers, body, signal })
    },
    async end() {
      command.signal('SIGTERM')
      await command.ended
    },
    kill: command.stop,
  }
}
