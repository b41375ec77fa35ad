// The users of a dev server: from a list, or from a JSON file.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as z from 'zod'
import { demoUsers } from '../authorization-server/users.ts'
import type { DemoUser } from '../authorization-server/users.ts'
import type { DevelopmentOptions } from './options.ts'

const usersSchema = z
  .array(
    z.strictObject({
      id: z.string().min(1),
      name: z.string().optional(),
      email: z.string().optional(),
      claims: z.record(z.string(), z.unknown()).optional(),
    }),
  )
  .min(1)

/** The users are not what they have to be; the message says what to mend. */
export class UsersError extends Error {
  override readonly name = 'UsersError'
}

/**
 * Reads the users.
 *
 * @param folder - what a path is relative to
 * @throws {UsersError} when there is no such file, or something else in it
 */
export function readUsers(users: DevelopmentOptions['users'], folder: string): readonly DemoUser[] {
  if (users === undefined) return demoUsers
  const source = typeof users === 'string' ? resolve(folder, users) : 'The option users'
  const result = usersSchema.safeParse(typeof users === 'string' ? parseFile(source) : users)
  if (!result.success) {
    const [issue] = result.error.issues
    throw new UsersError(
      `${source} has to be a list of users such as [{ "id": "alice", "claims": { "roles": ["admin"] } }]: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    )
  }
  return result.data.map(({ id, name, email, claims }) => ({
    id,
    name: name ?? id,
    email: email ?? `${id}@example.com`,
    ...(claims !== undefined && { claims }),
  }))
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new UsersError(`${file} cannot be read, or is no JSON.`)
  }
}
