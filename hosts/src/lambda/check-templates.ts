// Checks the templates of examples/deployments/lambda with what knows AWS: the CDK's include of SAM templates, and osls,
// the Serverless Framework that needs no account. Both are installed into a folder of their own, for they are large.
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const example = join(import.meta.dirname, '../../../examples/deployments/lambda')

/** What is checked with; versions that were tried. */
const validators = ['aws-cdk-lib@2.276.0', 'constructs@10', 'osls@4.3.1']

const include = `
import { App, Stack } from 'aws-cdk-lib'
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include'
const app = new App({ outdir: 'cdk.out' })
const stack = new Stack(app, 'stack')
const included = new CfnInclude(stack, 'template', { templateFile: process.argv[2] })
for (const name of process.argv.slice(3)) {
  const resource = included.getResource(name)
  if (resource.constructor.name === 'CfnResource') throw new Error(name + ' is of a type that AWS does not know')
  const { Properties: unknown } = resource.rawOverrides
  if (unknown !== undefined) throw new Error(name + ' has properties that AWS does not know: ' + Object.keys(unknown))
}
app.synth()
`

const folder = await mkdtemp(join(tmpdir(), 'lambda-templates-'))
const environment = {
  ...process.env,
  ISSUER: 'https://login.example.com',
  CLIENT_ID: 'spa',
  CLIENT_SECRET: 'secret',
  SPA_ORIGIN: 'https://www.example.com',
  COOKIE_SECRETS: 'secrets',
  API_UPSTREAM: 'https://orders.internal.example.com',
  REDIS_URL: 'rediss://redis.example.com',
}

/** Resolves with what a program says as it fails, or `undefined` when it does not. */
async function complaint(program: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    await promisify(execFile)(program, args, { cwd: folder, env: environment })
    return undefined
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string }
    return stdout + stderr
  }
}

const includeTemplate = (file: string) =>
  complaint(process.execPath, 'include.mjs', file, 'Handler', 'Api')
/** Some members that osls does not know it leaves out, so what it makes of the file counts as well. */
async function packageService(): Promise<string | undefined> {
  const problem = await packageFiles()
  if (problem !== undefined) return problem
  const made = join(folder, '.serverless/cloudformation-template-update-stack.json')
  const text = JSON.stringify(JSON.parse(await readFile(made, 'utf8')))
  const missing = expected.find((part) => !text.includes(part))
  return missing && `${missing} is not in what was made of it`
}

const expected = [
  '"AuthorizerType":"REQUEST"',
  '"EnableSimpleResponses":true',
  '"AuthorizerResultTtlInSeconds":0',
  '"AuthorizerPayloadFormatVersion":"2.0"',
  '"InvokeMode":"RESPONSE_STREAM"',
]

const packageFiles = () =>
  complaint(process.execPath, 'node_modules/osls/bin/serverless.js', 'package')

/** The validator takes a template, and takes none with one line changed. */
async function check(
  name: string,
  validate: () => Promise<string | undefined>,
  changes: readonly (readonly [from: string, to: string])[],
): Promise<void> {
  const file = join(folder, name)
  const text = await readFile(file, 'utf8')
  const problem = await validate()
  if (problem !== undefined) throw new Error(`${name} is refused:\n${problem}`)
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${name} has no ${from}.`)
    await writeFile(file, text.replace(from, to))
    if ((await validate()) === undefined) throw new Error(`${name} is taken with ${to}.`)
  }
  await writeFile(file, text)
  process.stdout.write(`${name} is taken; ${changes.length} mistakes in it are found\n`)
}

try {
  await cp(example, folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  await writeFile(join(folder, 'include.mjs'), include)
  // The fork knows all of the file but the bundler, which is the framework's own from version 4 on.
  const service = join(folder, 'serverless.yml')
  await writeFile(service, (await readFile(service, 'utf8')).replace(/^build:\n(?: .*\n)*/m, ''))
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', ...validators], {
    cwd: folder,
  })
  await check('template.yaml', () => includeTemplate('template.yaml'), [
    ['MemorySize:', 'MemoriSize:'],
    ['Timeout: 29', 'Timeout: soon'],
    ['AWS::Serverless::HttpApi', 'AWS::Serverless::HttpApy'],
    ['!Ref RedisUrl', '!Ref RedisUri'],
  ])
  await check('serverless.yml', packageService, [
    ['invokeMode: RESPONSE_STREAM', 'invokeMode: RESPONSE_STREAMS'],
    ['resultTtlInSeconds: 0', 'resultTtlInSeconds: never'],
    ['enableSimpleResponses', 'enableSimpleResponse'],
    ['authorizer: { name: session }', 'authorizer: { name: sessions }'],
    ['${env:REDIS_URL}', '${env:REDIS_URI}'],
  ])
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
