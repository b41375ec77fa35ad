// The entry `./agent-node`: the wire profile of the open source OAuth Agents, to pass as `profile`.
// oxlint-disable-next-line no-restricted-imports -- this entry of contract is without a schema library
export { agentNode } from '@token-handler/contract/agent-node'
// oxlint-disable-next-line no-restricted-imports -- see above
export type { AgentNodeOptions } from '@token-handler/contract/agent-node'
