import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { AUDIENCE, NOW, VCDM2, type Party } from './world.ts'

/** A presentation without fault by `holder`, over `challenge`; members of `change` replace its own. */
export const present = (
  holder: Party,
  credentials: readonly Json[],
  challenge: string,
  change: JsonObject = {},
): Promise<string> =>
  holder.sign(
    { typ: 'vp+jwt', cty: 'vp' },
    {
      '@context': [VCDM2],
      type: ['VerifiablePresentation'],
      holder: holder.did,
      verifiableCredential: credentials,
      nonce: challenge,
      aud: AUDIENCE,
      iat: NOW,
      exp: NOW + 120,
      ...change,
    },
  )
