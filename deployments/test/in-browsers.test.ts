// Everything that needs browsers, in one file, so that each of them is started once.
import { afterAll } from 'vitest'
import './browsers/walks.ts'
import './browsers/isolation.ts'
import './browsers/shared-session.ts'
import './browsers/hybrid.ts'
import './browsers/migration.ts'
import { stopBrowsers } from './browsers/support.ts'

afterAll(stopBrowsers)
