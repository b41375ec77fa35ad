// The engines in which designs are walked, and the names by which they reach them.
import { chromium } from 'e2e/engines/chromium'
import type { Engine } from 'e2e/engines/engine'
import { firefox } from 'e2e/engines/firefox'
import { webkit } from 'e2e/engines/webkit'

/** Below a suffix that every engine knows. */
export const DOMAIN = 'example.com'

/** A site that has nothing to do with the others. */
export const FOREIGN = 'www.example.net'

export const engines: readonly Engine[] = [chromium, firefox, webkit]
