// Publishes all packages to a registry on this machine, and says what was published. Nothing leaves the machine.
import { startDryRun } from '../release/src/dry-run.ts'

const { published, stop } = await startDryRun()
for (const { name, version } of published) console.log(`${name} ${version}`)
console.log(`${published.length} packages can be published.`)
await stop()
