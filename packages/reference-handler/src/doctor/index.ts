// Entry `./doctor`: what is wrong with a deployment, from the inside and from outside, as data.
export { doctorCodes } from './finding.ts'
export type { DoctorCode, Finding, Report } from './finding.ts'
export type { DoctorPorts } from './doctor-ports.ts'
export { examineConfiguration } from './inside/examine-configuration.ts'
export { examineDeployment } from './outside/examine-deployment.ts'
export type { DeploymentPlace } from './outside/examine-deployment.ts'
