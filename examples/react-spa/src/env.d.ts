// The build-time settings of this app; vite/client knows the rest of `import.meta.env`.
interface ImportMetaEnv {
  readonly VITE_AGENT_URL?: string
  readonly VITE_API_URL?: string
  readonly VITE_CONTROL_URL?: string
}
