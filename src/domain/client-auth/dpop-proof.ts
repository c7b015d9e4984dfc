import type { JsonObject } from '../json/strict-json.ts'
import { checkJwtTimes } from '../jwt-times.ts'
import { MAX_DPOP_AGE_SECONDS } from '../limits.ts'
import type { EpochSeconds } from '../time.ts'
import { failed, passed, type Check } from '../verification/check.ts'
import type { FindingCode } from '../verification/findings.ts'
import { isJti } from './client-assertion.ts'
import { normalHttpUri } from './http-uri.ts'
import { timeChecks } from './time-checks.ts'

export interface ProofQuestion {
  /** Method and URI of the request that the proof came with. */
  readonly htm: string
  readonly htu: string
  /** base64url SHA-256 of the access token beside the proof; `undefined` where there is none. */
  readonly ath: string | undefined
  /** Thumbprint that something else is bound to; `undefined` where nothing is yet. */
  readonly boundTo: string | undefined
  /** Thumbprint of the key in the proof. */
  readonly jkt: string
  /** The nonce that the server gave out; `undefined` where it gave none. */
  readonly nonce: string | undefined
  readonly now: EpochSeconds
}

const RULE = 'F2'

/** `iat` and no more is required; an `exp` or `nbf` beside it binds us (RFC 7519 §4.1). */
const TIMES = {
  required: ['iat'],
  lifetime: undefined,
  age: { from: 'iat', maxSeconds: MAX_DPOP_AGE_SECONDS },
} as const

/**
 * The claims of a DPoP proof (RFC 9449 §4.3). Other claims are passed over, as the specification wants.
 * Whether the `jti` was used before is not asked here.
 */
export function checkDpopProof(claims: JsonObject, asked: ProofQuestion): readonly Check[] {
  const { htm, htu } = claims
  const said = typeof htu === 'string' ? normalHttpUri(htu) : undefined
  const isHere = said !== undefined && said === normalHttpUri(asked.htu)
  return [
    finding('htm', htm === asked.htm ? undefined : 'htm_mismatch'),
    finding('htu', isHere ? undefined : 'htu_mismatch'),
    ...timeChecks(checkJwtTimes(claims, TIMES, asked.now), RULE),
    ...(asked.ath === undefined
      ? []
      : [finding('ath', claims['ath'] === asked.ath ? undefined : 'ath_mismatch')]),
    ...(asked.boundTo === undefined
      ? []
      : [finding('jkt', asked.jkt === asked.boundTo ? undefined : 'jkt_mismatch')]),
    ...(asked.nonce === undefined
      ? []
      : [finding('nonce', claims['nonce'] === asked.nonce ? undefined : 'dpop_nonce_mismatch')]),
    finding('jti', isJti(claims['jti']) ? undefined : 'jti_invalid'),
  ]
}

const finding = (check: string, code: FindingCode | undefined): Check =>
  code === undefined ? passed(check, { rule: RULE }) : failed(check, code, { rule: RULE })
