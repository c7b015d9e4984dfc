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
  /** In VCDM 1.1 also the only item of a list, which did-jwt-vc writes for a single audience. */
  readonly aud: Json | undefined
  /** `iss`, `sub` and `holder` that name different holders (row V4), `jti` and `id` different presentations. */
  readonly conflicts: readonly Check[]
}

/**
 * Reads a JWS that passed the gate as `presentation-vcdm2` (the payload is the presentation) or
 * `presentation-vcdm1` (the presentation is in `vp`, the holder in `iss`).
 */
export function readPresentationClaims(jws: UnverifiedJws): PresentationClaims {
  const { header, payload } = jws
  const isVcdm2 = jws.purpose === 'presentation-vcdm2'
  const vp = payload['vp']
  const presentation = isVcdm2 ? payload : isJsonObject(vp) ? vp : {}
  const { iss, sub, jti, nonce, aud } = payload
  const named = idOf(presentation['holder'])
  const holder = named ?? (typeof iss === 'string' ? iss : undefined)
  // A `holder` beside the `vp` of VCDM 1.1 means nothing, and other readers believe it.
  const others = [iss, header['iss'], isVcdm2 ? sub : idOf(payload['holder'])]
  return {
    model: isVcdm2 ? '2.0' : '1.1',
    presentation,
    holder,
    credentials: listed(presentation['verifiableCredential']),
    nonce,
    aud: isVcdm2 ? aud : onlyOf(aud),
    conflicts: [
      ...(others.some((other) => other !== undefined && other !== holder)
        ? [failed('holder', 'holder_mismatch', { rule: 'R10' })]
        : []),
      ...(contradictsId(jti, presentation['id'], isVcdm2)
        ? [failed('id', 'id_mismatch', { rule: 'R7' })]
        : []),
    ],
  }
}

/**
 * VC-JOSE-COSE §3.1.3: in VCDM 2.0 `jti` stands for the `id` of the presentation. Where there is none it
 * names the token, as it does in VCDM 1.1, where it is a text all the same.
 */
const contradictsId = (jti: Json | undefined, id: Json | undefined, isVcdm2: boolean): boolean =>
  jti !== undefined && (typeof jti !== 'string' || (isVcdm2 && id !== undefined && id !== jti))

/** RFC 7519 §4.1.3: a list of one says what the one says. A list of several stays one (row V7). */
const onlyOf = (aud: Json | undefined): Json | undefined =>
  listed(aud).length === 1 ? listed(aud)[0] : aud
