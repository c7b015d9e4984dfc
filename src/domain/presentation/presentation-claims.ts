import type { DataModel } from '../credential/data-model.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { idOf, listed } from '../json/values.ts'
import type { UnverifiedJws } from '../jws.ts'
import { failed, type Check } from '../verification/check.ts'

/** What a presentation token says. Nothing of it is verified yet. */
export interface PresentationClaims {
  readonly model: DataModel
  readonly presentation: JsonObject
  readonly holder: string | undefined
  readonly credentials: readonly Json[]
  readonly nonce: Json | undefined
  readonly aud: Json | undefined
  /** `iss` and `holder` that name different holders (row V4). */
  readonly conflicts: readonly Check[]
}

/**
 * Reads a JWS that passed the gate as `presentation-vcdm2` (the payload is the presentation) or
 * `presentation-vcdm1` (the presentation is in `vp`, the holder in `iss`).
 */
export function readPresentationClaims(jws: UnverifiedJws): PresentationClaims {
  const { payload } = jws
  const isVcdm2 = jws.purpose === 'presentation-vcdm2'
  const vp = payload['vp']
  const presentation = isVcdm2 ? payload : isJsonObject(vp) ? vp : {}
  const { iss, nonce, aud } = payload
  const named = idOf(presentation['holder'])
  const holder = named ?? (typeof iss === 'string' ? iss : undefined)
  const contradicts = iss !== undefined && iss !== holder
  return {
    model: isVcdm2 ? '2.0' : '1.1',
    presentation,
    holder,
    credentials: listed(presentation['verifiableCredential']),
    nonce,
    aud,
    conflicts: contradicts ? [failed('holder', 'holder_mismatch', { rule: 'R10' })] : [],
  }
}
