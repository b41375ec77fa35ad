// Imported first by the entry of the Fastify host: what it imports next may not load here.
import { requireFitRuntime } from './unfit-runtime.ts'

requireFitRuntime()
