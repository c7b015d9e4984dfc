import type { Json, JsonObject } from '../json/strict-json.ts'
import { textsIn } from '../json/values.ts'

/** What a client sends to be registered, and what is expected of it. */
export interface RegistrationQuestion {
  readonly presentation: Json
  /** The presentation's nonce where it is a challenge that may count; `''` for every other. */
  readonly challenge: string
  /** The verifier's audience. */
  readonly domain: string
  readonly softwareStatement: Json | undefined
  readonly clientMetadata: Json | undefined
  /** Redirect hosts that count for a client that is known already; `undefined`: it is new. */
  readonly redirectHosts: readonly string[] | undefined
}

/** The question as evidence holds it; `undefined` for one that this release would not put. */
export function readRegistrationQuestion(written: JsonObject): RegistrationQuestion | undefined {
  const { presentation, challenge, domain, softwareStatement } = written
  const { clientMetadata: metadata, redirectHosts: hosts } = written
  return presentation === undefined || typeof challenge !== 'string' || typeof domain !== 'string'
    ? undefined
    : {
        presentation,
        challenge,
        domain,
        softwareStatement,
        clientMetadata: metadata,
        redirectHosts: hosts === undefined ? undefined : textsIn(hosts),
      }
}
