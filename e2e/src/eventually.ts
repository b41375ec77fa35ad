// Waiting for what a slow machine does later.
import { expect } from 'vitest'

/** As `expect.poll`, with the patience that two browsers, a stack and a build on two cores need. */
export const eventually = <T>(read: () => T): ReturnType<typeof expect.poll<T>> =>
  expect.poll(read, { timeout: 20_000 })
