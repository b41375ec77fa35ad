// A callback command: signs in at the local stack's authorization server over HTTP, and prints where
// that redirects to.
import { demoPassword } from '../../src/authorization-server/users.ts'
import { createVisitor } from '../visitor.ts'

const { AUTHORIZATION_URL = '', SIGN_IN_USER } = process.env
const visitor = createVisitor()
const username = SIGN_IN_USER === 'second' ? 'bob' : 'alice'
const page = await visitor.visit(AUTHORIZATION_URL)
const { url } = await visitor.submit(page, '/login', { username, password: demoPassword })
process.stdout.write(`signing in as ${username} …\n${url.href}\n`)
