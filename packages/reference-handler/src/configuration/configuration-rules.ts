// The whole configuration: every setting by itself, and the rules between them.
import * as z from 'zod/mini'
import {
  certificateIsWhole,
  clientCanAuthenticate,
  dpopKeysDiffer,
  endpointsAreKnown,
  extraParametersMakeSense,
  originsHaveOneRedirectUri,
  redirectUriIsTrusted,
  resourceIsDecidedOnce,
} from './client-rules.ts'
import {
  cookiePrefixIsPossible,
  originsSendCookies,
  routeCookiesAreNotOurs,
} from './cookie-rules.ts'
import { deviceBindingCanWork } from './device-binding-rules.ts'
import { fapiRules } from './fapi-rules.ts'
import { isObject } from './objects.ts'
import {
  agentIsApart,
  forwardAuthIsApart,
  gatewayKeepsPaths,
  gatewayProvesNothing,
  metricsAreApart,
  routesAreApart,
  routesCanBeOpened,
  routeTlsIsWhole,
} from './place-rules.ts'
import { endpointsAreConfidential } from './server-rules.ts'
import { sessionStoreIsThere } from './store-rules.ts'
import { configurationSchema } from './schema.ts'
import type { Configuration, ConfigurationInput } from './schema.ts'

/** Speaks of each setting, and of those that do not go together. */
export const consistentConfigurationSchema: z.ZodMiniType<Configuration, ConfigurationInput> = [
  clientCanAuthenticate,
  certificateIsWhole,
  dpopKeysDiffer,
  resourceIsDecidedOnce,
  extraParametersMakeSense,
  cookiePrefixIsPossible,
  redirectUriIsTrusted,
  originsHaveOneRedirectUri,
  endpointsAreKnown,
  endpointsAreConfidential,
  originsSendCookies,
  agentIsApart,
  routesAreApart,
  routesCanBeOpened,
  routeCookiesAreNotOurs,
  routeTlsIsWhole,
  metricsAreApart,
  forwardAuthIsApart,
  gatewayKeepsPaths,
  gatewayProvesNothing,
  sessionStoreIsThere,
  deviceBindingCanWork,
  ...fapiRules,
].reduce(
  (schema, { about, mistakes }) =>
    schema.check(
      z.superRefine(
        (settings, context) => {
          for (const mistake of mistakes(settings)) context.addIssue({ code: 'custom', ...mistake })
        },
        {
          when: ({ value }) =>
            isObject(value) &&
            about.every(
              (name) => z.safeParse(configurationSchema.def.shape[name], value[name]).success,
            ),
        },
      ),
    ),
  configurationSchema,
)
